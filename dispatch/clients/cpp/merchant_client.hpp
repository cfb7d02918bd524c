#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "dispatch/keys/key_file.hpp"
#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// Where the service is and who asks. Without keys the service must be on loopback and take no keys.
struct MerchantConnection {
  std::string endpoint = "tcp://127.0.0.1:7001";
  std::optional<std::string> server_public_key = {};
  std::optional<KeyPair> own = {};
  std::chrono::milliseconds patience{15'000};  ///< for each reply
};

/// A merchant's connection to the dispatch service: requests one at a time, and what comes unasked. A connection that
/// is lost is made anew by itself. To be used by one thread.
class MerchantClient {
 public:
  /// Errors: usage (no endpoint ZeroMQ can read).
  [[nodiscard]] static Expected<MerchantClient> open(MerchantConnection connection);
  ~MerchantClient();
  MerchantClient(MerchantClient&&) noexcept;
  MerchantClient& operator=(MerchantClient&&) = delete;
  MerchantClient(const MerchantClient&) = delete;
  MerchantClient& operator=(const MerchantClient&) = delete;

  /// Sends one request and waits for its reply's body. Errors: the service's own, with its code, text, field and
  /// whether a retry can help; unauthorized if the service does not let the key in; deadline_passed without an answer.
  [[nodiscard]] Expected<nlohmann::json> ask(const std::string& type, nlohmann::json body);

  /// Called with each event and ETA frame: whole frames, as they came. False ends the listening.
  using Heard = std::function<bool(const nlohmann::json& frame)>;
  /// Subscribes, from an event on if given, and listens until `heard` says enough or `interrupted` does. Silence of 3 s
  /// or a gap in the events makes a new subscription from the first that was missed. Errors: those of ask; interrupted.
  [[nodiscard]] Expected<void> listen(std::optional<std::uint64_t> from_seq, const Heard& heard,
                                      const std::function<bool()>& interrupted);

 private:
  struct Impl;
  explicit MerchantClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace swiftlet::dispatch
