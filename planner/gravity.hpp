#pragma once

namespace swiftlet::planner {

inline constexpr double kGravity_m_s2 = 9.80665;

}  // namespace swiftlet::planner
