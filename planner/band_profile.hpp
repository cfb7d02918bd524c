#pragma once

#include <optional>
#include <span>
#include <vector>

#include "geo/airspace_view.hpp"
#include "planner/flight_limits.hpp"

// The vertical side of a path over a given ground track. Cells that the track crosses form a corridor in (s, z), s
// being the distance along the track; the path in it is the taut string between its ends.
namespace swiftlet::planner {

/// The stretch of a ground track inside one cell, and the band that is free all over that cell.
struct BandInterval {
  double length_m;
  double floor_msl_m;
  double ceiling_msl_m;
};

/// One straight leg of a ground track. `intervals` is empty if some cell on it is closed.
struct GroundLeg {
  geo::Enu2 from;
  geo::Enu2 to;
  std::vector<BandInterval> intervals;
  double speed_m_s = 0.0;  ///< greatest ground speed along it
  [[nodiscard]] bool open() const { return !intervals.empty(); }
};

/// The leg without its cells.
[[nodiscard]] GroundLeg bare_leg(const FlightLimits& limits, const geo::Enu2& from, const geo::Enu2& to);

/// Walks every cell that the leg crosses or touches.
[[nodiscard]] GroundLeg make_leg(const geo::AirspaceView& view, const FlightLimits& limits, const geo::Enu2& from,
                                 const geo::Enu2& to);

/// Whether make_leg would give an open leg, with an opening from each cell to the next, over columns whose bands are no
/// thinner than `least_band_m`; nothing is allocated.
[[nodiscard]] bool leg_is_open(const geo::AirspaceView& view, const geo::Enu2& from, const geo::Enu2& to,
                               double least_band_m = 0.0);

struct ProfilePoint {
  double s_m;
  double z_msl_m;
};

/// A vertical opening that every line inside the corridor passes.
struct Gate {
  double s_m;
  double lo;
  double hi;
};

/// How intervals of a corridor are taken together: up to a length, and as long as what they have in common is no less
/// than that share of the narrowest of them.
struct Windowing {
  double longest_m;
  double least_share = 0.0;
};

/// The openings between windows of the corridor: intervals taken together where it stays open. Any
/// line with one point in each gate, in order, stays inside the corridor, with kProfileMargin_m to spare, but for the
/// first and last windows (ask profile_fits). The first and last gates are the ends themselves. Nothing where the
/// corridor is closed.
[[nodiscard]] std::optional<std::vector<Gate>> profile_gates(std::span<const GroundLeg* const> legs,
                                                             double z_start_msl_m, double z_goal_msl_m,
                                                             const Windowing& windowing);

/// The shortest line through the gates: the funnel algorithm, for a corridor that runs one way.
[[nodiscard]] std::vector<ProfilePoint> taut_string(const std::vector<Gate>& gates);

/// The taut string over the legs, from z_start to z_goal; nothing where the corridor is closed somewhere. Neighbouring
/// intervals are taken together up to `window_m` where the corridor stays open: fewer, gentler bends.
/// Every point of the result lies in the band of every cell below it, with kProfileMargin_m to spare.
[[nodiscard]] std::optional<std::vector<ProfilePoint>> taut_profile(std::span<const GroundLeg* const> legs,
                                                                    double z_start_msl_m, double z_goal_msl_m,
                                                                    double window_m);

/// Keeps profiles off the limits so that arithmetic on them cannot touch.
constexpr double kProfileMargin_m = 0.002;

/// Whether the profile stays inside the corridor of the legs.
[[nodiscard]] bool profile_fits(std::span<const GroundLeg* const> legs, std::span<const ProfilePoint> profile);

/// Seconds that the transit takes at speed limits alone: no acceleration, no corners. Infinite where a leg cannot be
/// flown.
[[nodiscard]] double transit_time_s(std::span<const GroundLeg* const> legs, std::span<const ProfilePoint> profile,
                                    const VehicleProfile& vehicle);

}  // namespace swiftlet::planner
