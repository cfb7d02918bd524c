#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "geo/error.hpp"
#include "geo/geozone.hpp"

namespace swiftlet::maps {

/// Reads ED-269 "applicability"; empty for a permanent zone. Schedules without a time zone are UTC.
/// Errors: value_invalid, time_invalid, unsupported_format (periods bound to sunrise and the like).
[[nodiscard]] Expected<std::vector<geo::Applicability>> read_applicability(const nlohmann::json& value);

}  // namespace swiftlet::maps
