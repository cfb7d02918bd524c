#include "dispatch/service/service_config.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <regex>
#include <set>

#include "geo/config_table.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr const char* kDevMerchant = "dev_merchant";
constexpr double kFastest = 1000.0;

void read_store(const ConfigTable& store, ServiceConfig& config) {
  const std::string url = store.text("url", "sqlite:swiftlet.db");
  const std::string scheme = "sqlite:";
  if (url.starts_with("postgresql:")) {
    store.reject(ErrorCode::usage, "url", "PostgreSQL is not available yet, use sqlite:FILE");
  } else if (!url.starts_with(scheme) || url.size() == scheme.size()) {
    store.reject(ErrorCode::config_invalid, "url", fmt::format("\"{}\" is not sqlite:FILE", url));
  } else {
    config.store_file = url.substr(scheme.size());
  }
}

void read_bind(const ConfigTable& section, bool has_keys, std::string& endpoint) {
  endpoint = section.text("bind", endpoint);
  const std::string port = endpoint.substr(std::min(endpoint.rfind(':') + 1, endpoint.size()));
  const bool any_port = port == "*";
  if (!endpoint.starts_with("tcp://") ||
      (!any_port && (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos ||
                     std::stoi(port) > 65535))) {
    section.reject(ErrorCode::config_invalid, "bind",
                   fmt::format("\"{}\" should be tcp://ADDRESS:PORT with a port up to 65535, or * for any", endpoint));
  } else if (!has_keys && !is_loopback_endpoint(endpoint)) {
    section.reject(ErrorCode::usage, "bind",
                   fmt::format("\"{}\": without keys only loopback is bound, such as tcp://127.0.0.1:7001", endpoint));
  }
}

void read_http(const ConfigTable& http, HttpConfig& config) {
  read_http_bind(http, config.bind);
  config.accounts = http.text("accounts");
  config.console_dir = http.text("console_dir", config.console_dir.string());
}

void read_merchant_http(const ConfigTable& root, ServiceConfig& config) {
  if (!root.has("merchant_http")) return;
  const ConfigTable section = root.table("merchant_http");
  HttpBind& bind = config.merchant_http.emplace(HttpBind{.port = 7443});
  read_http_bind(section, bind);
  if (!config.has_keys() && !is_loopback(bind)) {
    section.reject(ErrorCode::usage, "bind", "without keys only loopback is bound, and no proxy stands before it");
  }
}

/// Two doors cannot share a port of one address.
void keep_doors_apart(const ConfigTable& root, const ServiceConfig& config) {
  struct Door {
    const char* section;
    std::string address;
    std::string port;
  };
  const auto of_endpoint = [](const char* section, const std::string& endpoint) {
    const std::string_view scheme = "tcp://";
    const std::size_t colon = std::min(endpoint.rfind(':'), endpoint.size());
    const std::size_t from = endpoint.starts_with(scheme) ? scheme.size() : 0;
    return Door{section, endpoint.substr(from, std::max(colon, from) - from),
                endpoint.substr(std::min(colon + 1, endpoint.size()))};
  };
  const auto of_http = [](const char* section, const HttpBind& bind) {
    return Door{section, bind.address, std::to_string(bind.port)};
  };
  std::vector<Door> doors{of_endpoint("merchants", config.merchants_bind), of_endpoint("drones", config.drones_bind)};
  // Where the file does not say, the console's door is done without if it has to be.
  if (config.http.bind.named) doors.push_back(of_http("http", config.http.bind));
  if (config.merchant_http) doors.push_back(of_http("merchant_http", *config.merchant_http));
  const auto everywhere = [](const Door& door) { return door.address == "0.0.0.0" || door.address == "*"; };
  for (std::size_t k = 0; k < doors.size(); ++k) {
    for (std::size_t n = 0; n < k; ++n) {
      const Door& a = doors[n];
      const Door& b = doors[k];
      if (a.port != b.port || a.port == "*" || a.port == "0") continue;
      if (a.address != b.address && !everywhere(a) && !everywhere(b)) continue;
      root.table(b.section).reject(ErrorCode::config_invalid, "bind",
                                   fmt::format("port {} is that of [{}] already", b.port, a.section));
    }
  }
}

