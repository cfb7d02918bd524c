#pragma once

#include <optional>
#include <string>
#include <vector>

#include "geo/airspace.hpp"

namespace swiftlet::planner {

/// The nearest instant before or after t, no farther than a day, at which a zone that blocks begins or ends to apply:
/// to the second, and on the far side of the change as seen from t. Nothing where nothing changes. What lasts less than
/// a minute may be missed.
[[nodiscard]] std::optional<UtcTime> zone_change_before(const geo::Airspace& airspace,
                                                        const std::vector<std::string>& authorisations, UtcTime t);
[[nodiscard]] std::optional<UtcTime> zone_change_after(const geo::Airspace& airspace,
                                                       const std::vector<std::string>& authorisations, UtcTime t);

}  // namespace swiftlet::planner
