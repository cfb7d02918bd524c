#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "geo/error.hpp"

namespace swiftlet::sim {

/// A file of packed answers: its head (format, planner, airspace, number of answers) with a checksum, then key and
/// answer one after the other, each pair with a checksum.
struct RouteFile {
  std::string planner;
  std::string airspace_hash;
  std::vector<std::pair<std::string_view, std::string_view>> answers;  ///< by key
};

/// Replaces or makes the file: written beside its place, synced and renamed. Errors: output_refused.
[[nodiscard]] Expected<void> write_route_file(const std::filesystem::path& file, const RouteFile& content);

/// What a route file's bytes are worth.
struct RouteFileReading {
  RouteFile file;           ///< whose views point into the bytes
  std::size_t damaged = 0;  ///< answers that are not as they were written, left out
  bool whole = false;       ///< false where the head is damaged, or the end is not where it should be
};
[[nodiscard]] RouteFileReading read_route_file(std::string_view bytes);

}  // namespace swiftlet::sim
