#pragma once

#include <map>
#include <string>
#include <vector>

#include "dispatch/core/fleet_config.hpp"
#include "geo/airspace.hpp"
#include "sim/fleet/demand.hpp"
#include "sim/fleet/scenario.hpp"

namespace swiftlet::sim {

/// A scenario on an airspace, checked and complete: what the dispatch core is told, and the day's demand.
struct RehearsedDay {
  dispatch::FleetConfig config;
  std::vector<geo::Pad> laid_out;  ///< hubs that the region does not have
  std::vector<WishedOrder> orders;
  std::map<std::string, std::size_t> number_of;  ///< where in `orders`, by the merchant's own id
};

/// Errors: those of the vehicle's profile and of make_demand(); value_invalid for a fleet without enough home slots,
/// and for parcels that the vehicle cannot carry.
[[nodiscard]] Expected<RehearsedDay> set_up_day(const Scenario& scenario, const geo::AirspacePtr& airspace,
                                                std::uint64_t seed);

}  // namespace swiftlet::sim
