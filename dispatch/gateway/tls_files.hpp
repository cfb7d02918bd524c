#pragma once

#include <filesystem>
#include <optional>

#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// A server's certificate with its chain, and its key: PEM.
struct TlsFiles {
  std::filesystem::path certificate = {};
  std::filesystem::path key = {};

  [[nodiscard]] bool given() const { return !certificate.empty(); }
};

/// Whether a server could start with them. Errors: value_invalid with the file.
[[nodiscard]] Expected<void> check_tls_files(const TlsFiles& files);

}  // namespace swiftlet::dispatch
