#pragma once

#include <optional>
#include <string>
#include <vector>

#include "maps/referee/obstacle_reading.hpp"

namespace swiftlet::maps::referee {

/// The features of an OpenStreetMap extract that are obstacles, in longitude and latitude.
[[nodiscard]] Expected<std::vector<RawFeature>> read_osm_features(const ObstacleSource& source);

/// A length in metres, or with `is_count` a bare number, as people write them into tags; the greatest of several.
/// Nothing where it cannot be read, or is not above 0 and at most 2000.
[[nodiscard]] std::optional<double> osm_quantity(const std::string& text, bool is_count);

}  // namespace swiftlet::maps::referee
