#pragma once

#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/obstacle.hpp"
#include "geo/terrain.hpp"
#include "maps/region_manifest.hpp"

namespace swiftlet::maps {

struct ObstacleReading {
  std::vector<geo::Obstacle> obstacles;
  std::size_t ignored_outside = 0;  ///< features wholly outside the terrain
  std::size_t guessed_height = 0;   ///< features that took default_height_m
};

/// Reads one [[obstacles]] entry into prisms of the local frame. An obstacle given by its height stands on the highest
/// terrain under its closed footprint; where a feature states its top more than once, the higher holds; points and
/// lines become polygons that enclose their buffer. An obstacle's id is its feature number in the file. Errors (the
/// whole file is refused, naming the feature): those of opening; crs_missing; geometry_invalid (not finite,
/// self-crossing, no area, point or line without buffer_m); height_missing; value_invalid; outside_terrain (partly
/// outside); config_invalid (layer, field or filter that the file does not have).
[[nodiscard]] Expected<ObstacleReading> read_obstacles(const ObstacleSource& source, const geo::LocalFrame& frame,
                                                       const geo::TerrainModel& terrain);

}  // namespace swiftlet::maps
