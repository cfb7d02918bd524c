#include "dispatch/webhooks/webhook_sender.hpp"

#include <curl/curl.h>
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "dispatch/webhooks/webhook_signature.hpp"

namespace swiftlet::dispatch {
namespace {

using Clock = std::chrono::steady_clock;

// An answer's body is not read beyond this.
constexpr std::size_t kMostAnswered = 64 * 1024;
constexpr auto kIdle = std::chrono::milliseconds(1000);

struct CloseMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct CloseEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeHeaders {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t drop(const char*, std::size_t, std::size_t bytes, void* counted) {
  auto& total = *static_cast<std::size_t*>(counted);
  total += bytes;
  return total > kMostAnswered ? 0 : bytes;
}

/// What one merchant waits for.
struct Line {
  WebhookEndpoint endpoint;
  std::uint64_t seq = 0;
  std::string body = {};  ///< empty: nothing is to be delivered
  int failures = 0;
  Clock::time_point due = {};
  std::unique_ptr<CURL, CloseEasy> attempt = {};  ///< under way
  std::unique_ptr<curl_slist, FreeHeaders> headers = {};
  std::size_t answered_bytes = 0;
};

std::unique_ptr<curl_slist, FreeHeaders> headers_of(const Line& line) {
  const auto unix_s = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch();
  curl_slist* list = nullptr;
  for (const std::string& header :
       {std::string("Content-Type: application/json"), std::string("Expect:"),
        "Swiftlet-Signature: " + webhook_signature(line.endpoint.secret, unix_s.count(), line.body),
        fmt::format("Swiftlet-Event-Seq: {}", line.seq),
        fmt::format("Swiftlet-Delivery: {}-{}", line.endpoint.merchant, line.seq)}) {
    list = curl_slist_append(list, header.c_str());
  }
  return std::unique_ptr<curl_slist, FreeHeaders>(list);
}

void set_up(Line& line, const WebhookPatience& patience) {
  CURL* const c = line.attempt.get();
  line.headers = headers_of(line);
  line.answered_bytes = 0;
  const auto within = std::chrono::ceil<std::chrono::milliseconds>(patience.attempt).count();
  curl_easy_setopt(c, CURLOPT_PRIVATE, &line);
  curl_easy_setopt(c, CURLOPT_URL, line.endpoint.url.c_str());
  const bool secure = curl_strnequal(line.endpoint.url.c_str(), "https:", 6) != 0;
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, secure ? "https" : "http");
  curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
  // This machine is not asked of a proxy that the environment names.
  if (!secure) curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(c, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(c, CURLOPT_USERAGENT, "swiftlet webhook");
  curl_easy_setopt(c, CURLOPT_HTTPHEADER, line.headers.get());
  curl_easy_setopt(c, CURLOPT_POSTFIELDS, line.body.c_str());
  curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, static_cast<long>(line.body.size()));
  curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(within));
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(within));
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  // A name server that does not answer must not hold up the others either.
  curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &line.answered_bytes);
  if (!line.endpoint.ca_file.empty()) {
    curl_easy_setopt(c, CURLOPT_CAINFO, line.endpoint.ca_file.c_str());
    curl_easy_setopt(c, CURLOPT_CAPATH, nullptr);
  }
}

/// Empty if the event was taken. Whatever becomes of an answer's body, its first line has said so.
std::string failure_of(CURL* attempt, CURLcode result) {
  long status = 0;
  curl_easy_getinfo(attempt, CURLINFO_RESPONSE_CODE, &status);
  if (status >= 200 && status < 300) return {};
  return status != 0 ? fmt::format("HTTP {}", status) : curl_easy_strerror(result);
}

}  // namespace

std::chrono::duration<double> pause_after(const WebhookPatience& patience, int failures, double jitter) {
  const auto grown = patience.first_pause * std::exp2(std::clamp(failures - 1, 0, 60));
  return std::min(grown, patience.longest_pause) * (1.0 - 0.5 * jitter);
}

