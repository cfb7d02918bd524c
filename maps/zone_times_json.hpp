#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "geo/zone_times.hpp"

// Private to maps: the times of zones in the compiled form, with the offsets of local clocks written out.
namespace swiftlet::maps {

[[nodiscard]] nlohmann::json zone_times_to_json(const std::vector<geo::Applicability>& rules);
/// What zone_times_to_json wrote. Throws nlohmann::json::exception or tl::bad_expected_access on anything else.
[[nodiscard]] std::vector<geo::Applicability> zone_times_from_json(const nlohmann::json& rules);

}  // namespace swiftlet::maps
