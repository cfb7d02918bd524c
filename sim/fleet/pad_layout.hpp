#pragma once

#include <vector>

#include "geo/airspace.hpp"

namespace swiftlet::sim {

/// Hubs on free ground for a fleet that the region's own hubs cannot hold: each a pad with that many slots, the given
/// distance apart, where no obstacle stands within the terminal's radius and no zone that may bind at some time lies.
/// They are spread over the region; ids HX001, HX002 …. What is laid out is only a proposal: every route from it is
/// proven like any other. Errors: value_invalid where the region has no room for so many.
[[nodiscard]] Expected<std::vector<geo::Pad>> lay_out_hubs(const geo::Airspace& airspace, int hubs, int slots_each,
                                                           double apart_m);

}  // namespace swiftlet::sim
