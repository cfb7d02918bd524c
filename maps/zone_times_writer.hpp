#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "geo/error.hpp"
#include "geo/zone_times.hpp"

// Private to maps: what ED-269 and ED-318 have in common of times.
namespace swiftlet::maps {

/// startDateTime, endDateTime and schedule of each rule, in UTC. Errors: unsupported_format where a schedule follows a
/// local clock: neither format has a place for its name.
[[nodiscard]] Expected<nlohmann::ordered_json> publish_times(const std::vector<geo::Applicability>& rules);

}  // namespace swiftlet::maps
