#pragma once

#include "geo/policy.hpp"
#include "maps/referee/findings.hpp"
#include "maps/referee/flight_path.hpp"
#include "maps/referee/sources.hpp"

namespace swiftlet::maps::referee {

/// Finds the vertical runs over the path's start and goal and takes what they exempt out of en_route of their pieces:
/// from the deck to the first altitude where clearances and AGL band hold. Checks the terminal cylinder (rule
/// terminal_radius). An end at a legal transit altitude
/// that no vertical run leads to or from has no terminal.
void apply_terminals(const Sources& sources, const geo::Policy& policy, const Instruments& instruments,
                     FlightPath& path, Findings& findings);

}  // namespace swiftlet::maps::referee
