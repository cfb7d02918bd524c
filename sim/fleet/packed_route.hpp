#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "planner/route.hpp"

namespace swiftlet::sim {

/// What a planner's answer says beyond its request (planner::unanswered), in a fifteenth of the room that it takes in
/// memory: waypoints as whole units of the wire's digits, each told by its difference from the one before; all other
/// numbers to the last bit. So what comes out is what went in, bit by bit, wherever it was written.
///
/// Nothing for an answer with alternatives, an explanation, a hint at a later departure, or a number with more digits
/// than the wire has: those are for one request only.
[[nodiscard]] std::optional<std::string> pack(const planner::Route& answer);

/// Fills in what pack() was given. False for bytes that it did not write; the answer is then of no use.
[[nodiscard]] bool unpack(std::string_view bytes, planner::Route& answer);

}  // namespace swiftlet::sim
