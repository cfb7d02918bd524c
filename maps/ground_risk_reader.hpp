#pragma once

#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/ground_risk.hpp"
#include "geo/local_frame.hpp"
#include "maps/region_manifest.hpp"

// Private to maps: the [[ground_risk]] sources become one grid.
namespace swiftlet::maps {

struct GroundRiskReading {
  geo::GroundRisk risk;
  std::vector<std::string> warnings;
};

/// Reads all sources over an extent of the local frame. A cell's density is the mean of what the sources say at 16
/// places of it; cells are 10 m wide, or twice, four times, … as much, until there are at most 4 million. Errors: those
/// of opening and of geometries; value_invalid, raster_value_invalid (a density that is none); outside_terrain (a
/// source that says nothing of any place of the extent).
[[nodiscard]] Expected<GroundRiskReading> read_ground_risk(const std::vector<GroundRiskSource>& sources,
                                                           const geo::LocalFrame& frame, const geo::Box2& extent);

}  // namespace swiftlet::maps
