#pragma once

#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/local_frame.hpp"
#include "geo/wind_field.hpp"
#include "maps/region_manifest.hpp"

// Private to maps: the [[wind]] source becomes a field.
namespace swiftlet::maps {

struct WindReading {
  geo::WindField field;
  geo::Wind wind;  ///< a single one that stands for it: at the frame's centre, at the first instant
  std::vector<std::string> warnings;
};

/// Reads the wind over an extent of the local frame. A forecast is bilinear between its own nodes, as vectors; the
/// field's lattice samples that at a quarter of the forecast's spacing, or at 1/256 of the extent where that is wider.
/// Errors, with file, variable, time and place: those of opening; config_invalid (variables that are not there or are
/// ambiguous, a level that is not at_height_m), crs_missing, time_invalid, unsupported_format (units, no even grid),
/// raster_value_invalid (no number, or a wind above 150 m/s, where the region needs it), outside_terrain (a forecast
/// that does not reach over all of the region).
[[nodiscard]] Expected<WindReading> read_wind(const WindSource& source, const geo::LocalFrame& frame,
                                              const geo::Box2& extent);

}  // namespace swiftlet::maps
