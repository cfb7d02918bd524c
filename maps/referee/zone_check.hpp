#pragma once

#include "geo/referee.hpp"
#include "maps/referee/findings.hpp"
#include "maps/referee/flight_path.hpp"
#include "maps/referee/zone.hpp"

namespace swiftlet::maps::referee {

/// Rule geozone, and the list of zones entered, of the zones in force. Everywhere on the path, terminals included.
void check_zones(const std::vector<const Zone*>& zones, const geo::RouteUnderTest& route,
                 const Instruments& instruments, const FlightPath& path, geo::RefereeReport& report,
                 Findings& findings);

}  // namespace swiftlet::maps::referee
