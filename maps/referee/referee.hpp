#pragma once

#include <memory>

#include "geo/referee.hpp"
#include "maps/region_manifest.hpp"

namespace swiftlet::maps {

/// Opens the independent referee on a region's source files: its own reading of them (GDAL, GEOS, double, no grid).
/// Errors: those of reading the sources.
[[nodiscard]] Expected<std::unique_ptr<const geo::Referee>> open_referee(const RegionManifest& manifest);

/// Opens the referee on the sources kept in a compiled airspace (maps/airspace_store.hpp).
[[nodiscard]] Expected<std::shared_ptr<const geo::Referee>> load_referee(const std::filesystem::path& airspace_dir);

}  // namespace swiftlet::maps
