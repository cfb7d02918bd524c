#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geo/error.hpp"
#include "geo/sealed_bytes.hpp"

// Private to maps: a file of flat arrays that is mapped and used as it lies on disk.
//
//   header      magic "SWIFTLET", version, byte order, sizes, seal
//   sections    each from a multiple of 4096 bytes on, cut into tiles of its own size
//   directory   one FlatSectionEntry a section
//   checksums   one a tile, section after section
//
// The seal is the checksum of header, directory and checksums. Numbers are little-endian. The file is untrusted:
// opening it proves that every section lies inside it; what the numbers in a section mean is for its reader to check.
namespace swiftlet::maps {

/// What a section holds: `count` elements of `element_bytes`, checked tile by tile.
struct SectionPlan {
  std::string name;  ///< up to 23 characters
  std::uint64_t count = 0;
  std::uint32_t element_bytes = 1;
  std::uint32_t tile_bytes = 4096;  ///< a power of two
};

/// Writes a flat file. Sections are planned first and then filled front to back, several of them side by side, so that
/// nothing need be in memory whole. One thread at a time.
class FlatFileWriter {
 public:
  /// A section of this count ends where its last value was appended. Only the last one may be.
  static constexpr std::uint64_t kGrowing = ~std::uint64_t{0};

  /// Errors: output_refused. A plan that cannot be kept is the caller's bug (throws std::invalid_argument).
  [[nodiscard]] static Expected<FlatFileWriter> create(const std::filesystem::path& file,
                                                       const std::vector<SectionPlan>& plan);
  FlatFileWriter(FlatFileWriter&&) noexcept;
  FlatFileWriter& operator=(FlatFileWriter&&) noexcept;
  ~FlatFileWriter();

  /// Appends to a section. Errors: output_refused. More than was planned is the caller's bug (throws std::logic_error).
  [[nodiscard]] Expected<void> append_bytes(std::string_view section, std::span<const std::byte> bytes);
  template <class Value>
  [[nodiscard]] Expected<void> append(std::string_view section, std::span<const Value> values) {
    return append_bytes(section, std::as_bytes(values));
  }
  /// Seals and syncs the file. A section that is not full is the caller's bug (throws std::logic_error).
  [[nodiscard]] Expected<void> finish();

 private:
  struct Impl;
  explicit FlatFileWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A flat file, mapped. Sections stay mapped for as long as anything holds them.
class FlatFile {
 public:
  /// Errors: file_not_found, unsupported_format (another version or byte order: says to build again), airspace_damaged.
  [[nodiscard]] static Expected<FlatFile> open(const std::filesystem::path& file);

  /// A section whose elements have this size; its tiles are checked when first touched. Errors: airspace_damaged where
  /// there is none.
  [[nodiscard]] Expected<std::shared_ptr<const geo::SealedBytes>> section(std::string_view name,
                                                                          std::size_t element_bytes) const;
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] const std::string& where() const { return where_; }

  /// The seal that a file's head states; open() proves it. It stands for every byte. Errors: file_unreadable.
  [[nodiscard]] static Expected<std::uint64_t> seal_of(const std::filesystem::path& file);

  /// Reads every tile of every section and collects the damaged ones.
  [[nodiscard]] std::vector<Error> damage() const;

 private:
  struct Section {
    std::string name;
    std::uint32_t element_bytes;
    std::shared_ptr<const geo::SealedBytes> bytes;
  };
  std::string where_;
  std::vector<Section> sections_;
};

}  // namespace swiftlet::maps
