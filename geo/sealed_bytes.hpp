#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

#include "geo/error.hpp"

namespace swiftlet::geo {

/// Thrown where a tile of a mapped airspace turns out to be damaged at its first use: out of whatever const query
/// touched it, so that no answer is ever made of wrong data. Planner and service turn it into an error answer.
class AirspaceDamaged : public std::runtime_error {
 public:
  explicit AirspaceDamaged(Error error) : std::runtime_error(describe(error)), error_(std::move(error)) {}
  [[nodiscard]] const Error& error() const { return error_; }  ///< airspace_damaged; `where` names file and tile

 private:
  Error error_;
};

/// The checksum that tiles carry: XXH3, 64 bits. It tells of damage, not of forgery; that is what the SHA-256 in the
/// manifest is for.
[[nodiscard]] std::uint64_t tile_checksum(std::span<const std::byte> bytes);

/// Bytes, usually a part of a mapped file, cut into tiles of equal size (the last may be shorter). Each tile is checked
/// against its checksum when it is first touched, once for the whole process, and remembered as sound. Safe to use from
/// any number of threads.
class SealedBytes {
 public:
  /// `owner` keeps bytes and checksums alive. Precondition: tile_bytes is a power of two, and there is one checksum a
  /// tile (throws std::invalid_argument).
  SealedBytes(std::span<const std::byte> bytes, std::size_t tile_bytes, std::span<const std::uint64_t> checksums,
              std::string where, std::shared_ptr<const void> owner);

  [[nodiscard]] std::size_t tile_bytes() const { return std::size_t{1} << tile_shift_; }
  [[nodiscard]] std::size_t tile_count() const { return checksums_.size(); }
  [[nodiscard]] std::span<const std::byte> unchecked() const { return bytes_; }

  /// Makes sure that a tile is sound. Throws AirspaceDamaged. Costs one load where it is known already.
  void touch(std::size_t tile) const {
    if (!sound_[tile].load(std::memory_order_relaxed)) check_or_throw(tile);
  }
  /// The same for every tile that holds one of `count` bytes from `first`.
  void touch_bytes(std::size_t first, std::size_t count) const {
    if (count == 0) return;
    for (std::size_t tile = first >> tile_shift_; tile <= (first + count - 1) >> tile_shift_; ++tile) touch(tile);
  }
  void touch_all() const { touch_bytes(0, bytes_.size()); }

  /// Reads a tile again, whatever is known of it. Nothing where it is sound.
  [[nodiscard]] std::optional<Error> damage(std::size_t tile) const;

 private:
  void check_or_throw(std::size_t tile) const;

  std::span<const std::byte> bytes_;
  unsigned tile_shift_;
  std::span<const std::uint64_t> checksums_;
  std::string where_;
  std::shared_ptr<const void> owner_;
  std::unique_ptr<std::atomic<bool>[]> sound_;
};

}  // namespace swiftlet::geo
