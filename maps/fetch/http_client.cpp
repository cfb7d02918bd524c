#include "maps/fetch/http_client.hpp"

#include <curl/curl.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>

namespace swiftlet::maps {
namespace {

namespace fs = std::filesystem;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
struct CloseCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

/// One attempt's outcome.
struct Attempt {
  int status = 0;
  std::string failure = {};  ///< empty: it went well
  bool worth_again = false;
  std::chrono::seconds retry_after{0};
};

struct Sink {
  std::FILE* file;
  std::uint64_t bytes = 0;
  std::uint64_t max_bytes;
  const std::function<void(std::uint64_t)>* on_progress;
  bool too_large = false;
  bool disk_full = false;
};

std::size_t take(const char* data, std::size_t, std::size_t n, void* to) {
  auto& sink = *static_cast<Sink*>(to);
  sink.bytes += n;
  sink.too_large = sink.bytes > sink.max_bytes;
  if (sink.too_large) return 0;
  sink.disk_full = std::fwrite(data, 1, n, sink.file) != n;
  return sink.disk_full ? 0 : n;
}

int tell(void* to, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& sink = *static_cast<Sink*>(to);
  if (*sink.on_progress) (*sink.on_progress)(sink.bytes);
  return 0;
}

Attempt attempt(const HttpRequest& request, const fs::path& file, const HttpPatience& patience,
                const std::function<void(std::uint64_t)>& on_progress) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const std::unique_ptr<CURL, CloseCurl> curl(curl_easy_init());
  std::unique_ptr<std::FILE, CloseFile> out(std::fopen(file.c_str(), "wb"));
  if (!curl || !out) return {.failure = "cannot write " + file.string()};
  Sink sink{.file = out.get(), .max_bytes = request.max_bytes, .on_progress = &on_progress};
  CURL* const c = curl.get();
  curl_easy_setopt(c, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(c, CURLOPT_MAXREDIRS, 5L);
  curl_easy_setopt(c, CURLOPT_USERAGENT, "swiftlet map fetch");
  curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, request.range.empty() ? "" : "identity");
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, static_cast<long>(patience.connect.count()));
  curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, static_cast<long>(patience.stall.count()));
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &sink);
  curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, tell);
  curl_easy_setopt(c, CURLOPT_XFERINFODATA, &sink);
  if (!request.post.empty()) curl_easy_setopt(c, CURLOPT_POSTFIELDS, request.post.c_str());
  if (!request.range.empty()) curl_easy_setopt(c, CURLOPT_RANGE, request.range.c_str());

  Attempt result;
  const CURLcode code = curl_easy_perform(c);
  long status = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  curl_off_t retry_after = 0;
  curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &retry_after);
  result.status = static_cast<int>(status);
  result.retry_after = std::chrono::seconds(std::clamp<curl_off_t>(retry_after, 0, 60));
  if (std::fflush(out.get()) != 0) sink.disk_full = true;
  // What was asked for as a piece and comes whole is cut off by us; its status tells enough.
  const bool cut_by_us = sink.too_large && !request.range.empty() && status == 200;
  if (sink.disk_full) {
    result.failure = "cannot write " + file.string();
  } else if (sink.too_large && !cut_by_us) {
    result.failure = fmt::format("answers with more than {} MiB", request.max_bytes >> 20U);
  } else if (code != CURLE_OK && !cut_by_us) {
    result.failure = curl_easy_strerror(code);
    result.worth_again = code != CURLE_URL_MALFORMAT && code != CURLE_UNSUPPORTED_PROTOCOL;
  } else if (status != 200 && status != 206 && status != 404) {
    result.failure = fmt::format("answers with status {}", status);
    result.worth_again = status == 408 || status == 429 || status >= 500;
  }
  return result;
}

/// The pauses between tries.
class Pauses {
 public:
  explicit Pauses(const HttpPatience& patience) : left_(patience.tries), pause_(patience.first_pause) {}
  /// Waits and says whether there is another try.
  bool another(std::chrono::milliseconds at_least) {
    if (--left_ <= 0) return false;
    std::this_thread::sleep_for(std::max(pause_, at_least));
    pause_ = std::min(pause_ * 2, std::chrono::milliseconds(30'000));
    return true;
  }

 private:
  int left_;
  std::chrono::milliseconds pause_;
};

}  // namespace

Expected<int> HttpClient::download(const HttpRequest& request, const fs::path& file,
                                   const std::function<Expected<void>(const fs::path&)>& check) {
  const fs::path unfinished = file.string() + ".unfinished";
  std::error_code ec;
  Pauses pauses(patience_);
  for (int tries = 1;; ++tries) {
    Attempt result = attempt(request, unfinished, patience_, on_progress);
    if (result.failure.empty() && result.status == 404) {
      fs::remove(unfinished, ec);
      return 404;
    }
    if (result.failure.empty() && check) {
      if (const auto checked = check(unfinished); !checked) {
        result.failure = checked.error().message;
        result.worth_again = true;
      }
    }
    if (result.failure.empty()) {
      fs::rename(unfinished, file, ec);
      if (ec) return fail(ErrorCode::output_refused, "cannot be written: " + ec.message(), file.string());
      return result.status;
    }
    fs::remove(unfinished, ec);
    if (!result.worth_again || !pauses.another(result.retry_after)) {
      Error error{.code = ErrorCode::source_unavailable,
                  .message = fmt::format("{} (after {} {})", result.failure, tries, tries == 1 ? "try" : "tries"),
                  .where = request.url,
                  .hint = "call it again: what is whole is kept"};
      return Unexpected(std::move(error));
    }
    if (on_retry) on_retry(fmt::format("{}: {}; trying again", request.url, result.failure));
  }
}

Expected<int> HttpClient::probe(const std::string& url, const fs::path& scratch) {
  const auto status = download({.url = url, .range = "0-15", .max_bytes = 16}, scratch);
  std::error_code ec;
  fs::remove(scratch, ec);
  return status;
}

Expected<void> HttpClient::persist(const std::function<Expected<void>()>& work) {
  Pauses pauses(patience_);
  for (int tries = 1;; ++tries) {
    auto done = work();
    if (done || done.error().code != ErrorCode::source_unavailable) return done;
    if (!pauses.another({})) {
      done.error().message += fmt::format(" (after {} tries)", tries);
      done.error().hint = "call it again: what is whole is kept";
      return done;
    }
    if (on_retry) on_retry(fmt::format("{}: {}; trying again", done.error().where, done.error().message));
  }
}

}  // namespace swiftlet::maps
