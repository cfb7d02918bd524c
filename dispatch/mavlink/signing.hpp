#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "geo/error.hpp"

namespace swiftlet::mavlink {

/// The secret that a vehicle and its ground stations share.
using SigningKey = std::array<std::uint8_t, 32>;

/// Reads a key: 64 hexadecimal digits, in a file that others cannot read. Errors: file_not_found, value_invalid.
[[nodiscard]] Expected<SigningKey> read_signing_key(const std::filesystem::path& file);

/// MAVLink 2 signatures (https://mavlink.io/en/guide/message_signing.html): 13 bytes behind a frame, of which six are
/// the beginning of SHA-256 over key, frame, link and time. Times never go back, so no frame is taken twice.
class Signing {
 public:
  static constexpr std::size_t kBytes = 13;

  explicit Signing(const SigningKey& key) : key_(key) {}

  /// What to put behind a frame that says it is signed. `now`: units of 10 µs since the beginning of 2015.
  [[nodiscard]] std::array<std::uint8_t, kBytes> sign(std::span<const std::uint8_t> frame, std::uint64_t now);

  /// Whether a frame, signature and all, is by somebody with the key, and newer than all before it of the same sender
  /// and link; the first one of a sender may be a minute old.
  [[nodiscard]] bool accepts(std::span<const std::uint8_t> frame, std::uint64_t now);

 private:
  using Stream = std::tuple<std::uint8_t, std::uint8_t, std::uint8_t>;  ///< system, component, link
  [[nodiscard]] std::array<std::uint8_t, 6> digest(std::span<const std::uint8_t> bytes) const;

  SigningKey key_;
  std::uint64_t last_ = 0;
  std::map<Stream, std::uint64_t> heard_;
};

/// The system's clock as signatures count it.
[[nodiscard]] std::uint64_t signing_time();

}  // namespace swiftlet::mavlink
