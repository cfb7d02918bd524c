#include "dispatch/service/http_config.hpp"

#include <fmt/core.h>

#include <regex>

namespace swiftlet::dispatch {
namespace {

void read_tls(const ConfigTable& section, TlsFiles& tls) {
  tls = {.certificate = section.text("tls_cert"), .key = section.text("tls_key")};
  if (tls.certificate.empty() != tls.key.empty()) {
    const char* missing = tls.key.empty() ? "tls_key" : "tls_cert";
    return section.reject(ErrorCode::config_invalid, tls.key.empty() ? "tls_cert" : "tls_key",
                          fmt::format("needs {} beside it", missing));
  }
  if (!tls.given()) return;
  if (const auto usable = check_tls_files(tls); !usable) {
    const bool key = usable.error().where == tls.key.string();
    section.reject(ErrorCode::config_invalid, key ? "tls_key" : "tls_cert", describe(usable.error()));
  }
}

bool is_loopback_address(const std::string& address) {
  static const std::regex kLoopback(R"(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|::1)");
  return std::regex_match(address, kLoopback);
}

}  // namespace

bool is_loopback(const HttpBind& bind) { return is_loopback_address(bind.address) && !bind.behind_proxy; }

void read_http_bind(const ConfigTable& section, HttpBind& bind) {
  bind.behind_proxy = section.flag("behind_proxy", false);
  read_tls(section, bind.tls);
  const std::string text = section.text("bind");
  if (text.empty()) return;
  bind.named = true;
  static const std::regex kBind(R"((\[[0-9a-fA-F:]+\]|[0-9a-zA-Z.-]+):(\*|\d{1,5}))");
  std::smatch parts;
  if (!std::regex_match(text, parts, kBind) || (parts[2] != "*" && std::stoi(parts[2]) > 65535)) {
    return section.reject(ErrorCode::config_invalid, "bind",
                          fmt::format("\"{}\" should be ADDRESS:PORT with a port up to 65535, or * for any", text));
  }
  bind.address = parts[1];
  if (bind.address.starts_with('[')) bind.address = bind.address.substr(1, bind.address.size() - 2);
  bind.port = parts[2] == "*" ? std::uint16_t{0} : static_cast<std::uint16_t>(std::stoi(parts[2]));
  if (!is_loopback_address(bind.address) && !bind.behind_proxy && !bind.tls.given()) {
    section.reject(
        ErrorCode::usage, "bind",
        fmt::format("\"{}\": only loopback is bound without tls_cert and tls_key, unless behind_proxy = true", text));
  }
}

}  // namespace swiftlet::dispatch
