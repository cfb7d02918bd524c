#pragma once

#include <optional>
#include <vector>

#include "planner/route.hpp"
#include "planner/terminal.hpp"
#include "planner/track_shortening.hpp"

namespace swiftlet::planner {

/// A point of the flown curve before it has times. Straight to the next one.
struct CurvePoint {
  geo::Enu3 p_enu;
  double turn_curvature_1_m = 0.0;        ///< horizontal, at the point
  double bend_curvature_1_m = 0.0;        ///< vertical, over horizontal distance, at the point
  double turn_curvature_ahead_1_m = 0.0;  ///< the same on the way to the next point: 0 where no curve goes on
  double bend_curvature_ahead_1_m = 0.0;
  bool stop = false;
};

/// The whole flight: vertical segment, rounded transit, vertical segment.
struct FlightCurve {
  std::vector<CurvePoint> points;
  std::size_t transit_begins = 0;  ///< index of the point where the vertical segment of the start ends
  std::size_t transit_ends = 0;    ///< index of the point where the vertical segment of the goal begins
  double start_speed_m_s = 0.0;    ///< airborne start only: ground speed, or vertical speed if that is all
};

/// A transit that keeps above an altitude, but for a climb at its beginning and a descent at its end.
struct Layer {
  double lowest_msl_m = 0.0;
  double ramp_m = 0.0;  ///< ground that the climb and the descent each are given
};

/// Rounds the track and joins it with its terminals. `braking_from` is where an airborne drone is now: it brakes
/// straight to the start of the track. Every segment of the transit is proven by the view's exact test; nothing if that
/// fails even for the unrounded track, or where a layer is asked for that the track has no room for. Precondition: the
/// track is flyable.
[[nodiscard]] std::optional<FlightCurve> flight_curve(const geo::AirspaceView& view, const FlightLimits& limits,
                                                      const Track& track, const Terminal& start, const Terminal& goal,
                                                      const std::optional<Layer>& layer = {});

}  // namespace swiftlet::planner
