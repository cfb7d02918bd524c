#pragma once

#include <string>
#include <vector>

#include "geo/airspace.hpp"
#include "geo/utc_time.hpp"
#include "sim/fleet/onboard_fleet.hpp"

namespace swiftlet::sim {

/// Where a drone was at some second of the day.
struct TrackSample {
  std::uint32_t drone = 0;
  std::int32_t second = 0;
  GeoPoint at = {};
};

/// Where everything in the air is, `second` after the day's begin.
void record_tracks(const OnboardFleet& fleet, std::int64_t second, std::vector<TrackSample>& tracks);

/// One JSON object a line: {"t_s","drone","lon","lat","alt_msl_m"}, in order of time.
[[nodiscard]] std::string tracks_ndjson(const std::vector<TrackSample>& tracks, const std::vector<std::string>& drones);

/// A CZML document for Cesium: a point and its trail for each drone while it flies. Heights are above the ellipsoid.
/// Errors: value_invalid where the region does not state ellipsoid_minus_datum_m.
[[nodiscard]] Expected<std::string> tracks_czml(const std::vector<TrackSample>& tracks,
                                                const std::vector<std::string>& drones, const geo::Airspace& airspace,
                                                UtcTime begin, double duration_s);

}  // namespace swiftlet::sim
