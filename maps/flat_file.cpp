#include "maps/flat_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>

#include "maps/flat_file_layout.hpp"
#include "maps/mapped_file.hpp"

namespace swiftlet::maps {
namespace {

/// What is wrong with a section's entry; empty where nothing is. Sums are made so that none can overflow.
std::string_view fault_of(const FlatSectionEntry& entry, const FlatFileHeader& header) {
  if (std::find(entry.name.begin(), entry.name.end(), '\0') == entry.name.end()) return "a name without end";
  if (entry.element_bytes == 0 || !std::has_single_bit(entry.tile_bytes)) return "tiles of an odd size";
  if (entry.offset % kSectionAlignment != 0 || entry.offset < sizeof(header) ||
      entry.offset > header.directory_offset ||
      entry.count > (header.directory_offset - entry.offset) / entry.element_bytes) {
    return "a place that is not inside the file";
  }
  const std::uint64_t bytes = entry.count * entry.element_bytes;
  const std::uint64_t tiles = bytes / entry.tile_bytes + (bytes % entry.tile_bytes != 0 ? 1 : 0);
  if (entry.first_checksum > header.checksum_count || tiles > header.checksum_count - entry.first_checksum) {
    return "tiles without a checksum";
  }
  return {};
}

}  // namespace

Expected<FlatFile> FlatFile::open(const std::filesystem::path& file) {
  const auto mapping = map_file(file);
  if (!mapping) return Unexpected(mapping.error());
  const std::span<const std::byte> bytes = (*mapping)->bytes;
  const auto damaged = [&](std::string_view what) {
    return fail(ErrorCode::airspace_damaged, fmt::format("{}; build the airspace again", what), file.string());
  };
  FlatFileHeader header;
  if (bytes.size() < sizeof(header)) return damaged("is cut short");
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.magic != FlatFileHeader::kMagic) return damaged("is no compiled airspace of Swiftlet");
  if (header.byte_order != FlatFileHeader::kByteOrder || header.version != FlatFileHeader::kVersion) {
    return fail(
        ErrorCode::unsupported_format,
        fmt::format("is of format version {} and byte order {:#010x}; this version reads {} and {:#010x}: build "
                    "the airspace again",
                    header.version, header.byte_order, FlatFileHeader::kVersion, FlatFileHeader::kByteOrder),
        file.string());
  }
  if (header.file_bytes != bytes.size()) {
    return damaged(fmt::format("has {} bytes and not the {} it was compiled with", bytes.size(), header.file_bytes));
  }
  if (header.directory_offset < sizeof(header) || header.directory_offset > bytes.size() ||
      header.directory_offset % sizeof(std::uint64_t) != 0) {
    return damaged("has no directory");
  }
  const std::span<const std::byte> trailer = bytes.subspan(header.directory_offset);
  if (header.section_count > trailer.size() / sizeof(FlatSectionEntry) ||
      header.checksum_count > trailer.size() / sizeof(std::uint64_t) ||
      header.section_count * sizeof(FlatSectionEntry) + header.checksum_count * sizeof(std::uint64_t) !=
          trailer.size()) {
    return damaged("has a directory of another size than it counts");
  }
  if (flat_file_seal(header, trailer) != header.seal) return damaged("has changed at its head since it was compiled");

  const auto* checksums =
      reinterpret_cast<const std::uint64_t*>(trailer.data() + header.section_count * sizeof(FlatSectionEntry));
  FlatFile out;
  out.where_ = file.string();
  for (std::uint64_t k = 0; k < header.section_count; ++k) {
    FlatSectionEntry entry;
    std::memcpy(&entry, trailer.data() + k * sizeof(entry), sizeof(entry));
    if (const auto fault = fault_of(entry, header); !fault.empty()) {
      return damaged(fmt::format("has a section {} with {}", k, fault));
    }
    const std::string name = entry.name.data();
    if (out.has(name)) return damaged(fmt::format("has two sections \"{}\"", name));
    const std::uint64_t size = entry.count * entry.element_bytes;
    const std::uint64_t tiles = size / entry.tile_bytes + (size % entry.tile_bytes != 0 ? 1 : 0);
    out.sections_.push_back(
        {name, entry.element_bytes,
         std::make_shared<const geo::SealedBytes>(bytes.subspan(entry.offset, size), entry.tile_bytes,
                                                  std::span(checksums + entry.first_checksum, tiles),
                                                  fmt::format("{}, section {}", file.string(), name), *mapping)});
  }
  return out;
}

Expected<std::uint64_t> FlatFile::seal_of(const std::filesystem::path& file) {
  FlatFileHeader header;
  std::ifstream in(file, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(&header), sizeof(header))) {
    return fail(ErrorCode::file_unreadable, "has no head; build the airspace again", file.string());
  }
  return header.seal;
}

bool FlatFile::has(std::string_view name) const {
  return std::any_of(sections_.begin(), sections_.end(), [&](const Section& s) { return s.name == name; });
}

Expected<std::shared_ptr<const geo::SealedBytes>> FlatFile::section(std::string_view name,
                                                                    std::size_t element_bytes) const {
  for (const Section& section : sections_) {
    if (section.name == name && section.element_bytes == element_bytes) return section.bytes;
  }
  return fail(ErrorCode::airspace_damaged, fmt::format("lacks its section \"{}\"; build the airspace again", name),
              where_);
}

std::vector<Error> FlatFile::damage() const {
  std::vector<Error> found;
  for (const Section& section : sections_) {
    for (std::size_t tile = 0; tile < section.bytes->tile_count(); ++tile) {
      if (auto error = section.bytes->damage(tile)) found.push_back(std::move(*error));
    }
  }
  return found;
}

}  // namespace swiftlet::maps
