#include "dispatch/gateway/merchant_door.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <mutex>

#include "dispatch/gateway/http_server.hpp"
#include "dispatch/gateway/merchant_call.hpp"
#include "dispatch/gateway/sessions.hpp"

namespace swiftlet::dispatch {
namespace {

using Clock = std::chrono::steady_clock;

// The core answers a request within 15 s, whatever it waits for.
constexpr auto kAnswer = std::chrono::seconds(20);
// So many requests of one merchant may wait at once: the places at the door are everybody's.
constexpr std::ptrdiff_t kMostWaiting = 64;
constexpr std::ptrdiff_t kMostStreams = 8;  // of one merchant
/// The other places at the door are for requests.
constexpr std::ptrdiff_t kMostStreamsOfAll = 192;
constexpr auto kHousekeeping = std::chrono::seconds(1);
/// A comment on each stream so often: who has gone is found out, and no proxy takes it for dead.
constexpr auto kComment = std::chrono::seconds(15);
constexpr const char* kKeepAlive = ":\n\n";

HttpReply unauthorized(const char* message) {
  HttpReply reply = refusal({.code = ErrorCode::unauthorized, .message = message});
  reply.headers.emplace_back("WWW-Authenticate", "Bearer");
  return reply;
}

HttpReply too_many(const char* what, std::ptrdiff_t most) {
  HttpReply reply = refusal({.code = ErrorCode::overloaded, .message = fmt::format("{} of your {}", most, what)});
  reply.headers.emplace_back("Retry-After", "1");
  return reply;
}

/// The token of "Authorization: Bearer TOKEN"; empty where there is none.
std::string bearer_token(const HttpRequest& request) {
  const std::string& given = request.header("authorization");
  const std::size_t space = given.find(' ');
  if (space == std::string::npos) return {};
  std::string scheme = given.substr(0, space);
  for (char& c : scheme) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return scheme == "bearer" ? given.substr(std::min(given.find_first_not_of(' ', space), given.size())) : std::string();
}

}  // namespace

struct MerchantDoor::Impl : HttpApplication {
  explicit Impl(MerchantDoorOptions given) : options(std::move(given)) {}
  ~Impl() override {
    server->stop();
    waiting.clear();  // before the sockets that asked
    server.reset();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void handle(const HttpRequest& request, Respond respond) override;
  void ask(const HttpRequest& request, const Respond& respond);
  void take_answer(std::uint64_t request, const std::string& reply, const std::string& events);
  void housekeep();
  [[nodiscard]] std::optional<std::string> merchant_of(const HttpRequest& request) const;
  [[nodiscard]] std::optional<std::string> owner_of(const std::string& token) const {
    return options.everybody.empty() ? options.merchant_of(token) : options.everybody;
  }
  /// Nothing is pushed here.
  tl::expected<std::string, HttpReply> admit_socket(const HttpRequest&) override {
    return tl::unexpected(refusal({.code = ErrorCode::not_found, .message = "no socket is opened here"}));
  }
  std::shared_ptr<const std::string> snapshot() override { return nullptr; }
  bool asks_for_snapshot(const std::string&) override { return false; }

  struct Waiting {
    Clock::time_point until;
    std::string token;
    std::string merchant;
    std::shared_ptr<ReplyStream> stream;
    Respond respond;
  };
  struct Following {
    std::string token;
    std::string merchant;
    std::shared_ptr<ReplyStream> stream;
    Clock::time_point comment_at;
  };

  const MerchantDoorOptions options;
  std::unique_ptr<HttpServer> server;
  std::map<std::uint64_t, Waiting> waiting;
  std::vector<Following> streams;
  std::array<std::atomic<std::uint64_t>, 6> replies{};
  std::function<void()> wake_service;
  mutable std::mutex mutex;  ///< over the three below
  std::string certificate_trouble;
  std::vector<MerchantDoorRequest> requests;
  std::uint64_t last_request = 0;
};

void MerchantDoor::Impl::handle(const HttpRequest& request, Respond respond) {
  ask(request, [this, respond = std::move(respond)](HttpReply reply) {
    ++replies.at(static_cast<std::size_t>(reply.status / 100));
    reply.headers.emplace_back("Cache-Control", "no-store");
    reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
    respond(std::move(reply));
  });
}

void MerchantDoor::Impl::ask(const HttpRequest& request, const Respond& respond) {
  const std::string token = bearer_token(request);
  if (options.everybody.empty() && token.empty())
    return respond(unauthorized("send a token: Authorization: Bearer swt_…"));
  const auto merchant = owner_of(token);
  if (!merchant) return respond(unauthorized("this token is not let in here"));
  // No page of anybody's speaks for a merchant; least of all where no token is asked for.
  const std::uint16_t port = server->port();
  const std::vector<std::string> own{fmt::format("127.0.0.1:{}", port), fmt::format("localhost:{}", port),
                                     fmt::format("[::1]:{}", port)};
  if (!request.header("origin").empty() || (!options.everybody.empty() && !is_same_origin(request, own, false))) {
    return respond(refusal({.code = ErrorCode::forbidden, .message = "browsers are not served", .where = "Origin"}));
  }
  if (std::count_if(waiting.begin(), waiting.end(),
                    [&](const auto& one) { return one.second.merchant == *merchant; }) >= kMostWaiting)
    return respond(too_many("requests wait", kMostWaiting));
  auto call = merchant_call(request);
  if (!call) return respond(std::move(call.error()));
  const auto follows = [&](const Following& one) { return one.merchant == *merchant && one.stream->is_open(); };
  const auto will_follow = [&](const auto& one) { return one.second.merchant == *merchant && one.second.stream; };
  if (call->streams && std::count_if(streams.begin(), streams.end(), follows) +
                               std::count_if(waiting.begin(), waiting.end(), will_follow) >=
                           kMostStreams)
    return respond(too_many("streams are open", kMostStreams));
  if (call->streams && std::ssize(streams) >= kMostStreamsOfAll)
    return respond(too_many("streams of all merchants are open", kMostStreamsOfAll));
  const auto stream = call->streams ? std::make_shared<ReplyStream>() : nullptr;
  std::uint64_t id = 0;
  {
    const std::lock_guard lock(mutex);
    id = ++last_request;
    requests.push_back({.id = id,
                        .merchant = *merchant,
                        .frame = std::move(call->frame),
                        .most_events = call->most_events,
                        .stream = stream});
  }
  waiting.emplace(id, Waiting{.until = Clock::now() + kAnswer,
                              .token = token,
                              .merchant = *merchant,
                              .stream = stream,
                              .respond = respond});
  wake_service();
}

void MerchantDoor::Impl::take_answer(std::uint64_t request, const std::string& reply, const std::string& events) {
  const auto found = waiting.find(request);
  if (found == waiting.end()) return;
  const Waiting asked = std::move(found->second);
  waiting.erase(found);
  // A token that was revoked meanwhile hears nothing more.
  HttpReply answer = owner_of(asked.token) == asked.merchant ? merchant_answer(reply, events)
                                                             : unauthorized("this token is not let in here any more");
  if (asked.stream && answer.status == 200) {
    answer.content_type = "text/event-stream";
    answer.stream = asked.stream;
    streams.push_back({.token = asked.token,
                       .merchant = asked.merchant,
                       .stream = asked.stream,
                       .comment_at = Clock::now() + kComment});
  } else if (asked.stream) {
    asked.stream->end();
  }
  asked.respond(std::move(answer));
}

void MerchantDoor::Impl::housekeep() {
  const auto now = Clock::now();
  std::string trouble = server->certificate_trouble();
  {
    const std::lock_guard lock(mutex);
    certificate_trouble = std::move(trouble);
  }
  for (Following& one : streams) {
    if (owner_of(one.token) != one.merchant) one.stream->end();
    if (now < one.comment_at) continue;
    one.comment_at = now + kComment;
    (void)one.stream->offer(kKeepAlive);  // no room: something waits to be written anyway
  }
  std::erase_if(streams, [](const Following& one) { return !one.stream->is_open(); });
  for (auto it = waiting.begin(); it != waiting.end();) {
    if (it->second.until > now) {
      ++it;
      continue;
    }
    const Respond respond = std::move(it->second.respond);
    if (it->second.stream) it->second.stream->end();
    it = waiting.erase(it);
    respond(refusal({.code = ErrorCode::overloaded, .message = "the service did not answer in time"}));
  }
}

MerchantDoor::MerchantDoor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MerchantDoor::~MerchantDoor() = default;

Expected<std::unique_ptr<MerchantDoor>> MerchantDoor::open(const MerchantDoorOptions& options) {
  auto server = HttpServer::bind({.address = options.address,
                                  .port = options.port,
                                  .where = "merchant_http.bind",
                                  .tls = options.tls,
                                  .complain = options.complain});
  if (!server) return Unexpected(server.error());
  auto impl = std::make_unique<Impl>(options);
  impl->server = std::move(*server);
  return std::unique_ptr<MerchantDoor>(new MerchantDoor(std::move(impl)));
}

std::string MerchantDoor::url() const { return impl_->server->url(); }

void MerchantDoor::start(std::function<void()> wake_service) {
  impl_->wake_service = std::move(wake_service);
  impl_->server->every(kHousekeeping, [impl = impl_.get()] { impl->housekeep(); });
  impl_->server->start(*impl_);
}

std::vector<MerchantDoorRequest> MerchantDoor::take_requests() {
  const std::lock_guard lock(impl_->mutex);
  return std::exchange(impl_->requests, {});
}

void MerchantDoor::answer(std::uint64_t request, std::string reply, std::string events) {
  impl_->server->post([impl = impl_.get(), request, reply = std::move(reply), events = std::move(events)] {
    impl->take_answer(request, reply, events);
  });
}

std::string MerchantDoor::certificate_trouble() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->certificate_trouble;
}

std::map<std::string, std::uint64_t> MerchantDoor::replies() const {
  std::map<std::string, std::uint64_t> all;
  for (std::size_t k = 2; k < impl_->replies.size(); ++k) all[fmt::format("{}xx", k)] = impl_->replies.at(k);
  return all;
}

}  // namespace swiftlet::dispatch
