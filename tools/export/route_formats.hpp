#pragma once

#include <string>

#include "planner/route.hpp"

namespace swiftlet::tools {

// A route in other programs' formats, with the certified digits. Precondition: the route is ok.

/// One line a waypoint, with a head.
[[nodiscard]] std::string route_csv(const planner::Route& route);
/// A GPX 1.1 track; elevations above the region's vertical datum, times from the departure on.
[[nodiscard]] std::string route_gpx(const planner::Route& route);
/// A KML 2.3 track with times, heights above the WGS84 ellipsoid as the contracts have it.
/// Precondition: the route says ellipsoid_minus_datum_m.
[[nodiscard]] std::string route_kml(const planner::Route& route);
/// A CZML document for Cesium: a moving point and its path. Precondition as for KML.
[[nodiscard]] std::string route_czml(const planner::Route& route);
/// Plan and altitude profile as a drawing, from the route alone.
[[nodiscard]] std::string route_sketch_svg(const planner::Route& route);

}  // namespace swiftlet::tools
