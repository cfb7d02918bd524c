#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "geo/referee.hpp"
#include "maps/region_manifest.hpp"

namespace swiftlet::maps {

/// Opens the independent referee on a region's source files: its own reading of them (GDAL, GEOS, double, no grid).
/// Errors: those of reading the sources.
[[nodiscard]] Expected<std::unique_ptr<const geo::Referee>> open_referee(const RegionManifest& manifest);

/// Opens the referee on the sources kept in a compiled airspace (maps/airspace_store.hpp).
[[nodiscard]] Expected<std::shared_ptr<const geo::Referee>> load_referee(const std::filesystem::path& airspace_dir);

/// The same referee where live zones hold, given as a document "swiftlet.live_zones/1" (maps/live_zone_reader.hpp); it
/// shares the sources, and judges routes that name the hash of that version. `where` names the document in errors.
/// Precondition: `referee` was opened by one of these functions (throws std::invalid_argument). Errors: bad_json,
/// value_invalid, geometry_invalid, time_invalid, conflict.
[[nodiscard]] Expected<std::shared_ptr<const geo::Referee>> with_live_zones(
    const std::shared_ptr<const geo::Referee>& referee, const std::string& document, const std::string& where);

}  // namespace swiftlet::maps
