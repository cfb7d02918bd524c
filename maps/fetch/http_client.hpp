#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "geo/error.hpp"

namespace swiftlet::maps {

/// How patient a download is.
struct HttpPatience {
  int tries = 6;
  std::chrono::milliseconds first_pause{500};  ///< doubled after each failure, up to 30 s; Retry-After is heeded
  std::chrono::seconds connect{15};
  std::chrono::seconds stall{30};  ///< without a byte
};

struct HttpRequest {
  std::string url;
  std::string post = {};   ///< a form's body; empty: GET
  std::string range = {};  ///< "0-15"; empty: all of it
  std::uint64_t max_bytes = std::uint64_t{2} << 30U;
};

/// Downloads over HTTP and HTTPS, again and again with growing pauses where trying again can help: no connection, a
/// cut or stalled answer, too few bytes, statuses 408, 429 and 500 to 599.
class HttpClient {
 public:
  explicit HttpClient(HttpPatience patience) : patience_(patience) {}

  /// Called now and then with the bytes so far.
  std::function<void(std::uint64_t bytes)> on_progress;
  /// Told of each failure that is tried again.
  std::function<void(const std::string& message)> on_retry;

  /// Writes the body to `file`, which is whole where the call succeeds and absent where it fails. Answers the status:
  /// 200, 206 or 404 (with no file). `check` may refuse a body that came with 200 (its text says why); that counts as a
  /// failure that is worth another try. Errors: source_unavailable with the address and the last reason;
  /// output_refused.
  [[nodiscard]] Expected<int> download(const HttpRequest& request, const std::filesystem::path& file,
                                       const std::function<Expected<void>(const std::filesystem::path&)>& check = {});

  /// Whether the address exists and gives pieces of itself: 206 (pieces), 200 (only all of it) or 404. Errors as above.
  [[nodiscard]] Expected<int> probe(const std::string& url, const std::filesystem::path& scratch);

  /// Runs `attempt` as often as the patience allows, with the same pauses.
  [[nodiscard]] Expected<void> persist(const std::function<Expected<void>()>& attempt);

  [[nodiscard]] const HttpPatience& patience() const { return patience_; }

 private:
  HttpPatience patience_;
};

}  // namespace swiftlet::maps
