#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "dispatch/core/core_context.hpp"

namespace swiftlet::dispatch {

class FleetOutlook;

/// Why this drone has this order: each leg's time and energy as proven at the assignment, what the battery has to
/// spare, what was promised, and who else could take the order by the outlook of now. Errors: not_found.
[[nodiscard]] Expected<nlohmann::json> explain_flight(const CoreContext& context, const FleetOutlook& outlook,
                                                      const std::string& flight_id);

}  // namespace swiftlet::dispatch
