#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "dispatch/gateway/tls_files.hpp"
#include "geo/config_table.hpp"

namespace swiftlet::dispatch {

/// Where an HTTP door listens.
struct HttpBind {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;     ///< 0: any that is free
  bool named = false;         ///< the file says where; else it is the default
  TlsFiles tls = {};          ///< none: in the clear
  bool behind_proxy = false;  ///< a proxy does TLS
};

/// Whether only this machine comes in by it.
[[nodiscard]] bool is_loopback(const HttpBind& bind);

/// Reads `bind`, `tls_cert`, `tls_key` and `behind_proxy` of a section; what it leaves out stays as it is. Only
/// loopback is bound in the clear, unless a proxy stands before it. The certificate is tried.
void read_http_bind(const ConfigTable& section, HttpBind& bind);

}  // namespace swiftlet::dispatch
