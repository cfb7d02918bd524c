#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dispatch/gateway/reply_stream.hpp"
#include "dispatch/gateway/tls_files.hpp"
#include "geo/error.hpp"

namespace swiftlet::dispatch {

struct MerchantDoorOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 7443;  ///< 0: any that is free
  TlsFiles tls = {};          ///< none: in the clear
  /// The merchant that a bearer token speaks for; asked on the door's thread, for each request and again for each
  /// answer.
  std::function<std::optional<std::string>(const std::string& token)> merchant_of = {};
  /// Without keys anybody on this machine is this merchant, and no token is asked for; empty: tokens count.
  std::string everybody = {};
  /// Told on the door's thread what an operator has to know.
  std::function<void(const std::string& what)> complain = {};
};

/// A merchant's request on its way to the core.
struct MerchantDoorRequest {
  std::uint64_t id = 0;
  std::string merchant = {};
  std::string frame = {};
  std::size_t most_events = 0;
  std::shared_ptr<ReplyStream> stream = {};  ///< of one that wants to follow: what its client gets once it is answered
};

/// The merchants' HTTP door: who asks (a bearer token), what is asked as a frame of the merchant API, and the answer,
/// on a thread of its own. What a frame means is the core's business, which answers it as it does over ZeroMQ.
class MerchantDoor {
 public:
  /// Listens when it returns. Errors: value_invalid (the address, the certificate).
  [[nodiscard]] static Expected<std::unique_ptr<MerchantDoor>> open(const MerchantDoorOptions& options);
  ~MerchantDoor();
  MerchantDoor(const MerchantDoor&) = delete;
  MerchantDoor& operator=(const MerchantDoor&) = delete;

  [[nodiscard]] std::string url() const;
  /// `wake_service` is called from the door's thread whenever a request has come.
  void start(std::function<void()> wake_service);
  [[nodiscard]] std::vector<MerchantDoorRequest> take_requests();
  /// `reply`: the frame that answers the request; `events`, a JSON array, joins its body unless it is empty.
  void answer(std::uint64_t request, std::string reply, std::string events = {});
  /// How many replies of each class ("2xx", …) have left.
  [[nodiscard]] std::map<std::string, std::uint64_t> replies() const;
  /// Why its certificate could not be renewed; empty where nothing is wrong.
  [[nodiscard]] std::string certificate_trouble() const;

 private:
  struct Impl;
  explicit MerchantDoor(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace swiftlet::dispatch