void read_security(const ConfigTable& security, ServiceConfig& config) {
  config.security_mode = security.text("mode", "curve");
  config.keys_dir = security.text("keys_dir", config.keys_dir.string());
  if (config.security_mode != "curve" && config.security_mode != "none") {
    security.reject(ErrorCode::config_invalid, "mode",
                    fmt::format("\"{}\" is neither \"curve\" nor \"none\"", config.security_mode));
  }
}

void read_fleet(const ConfigTable& root, ServiceConfig& config) {
  std::set<std::string> ids;
  for (const ConfigTable& drone : root.tables("drone")) {
    config.drones.push_back({.id = drone.required_text("id"),
                             .profile = drone.text("profile", "courier-4"),
                             .home_pad = drone.required_text("home_pad")});
    if (!ids.insert(config.drones.back().id).second) {
      drone.reject(ErrorCode::config_invalid, "id", fmt::format("\"{}\" is there twice", config.drones.back().id));
    }
  }
  for (const ConfigTable& merchant : root.tables("merchant")) {
    const std::string id = merchant.required_text("id");
    if (std::find(config.merchants.begin(), config.merchants.end(), id) != config.merchants.end()) {
      merchant.reject(ErrorCode::config_invalid, "id", fmt::format("\"{}\" is there twice", id));
    }
    config.merchants.push_back(id);
    read_webhook(merchant, id, config.webhooks);
    const RateLimit limit{.rate_per_s = merchant.number("rate_per_s", config.rate_per_s, 0.1, 1e6),
                          .burst = merchant.number("burst", config.burst, 1.0, 1e6)};
    if (limit.rate_per_s != config.rate_per_s || limit.burst != config.burst) config.merchant_limits[id] = limit;
  }
  // Without keys nobody can say who they are: everybody is this one.
  if (config.merchants.empty()) config.merchants.emplace_back(kDevMerchant);
}

}  // namespace

bool is_loopback_endpoint(const std::string& endpoint) {
  static const std::regex kLoopback(R"(tcp://(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\]):(\*|0|[1-9]\d{0,4}))");
  return std::regex_match(endpoint, kLoopback);
}

Expected<ServiceConfig> read_service_config(const std::filesystem::path& file) {
  const auto root = ConfigTable::parse_file(file);
  if (!root) return Unexpected(root.error());
  ServiceConfig config;
  config.file = file;
  const ConfigTable service = root->table("service");
  config.region = service.required_text("region");
  config.data_dir = service.text("data_dir", config.data_dir.string());
  config.speed = service.number("speed", 1.0, 0.01, kFastest);
  read_security(root->table("security"), config);
  const ConfigTable merchants = root->table("merchants");
  read_bind(merchants, config.has_keys(), config.merchants_bind);
  config.rate_per_s = merchants.number("rate_per_s", config.rate_per_s, 0.1, 1e6);
  config.burst = merchants.number("burst", config.burst, 1.0, 1e6);
  config.patience_s = merchants.number("patience_s", config.patience_s, 60.0, 86400.0);
  read_bind(root->table("drones"), config.has_keys(), config.drones_bind);
  read_http(root->table("http"), config.http);
  read_merchant_http(*root, config);
  keep_doors_apart(*root, config);
  read_store(root->table("store"), config);
  const ConfigTable fees = root->table("fees");
  config.tariff.base_minor =
      static_cast<std::int64_t>(fees.number("base_minor", static_cast<double>(config.tariff.base_minor), 0.0, 1e9));
  config.tariff.per_km_minor =
      static_cast<std::int64_t>(fees.number("per_km_minor", static_cast<double>(config.tariff.per_km_minor), 0.0, 1e9));
  config.tariff.currency = fees.text("currency", config.tariff.currency);
  read_webhook_patience(root->table("webhooks"), config.webhooks.patience);
  read_fleet(*root, config);
  if (auto checked = root->finish(); !checked) return Unexpected(checked.error());
  return config;
}

}  // namespace swiftlet::dispatch
