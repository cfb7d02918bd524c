#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "geo/error.hpp"

// Private to maps.
namespace swiftlet::maps {

/// A whole file, mapped for reading for as long as this lives. Finished files are never written again, only replaced,
/// so what is mapped stays as it is; a file that somebody cuts short all the same ends the process (SIGBUS).
struct MappedFile {
  std::span<const std::byte> bytes;
  MappedFile() = default;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();
};

/// Errors: file_not_found, file_unreadable; airspace_damaged for an empty file or what is no file.
[[nodiscard]] Expected<std::shared_ptr<const MappedFile>> map_file(const std::filesystem::path& file);

}  // namespace swiftlet::maps
