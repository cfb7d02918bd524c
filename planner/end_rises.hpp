#pragma once

#include <vector>

#include "geo/airspace_view.hpp"

namespace swiftlet::planner {

/// What flights do near one of their ends, because of what stands around it: every flight between the place and any
/// place beyond has once been at this altitude or above, while it was no farther from the place than that.
struct Rise {
  double least_msl_m;
  double within_m;  ///< over the ground
};

/// The rises around a place within a reach, lowest and nearest first, by the least of the highest possible floors on
/// any way out (a minimax search over the optimistic bands, in steps of half a metre). They hold in the exact geometry,
/// for flights that leave the reach or come from beyond it.
[[nodiscard]] std::vector<Rise> rises_around(const geo::AirspaceView& view, const geo::Enu2& place_enu, double reach_m);

}  // namespace swiftlet::planner
