#include "tools/simulate/zoned_planners.hpp"

#include "maps/live_zone_reader.hpp"
#include "maps/referee/referee.hpp"
#include "planner/planner.hpp"

namespace swiftlet::tools {

sim::PlannerWithZones zoned_planners(geo::AirspacePtr airspace, std::shared_ptr<const geo::Referee> referee,
                                     std::string where) {
  return [airspace = std::move(airspace), referee = std::move(referee),
          where = std::move(where)](const std::string& document) -> Expected<std::shared_ptr<const planner::Planner>> {
    const auto version = maps::apply_live_zones(airspace, document, where);
    if (!version) return Unexpected(version.error());
    const auto judge = maps::with_live_zones(referee, document, where);
    if (!judge) return Unexpected(judge.error());
    return std::make_shared<const planner::Planner>(*version, *judge);
  };
}

}  // namespace swiftlet::tools
