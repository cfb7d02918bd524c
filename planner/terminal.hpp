#pragma once

#include <optional>

#include "geo/airspace_view.hpp"
#include "planner/plan_request.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::planner {

/// Which end of a route a place is: it decides how errors are called.
enum class RouteEnd { start, goal };

/// A place looked up in the airspace, before any policy: on a deck, or in the air.
struct ResolvedPlace {
  LonLat at;                                  ///< rounded to the wire's 10⁻⁸ degrees
  geo::Enu2 at_enu;                           ///< that same rounded place
  double deck_msl_m = 0.0;                    ///< the deck; the altitude itself where airborne. Rounded to 1 mm
  std::optional<geo::Enu3> velocity_enu_m_s;  ///< airborne only
};

/// Looks up a pad's slot, or the ground or deck at a point. Errors: not_found, bad_request (no such slot),
/// out_of_region, start_in_obstacle, goal_in_obstacle.
[[nodiscard]] Expected<ResolvedPlace> resolve(const geo::AirspaceView& view, const Place& place, RouteEnd end);

/// How far from an axis its vertical segment may be (contracts, Geometry).
constexpr double kOffAxis_m = 0.05;
/// How far beside the place that was asked for a terminal may stand, so that its own vertical is not off the axis.
constexpr double kBeside_m = 0.04;
/// Transit of any flight from a place begins no farther from it than this, rounding included.
constexpr double kLean_m = kOffAxis_m + kBeside_m + 0.01;

/// The vertical segment over a deck: from there to the altitude at which transit may begin.
struct Terminal {
  ResolvedPlace place;
  double transit_msl_m = 0.0;  ///< lowest altitude, to 1 mm, at which the whole cell is free; ≥ place.deck_msl_m
  /// Where no column over the place is proven as a whole: a place nearby, at the same altitude, to which the exact
  /// geometry leaves the way. Transit begins there.
  std::optional<geo::Enu2> leaves_at_enu = {};
  /// No vertical over the place that was asked for stands farther from this one.
  double others_within_m = kOffAxis_m;
  [[nodiscard]] geo::Enu3 deck_enu() const { return {place.at_enu.x(), place.at_enu.y(), place.deck_msl_m}; }
  /// Over the deck, where the vertical segment ends.
  [[nodiscard]] geo::Enu3 over_enu() const { return {place.at_enu.x(), place.at_enu.y(), transit_msl_m}; }
  [[nodiscard]] geo::Enu3 transit_enu() const {
    const geo::Enu2& at = leaves_at_enu ? *leaves_at_enu : place.at_enu;
    return {at.x(), at.y(), transit_msl_m};
  }
};

/// A terminal, or why there can be none. `proven`: no policy-abiding terminal exists in the exact geometry either.
struct TerminalProblem {
  Error error;
  bool proven = false;
};
/// Where the vertical over the place itself can be proven neither free nor closed, as at a wall's clearance to the
/// millimetre, the terminal stands up to kBeside_m beside it.
[[nodiscard]] tl::expected<Terminal, TerminalProblem> find_terminal(const geo::AirspaceView& view,
                                                                    const ResolvedPlace& place, RouteEnd end);

/// The cell of the view that holds the place; nothing outside the grid.
struct CellIndex {
  int i = 0;
  int j = 0;
};
[[nodiscard]] std::optional<CellIndex> cell_at(const geo::GridFrame& grid, const geo::Enu2& p_enu);

/// Where a drone that flies now comes to rest if it brakes along its own velocity.
[[nodiscard]] Terminal braked(const Terminal& start, const VehicleProfile& vehicle);

}  // namespace swiftlet::planner
