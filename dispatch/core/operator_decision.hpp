#pragma once

#include "dispatch/core/core_context.hpp"
#include "dispatch/core/operator_command.hpp"

namespace swiftlet::dispatch {

/// What a command would do: the records that carry it out and what they mean, or why it cannot be. Computed without
/// changing anything, so that a preview and the deed cannot differ.
struct OperatorDecision {
  std::optional<Error> refusal = {};
  std::vector<RecordBody> records = {};
  std::vector<OperatorEffect> effects = {};
};

/// Errors in `refusal`: not_found (with the target's kind), conflict (nothing to resume, closed already …), too_late
/// (the parcel is gone or aboard), pad_closed, pad_full, bad_request.
[[nodiscard]] OperatorDecision decide(const CoreContext& context, const OperatorCommand& command);

/// The flights whose way ahead leads through the zone's volumes. Errs on the safe side: limits above the ground count
/// as reaching from the ground up without end, and times as in force throughout the flight if at all within it.
[[nodiscard]] std::vector<std::string> flights_through(const CoreContext& context, const geo::LiveZone& zone);

}  // namespace swiftlet::dispatch
