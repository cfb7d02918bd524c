#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "dispatch/gateway/tls_files.hpp"
#include "dispatch/gateway/wire_stream.hpp"
#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// The server's certificate, read again when its files change, so that a renewed one needs no restart. For one thread.
class TlsCertificate {
 public:
  /// Errors: value_invalid with the file (unreadable, no PEM, a key that belongs to another certificate).
  [[nodiscard]] static Expected<TlsCertificate> read(const TlsFiles& files);

  /// What connections that begin now are made with. While the files are being exchanged the older one stands.
  [[nodiscard]] const TlsContext& current();
  /// Why the files that are there now cannot be used, once that has lasted; empty: they are in use.
  [[nodiscard]] std::string trouble() const;

 private:
  TlsCertificate(TlsFiles files, TlsContext context);

  using Times = std::pair<std::filesystem::file_time_type, std::filesystem::file_time_type>;
  [[nodiscard]] Times changed_at() const;

  TlsFiles files_;
  Times read_at_;
  std::string failure_;
  std::chrono::steady_clock::time_point failing_since_;
  TlsContext context_;
};

}  // namespace swiftlet::dispatch
