#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dispatch/core/fleet_config.hpp"
#include "dispatch/service/http_config.hpp"
#include "dispatch/service/webhook_config.hpp"
#include "geo/error.hpp"

namespace swiftlet::dispatch {

struct ConfiguredDrone {
  std::string id;
  std::string profile;
  std::string home_pad;
};

/// The console's door.
struct HttpConfig {
  HttpBind bind = {.port = 7080};
  std::filesystem::path accounts = {};                       ///< empty: nobody can log in
  std::filesystem::path console_dir = SWIFTLET_CONSOLE_DIR;  ///< the built page
};

/// The file that `swiftlet serve --config` is given, read and checked. Relative paths start at the working directory;
/// the store's file in the data directory.
struct ServiceConfig {
  std::filesystem::path file;    ///< this one
  std::filesystem::path region;  ///< a compiled airspace or a region.toml
  std::filesystem::path data_dir = "swiftlet-data";
  double speed = 1.0;
  std::string merchants_bind = "tcp://127.0.0.1:7001";
  double rate_per_s = 50.0;
  double patience_s = 3600.0;  ///< an order that nothing can move for so long is ended
  double burst = 200.0;
  std::string drones_bind = "tcp://127.0.0.1:7002";
  HttpConfig http;
  std::optional<HttpBind> merchant_http;  ///< the merchants' HTTP door; nothing: there is none
  std::filesystem::path store_file = "swiftlet.db";
  std::string security_mode = "curve";  ///< or "none": loopback only, one merchant
  std::filesystem::path keys_dir = "keys";
  WebhookConfig webhooks;
  Tariff tariff;
  std::vector<ConfiguredDrone> drones;
  std::vector<std::string> merchants;
  std::map<std::string, RateLimit> merchant_limits;

  [[nodiscard]] bool has_keys() const { return security_mode == "curve"; }
};

/// Errors: file_not_found, config_invalid, config_unknown_key (file:line and the nearest key), usage for what this
/// version does not serve yet (postgresql) and for binding to more than loopback without keys.
[[nodiscard]] Expected<ServiceConfig> read_service_config(const std::filesystem::path& file);

/// "tcp://127.0.0.1:7001", "tcp://[::1]:7001", "tcp://localhost:7001"; the port may be * for any free one.
[[nodiscard]] bool is_loopback_endpoint(const std::string& endpoint);

}  // namespace swiftlet::dispatch
