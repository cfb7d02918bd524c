#pragma once

#include <vector>

#include "planner/band_profile.hpp"

namespace swiftlet::planner {

/// A point of a rounded ground track. Straight to the next one.
struct TrackPoint {
  geo::Enu2 p_enu;
  double curvature_1_m = 0.0;  ///< of the arc that it samples
  bool goes_on = false;        ///< the arc goes on to the next point
  bool stop = false;           ///< a corner that leaves no room for an arc: the vehicle stops and turns
};

/// Share of the acceleration that curves may take; the rest is left for braking in them (0.8² + 0.6² = 1).
constexpr double kCurveShare = 0.8;
constexpr double kBrakeShareInCurve = 0.6;

/// Rounds the corners of a ground track by arcs that can be flown as fast as there is room. A taut track bends round
/// obstacles, so an arc inside the corner would cut into them: where possible the corner is first moved outwards by
/// what the arc cuts off. Every leg of the result is open, over columns whose bands are no thinner than `least_band_m`.
/// Precondition: so is every leg of the track.
[[nodiscard]] std::vector<TrackPoint> rounded_corners(const geo::AirspaceView& view, const FlightLimits& limits,
                                                      const std::vector<geo::Enu2>& track, double least_band_m = 0.0);

}  // namespace swiftlet::planner
