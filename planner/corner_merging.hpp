#pragma once

#include <vector>

#include "planner/band_profile.hpp"

namespace swiftlet::planner {

/// A ground track with fewer, wider corners. The shortest way bends at every edge of what it goes round, a few degrees
/// and a few metres at a time, and leaves no room for arcs. Neighbouring corners that turn the same way become one,
/// where the legs before and after them meet; corners that need not be there go. Every leg of the result is open; it
/// never takes longer, by corner_loss_s. Precondition: so is every leg of the track. Of a way through roomy columns the
/// legs keep to columns with that band: what goes round a tower is not to be straightened over it.
[[nodiscard]] std::vector<geo::Enu2> merged_corners(const geo::AirspaceView& view, const FlightLimits& limits,
                                                    std::vector<geo::Enu2> track, double least_band_m = 0.0);

/// An estimate of the seconds that slowing down for the corner at v costs, with arcs that take up to half of each leg.
[[nodiscard]] double corner_loss_s(const FlightLimits& limits, const geo::Enu2& before, const geo::Enu2& v,
                                   const geo::Enu2& after);

}  // namespace swiftlet::planner
