#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// 256 bits from the system's random source, as `PREFIX_` and 43 characters of base64url.
[[nodiscard]] std::string make_secret(std::string_view prefix);

/// What the service keeps of an API token: its SHA-256. A token is too long to guess, so a slow hash would protect
/// nothing.
class TokenHash {
 public:
  [[nodiscard]] static TokenHash of(std::string_view token);

  /// Takes the same time wherever they differ.
  [[nodiscard]] bool equals(const TokenHash& other) const;
  /// "sha256:" and 64 hexadecimal digits.
  [[nodiscard]] const std::string& text() const { return text_; }

  /// The hash that stands in a file of DIR/authorized. Errors: file_unreadable, value_invalid.
  [[nodiscard]] static Expected<TokenHash> read(const std::filesystem::path& file);

 private:
  explicit TokenHash(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace swiftlet::dispatch
