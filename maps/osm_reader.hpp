#pragma once

#include "maps/obstacle_reader.hpp"

namespace swiftlet::maps {

/// Reads an OpenStreetMap extract (PBF or XML) as obstacles: building, building:part, man_made = tower | mast | chimney
/// | crane, power lines and their towers, aerialways. Outlines and their parts both stand: a part never hides an
/// outline. A part with min_height has a base. Ids are "way/123", "node/123", "relation/123". What was guessed stands
/// in the reading's warnings, counted. Errors (the whole file is refused, naming the feature): those of opening;
/// height_missing where a class has no default; outside_terrain; geometry_invalid; file_unreadable.
[[nodiscard]] Expected<ObstacleReading> read_osm(const ObstacleSource& source, const geo::LocalFrame& frame,
                                                 const geo::TerrainModel& terrain);

}  // namespace swiftlet::maps
