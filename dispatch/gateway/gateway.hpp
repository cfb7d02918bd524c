#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dispatch/core/fleet_picture.hpp"
#include "dispatch/gateway/merchants_picture.hpp"
#include "dispatch/gateway/tls_files.hpp"
#include "geo/airspace.hpp"

namespace swiftlet::dispatch {

struct GatewayOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 7080;               ///< 0: any that is free
  TlsFiles tls = {};                       ///< none: in the clear
  std::filesystem::path accounts = {};     ///< empty: nobody can log in
  std::filesystem::path console_dir = {};  ///< the built page; without one only the interface is served
  std::filesystem::path audit_log = {};
  std::filesystem::path tracks_dir = {};  ///< for replay
  bool behind_proxy = false;              ///< a proxy does TLS
  double speed = 1.0;
  /// Told on the gateway's thread what whoever runs the service has to know.
  std::function<void(const std::string& what)> complain = {};

  /// Browsers come by a public name over TLS: cookies are Secure, any Host is taken.
  [[nodiscard]] bool public_name() const { return behind_proxy || tls.given(); }
};

/// Something that only the service's own thread can answer: the core's state is never touched from another.
struct GatewayQuestion {
  std::uint64_t id = 0;
  std::string kind = {};     ///< command, explain, history, note, plan
  std::string account = {};  ///< who asks
  nlohmann::json body = {};
};

/// The console's door: HTTP and WebSockets for operators and observers, on a thread of its own. The service feeds it
/// with pictures and takes the questions that it cannot answer itself.
class Gateway {
 public:
  /// Listens when it returns. Errors: usage (the address), those of Accounts::read.
  [[nodiscard]] static Expected<std::unique_ptr<Gateway>> open(const GatewayOptions& options,
                                                               geo::AirspacePtr airspace);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  [[nodiscard]] std::string url() const;
  /// `wake_service` is called from the gateway's thread whenever a question has come.
  void start(std::function<void()> wake_service);

  /// The merchants' doors are shown beside pictures that are whole.
  void publish(FleetPicture picture, MerchantsPicture merchants = {});
  void set_airspace(geo::AirspacePtr airspace);
  [[nodiscard]] std::vector<GatewayQuestion> take_questions();
  void answer(std::uint64_t question, int status, nlohmann::json body);

 private:
  struct Impl;
  explicit Gateway(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace swiftlet::dispatch
