#pragma once

#include <memory>
#include <string>

#include "geo/airspace.hpp"
#include "geo/referee.hpp"
#include "sim/fleet/planner_with_zones.hpp"

namespace swiftlet::tools {

/// Makes the planners of a rehearsed day in which operators put up zones, each with its referee. `where` names the
/// scenario in errors. Precondition: `airspace` has no live zones of its own.
[[nodiscard]] sim::PlannerWithZones zoned_planners(geo::AirspacePtr airspace,
                                                   std::shared_ptr<const geo::Referee> referee, std::string where);

}  // namespace swiftlet::tools
