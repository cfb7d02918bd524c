#pragma once

#include "dispatch/core/operator_decision.hpp"

namespace swiftlet::dispatch {

// decide(), by what the verb is for.

/// hold, resume, return, land, divert
[[nodiscard]] OperatorDecision decide_for_flight(const CoreContext& context, const OperatorCommand& command);
/// reassign, cancel, recall, erase_note
[[nodiscard]] OperatorDecision decide_for_order(const CoreContext& context, const OperatorCommand& command);

}  // namespace swiftlet::dispatch
