#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/zone_times.hpp"

namespace swiftlet::maps {

/// Reads `applicability` (ED-269) or `limitedApplicability` (ED-318); empty for a permanent zone. A time of day that
/// states no offset of its own is of `time_zone`, or of the `timeZone` that stands nearer to it (schedule entry, then
/// applicability entry); "" is UTC. An end that is not after its start is on the next day. Days of a period are those
/// on which it begins. Errors: value_invalid, time_invalid (an end date before its start, times that mix offsets),
/// unsupported_format (periods bound to sunrise and the like).
[[nodiscard]] Expected<std::vector<geo::Applicability>> read_applicability(const nlohmann::json& value,
                                                                           const std::string& time_zone);

}  // namespace swiftlet::maps
