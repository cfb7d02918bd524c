#pragma once

#include "geo/policy.hpp"
#include "geo/referee.hpp"
#include "maps/referee/findings.hpp"
#include "maps/referee/flight_path.hpp"
#include "maps/referee/sources.hpp"

namespace swiftlet::maps::referee {

/// Rule lateral_clearance, and the clearances of the report. Altitude is linear along a piece, so the stretch on which
/// a prism binds is one interval, and the distance from that very stretch to the polygon is measured: nothing is
/// sampled.
void check_clearances(const Sources& sources, const geo::Policy& policy, const Instruments& instruments,
                      const FlightPath& path, geo::RefereeReport& report, Findings& findings);

}  // namespace swiftlet::maps::referee
