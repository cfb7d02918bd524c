#pragma once

#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/obstacle.hpp"
#include "geo/terrain.hpp"
#include "maps/local_geometry.hpp"
#include "maps/obstacle_height.hpp"
#include "maps/region_manifest.hpp"

namespace swiftlet::maps {

struct ObstacleReading {
  std::vector<geo::Obstacle> obstacles;
  std::size_t ignored_outside = 0;    ///< features wholly outside the hull of the terrain's cell centres
  std::size_t kept_beyond = 0;        ///< features partly beyond the terrain, standing on what there is under them
  std::vector<std::string> warnings;  ///< what was guessed, counted
};

/// Reads one [[obstacles]] entry of a vector file into prisms of the local frame. An obstacle given by its height
/// stands on the highest terrain under its closed footprint; where a feature states its top more than once, the higher
/// holds; points and lines become polygons that enclose their buffer. An obstacle's id is its feature number in the
/// file. Errors (the whole file is refused, naming the feature): those of opening; crs_missing; geometry_invalid (not
/// finite, self-crossing, no area, point or line without a radius); height_missing; value_invalid; outside_terrain
/// (partly outside); config_invalid (layer, field or filter that the file does not have).
[[nodiscard]] Expected<ObstacleReading> read_obstacles(const ObstacleSource& source, const geo::LocalFrame& frame,
                                                       const geo::TerrainModel& terrain);

/// How far a feature without a footprint of its own reaches from its axis: its radius, and of a line as much again as
/// it sags, since a cable that hangs down so far may swing out so far.
[[nodiscard]] double reach_m(const OGRGeometry& geometry, double radius_m, double sag_m);

/// Stands a feature on the terrain, as part of `reading`; counts it where it lies outside. Errors: outside_terrain and
/// those of set_heights, without `where`.
[[nodiscard]] Expected<void> stand_on(const geo::TerrainModel& terrain, const ObstacleSource& source,
                                      const StatedHeights& stated, LocalShape footprint, geo::Obstacle obstacle,
                                      ObstacleReading& reading);

}  // namespace swiftlet::maps
