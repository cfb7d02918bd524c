#pragma once

namespace swiftlet::sim {

/// SHA-256 of the sources that a planner's answer is made by: geo, maps and planner of this very build. What another
/// build has proven is proven, but may not be what this one would answer.
[[nodiscard]] const char* planner_sources();

}  // namespace swiftlet::sim