struct WebhookSender::Impl {
  void run();
  void take_orders();
  void begin_what_is_due();
  void finish_what_has_ended();
  [[nodiscard]] int wait_ms() const;
  void break_off(Line& line) {
    if (line.attempt) curl_multi_remove_handle(multi.get(), line.attempt.get());
    line.attempt.reset();
    line.body.clear();
  }

  struct Order {
    std::string merchant;
    std::uint64_t seq = 0;
    std::string body = {};  ///< empty: called back
  };

  WebhookPatience patience;
  std::function<void()> on_report;
  std::unique_ptr<CURLM, CloseMulti> multi;
  std::map<std::string, Line> lines;  ///< by merchant; of the thread
  std::mt19937_64 random{std::random_device{}()};

  std::mutex mutex;  ///< over the two below
  std::vector<Order> orders;
  std::vector<WebhookReport> reports;
  std::atomic<bool> stop{false};
  std::thread thread;
};

void WebhookSender::Impl::run() {
  while (!stop.load()) {
    take_orders();
    begin_what_is_due();
    int running = 0;
    curl_multi_perform(multi.get(), &running);
    finish_what_has_ended();
    curl_multi_poll(multi.get(), nullptr, 0, wait_ms(), nullptr);
  }
  for (auto& [merchant, line] : lines) break_off(line);
}

void WebhookSender::Impl::take_orders() {
  std::vector<Order> taken;
  {
    const std::lock_guard lock(mutex);
    taken.swap(orders);
  }
  for (Order& order : taken) {
    Line& line = lines.at(order.merchant);
    break_off(line);
    line.seq = order.seq;
    line.body = std::move(order.body);
    line.failures = 0;
    line.due = {};
  }
}

void WebhookSender::Impl::begin_what_is_due() {
  const auto now = Clock::now();
  for (auto& [merchant, line] : lines) {
    if (line.body.empty() || line.attempt || line.due > now) continue;
    line.attempt.reset(curl_easy_init());
    set_up(line, patience);
    curl_multi_add_handle(multi.get(), line.attempt.get());
  }
}

void WebhookSender::Impl::finish_what_has_ended() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    Line* line = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &line);
    WebhookReport report{.merchant = line->endpoint.merchant,
                         .seq = line->seq,
                         .failure = failure_of(message->easy_handle, message->data.result)};
    curl_multi_remove_handle(multi.get(), line->attempt.get());
    line->attempt.reset();
    if (report.failure.empty()) {
      line->body.clear();
    } else {
      const double jitter = std::uniform_real_distribution<double>(0.0, 1.0)(random);
      line->due = Clock::now() + std::chrono::ceil<Clock::duration>(pause_after(patience, ++line->failures, jitter));
    }
    {
      const std::lock_guard lock(mutex);
      reports.push_back(std::move(report));
    }
    on_report();
  }
}

int WebhookSender::Impl::wait_ms() const {
  auto until = Clock::now() + kIdle;
  for (const auto& [merchant, line] : lines) {
    if (!line.body.empty() && !line.attempt) until = std::min(until, line.due);
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

WebhookSender::WebhookSender(std::vector<WebhookEndpoint> endpoints, const WebhookPatience& patience,
                             std::function<void()> on_report)
    : impl_(std::make_unique<Impl>()) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  impl_->patience = patience;
  impl_->on_report = std::move(on_report);
  impl_->multi.reset(curl_multi_init());
  for (WebhookEndpoint& endpoint : endpoints) {
    const std::string merchant = endpoint.merchant;
    impl_->lines[merchant].endpoint = std::move(endpoint);
  }
  impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

WebhookSender::~WebhookSender() {
  impl_->stop.store(true);
  curl_multi_wakeup(impl_->multi.get());
  impl_->thread.join();
}

void WebhookSender::deliver(const std::string& merchant, std::uint64_t seq, std::string body) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->orders.push_back({.merchant = merchant, .seq = seq, .body = std::move(body)});
  }
  curl_multi_wakeup(impl_->multi.get());
}

void WebhookSender::call_back(const std::string& merchant) { deliver(merchant, 0, {}); }

std::vector<WebhookReport> WebhookSender::take_reports() {
  const std::lock_guard lock(impl_->mutex);
  return std::exchange(impl_->reports, {});
}

}  // namespace swiftlet::dispatch
