#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "geo/sealed_bytes.hpp"

// Private to maps: the numbers at the head of a flat file, as they lie on disk.
namespace swiftlet::maps {

static_assert(std::endian::native == std::endian::little, "flat files are mapped as they are: little-endian");

struct FlatFileHeader {
  static constexpr std::array<char, 8> kMagic{'S', 'W', 'I', 'F', 'T', 'L', 'E', 'T'};
  static constexpr std::uint32_t kVersion = 3;
  static constexpr std::uint32_t kByteOrder = 0x01020304;

  std::array<char, 8> magic = kMagic;
  std::uint32_t version = kVersion;
  std::uint32_t byte_order = kByteOrder;
  std::uint64_t file_bytes = 0;
  std::uint64_t directory_offset = 0;  ///< a multiple of 8; from there to the file's end: entries, then checksums
  std::uint64_t section_count = 0;
  std::uint64_t checksum_count = 0;
  std::uint64_t seal = 0;  ///< taken with 0 here
};
static_assert(sizeof(FlatFileHeader) == 56);

struct FlatSectionEntry {
  std::array<char, 24> name{};  ///< ends in zeros
  std::uint64_t offset = 0;     ///< from the file's start, a multiple of kSectionAlignment
  std::uint64_t count = 0;
  std::uint32_t element_bytes = 0;
  std::uint32_t tile_bytes = 0;  ///< a power of two; an element may lie in two tiles
  std::uint64_t first_checksum = 0;
};
static_assert(sizeof(FlatSectionEntry) == 56);

inline constexpr std::uint64_t kSectionAlignment = 4096;

/// The checksum of a file's header (its own place taken as 0) and of everything from the directory on.
[[nodiscard]] inline std::uint64_t flat_file_seal(FlatFileHeader header, std::span<const std::byte> trailer) {
  header.seal = 0;
  const std::array<std::uint64_t, 2> parts{geo::tile_checksum(std::as_bytes(std::span(&header, 1))),
                                           geo::tile_checksum(trailer)};
  return geo::tile_checksum(std::as_bytes(std::span(parts)));
}

}  // namespace swiftlet::maps
