#pragma once

#include <vector>

#include "geo/error.hpp"
#include "maps/referee/feature_height.hpp"
#include "maps/referee/feature_shape.hpp"
#include "maps/referee/prism.hpp"
#include "maps/referee/terrain.hpp"
#include "maps/region_manifest.hpp"

namespace swiftlet::maps::referee {

/// A feature as read, still in the coordinates of its source.
struct RawFeature {
  std::string id;
  std::string kind;
  std::string where;
  FeatureShape shape = {};
  StatedHeights heights = {};
  double radius_m = 0.0;  ///< of its points and lines
  bool mend = false;      ///< outlines that are no proper polygons are taken by their convex hull
  bool torn = false;      ///< … and this one is, since it is not closed
};

/// Reads one vector source, or an OpenStreetMap extract, as prisms in the local frame. Features wholly outside the
/// known terrain are left out. Errors name the file and the feature: geometry_invalid, height_missing, value_invalid,
/// outside_terrain (a feature partly off the terrain), crs_missing, and those of open_vector.
[[nodiscard]] Expected<std::vector<Prism>> read_prisms(const ObstacleSource& source, const Terrain& terrain,
                                                       const OGRSpatialReference& local, const GeosContext& context);

}  // namespace swiftlet::maps::referee
