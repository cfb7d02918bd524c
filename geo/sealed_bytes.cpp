#include "geo/sealed_bytes.hpp"

#define XXH_INLINE_ALL
#include <fmt/core.h>
#include <xxhash.h>

#include <algorithm>
#include <bit>

namespace swiftlet::geo {

std::uint64_t tile_checksum(std::span<const std::byte> bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

SealedBytes::SealedBytes(std::span<const std::byte> bytes, std::size_t tile_bytes,
                         std::span<const std::uint64_t> checksums, std::string where, std::shared_ptr<const void> owner)
    : bytes_(bytes),
      tile_shift_(static_cast<unsigned>(std::countr_zero(tile_bytes))),
      checksums_(checksums),
      where_(std::move(where)),
      owner_(std::move(owner)),
      sound_(std::make_unique<std::atomic<bool>[]>(checksums.size())) {
  if (!std::has_single_bit(tile_bytes) ||
      bytes.size() / tile_bytes + (bytes.size() % tile_bytes != 0) != checksums.size()) {
    throw std::invalid_argument("SealedBytes: needs tiles of a power of two bytes, and one checksum a tile");
  }
}

std::optional<Error> SealedBytes::damage(std::size_t tile) const {
  const std::size_t first = tile << tile_shift_;
  if (tile_checksum(bytes_.subspan(first, std::min(tile_bytes(), bytes_.size() - first))) == checksums_[tile])
    return {};
  return Error{.code = ErrorCode::airspace_damaged,
               .message = "has changed since it was compiled; build the airspace again",
               .where = fmt::format("{}, tile {} of {}", where_, tile, tile_count())};
}

void SealedBytes::check_or_throw(std::size_t tile) const {
  if (const auto error = damage(tile)) throw AirspaceDamaged(*error);
  sound_[tile].store(true, std::memory_order_relaxed);
}

}  // namespace swiftlet::geo
