#pragma once

#include <optional>
#include <string>

#include "geo/error.hpp"
#include "maps/region_manifest.hpp"

class OGRFeature;
class OGRFeatureDefn;

namespace swiftlet::maps::referee {

/// Which columns of a layer tell heights; -1 where the source names none.
struct HeightColumns {
  int height = -1;
  int levels = -1;
  int top = -1;
  int base = -1;
  int base_height = -1;
  int radius = -1;
};

/// Errors: value_invalid for a name that the layer does not have.
[[nodiscard]] Expected<HeightColumns> find_height_columns(const ObstacleSource& source, OGRFeatureDefn& layer,
                                                          const std::string& where);

/// What a feature says about its top and base; several statements may stand side by side.
struct StatedHeights {
  std::optional<double> above_ground_m;
  std::optional<double> top_msl_m;
  std::optional<double> base_msl_m;
  std::optional<double> base_above_ground_m = {};
};

/// How far a point or line reaches from its axis; nothing where the feature does not say.
[[nodiscard]] Expected<std::optional<double>> read_radius(const HeightColumns& columns, const OGRFeature& feature,
                                                          const std::string& where);

/// Errors: value_invalid (not a number, negative, absurd), height_missing (no statement and no default).
[[nodiscard]] Expected<StatedHeights> read_heights(const ObstacleSource& source, const HeightColumns& columns,
                                                   const OGRFeature& feature, const std::string& where);

}  // namespace swiftlet::maps::referee
