#pragma once

#include <filesystem>

#include "geo/airspace.hpp"
#include "geo/error.hpp"

// Private to maps: obstacles, zones and pads of a compiled airspace as layers of one GeoPackage.
namespace swiftlet::maps {

/// Writes the layers obstacles, geozones and pads (one point a slot) in the local frame. Errors: output_refused.
[[nodiscard]] Expected<void> write_layers(const geo::Airspace& airspace, const std::filesystem::path& file);

}  // namespace swiftlet::maps
