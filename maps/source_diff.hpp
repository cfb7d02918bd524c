#pragma once

#include <filesystem>

#include "geo/airspace_diff.hpp"
#include "geo/error.hpp"

namespace swiftlet::maps {

/// Compares the sources that two compiled airspaces keep copies of, by file name and content; of files with one name
/// the n-th with the n-th. Errors: those of reading the manifests and files.
[[nodiscard]] Expected<geo::NamedChanges> compare_sources(const std::filesystem::path& earlier_dir,
                                                          const std::filesystem::path& later_dir);

}  // namespace swiftlet::maps
