#include "planner/flight_curve.hpp"

#include <algorithm>
#include <cmath>

#include "planner/corner_rounding.hpp"
#include "planner/smooth_profile.hpp"

namespace swiftlet::planner {
namespace {

using geo::Enu2;
using geo::Enu3;

constexpr double kSamePlace_m = 1e-3;
constexpr double kWindow_m = 24.0;

/// Joins a ground track and a profile over it: a point wherever either has one.
std::vector<CurvePoint> joined(const std::vector<TrackPoint>& track, const std::vector<BendPoint>& profile) {
  std::vector<double> s_of{0.0};
  for (std::size_t k = 1; k < track.size(); ++k)
    s_of.push_back(s_of.back() + (track[k].p_enu - track[k - 1].p_enu).norm());
  const double end = s_of.back();
  std::vector<CurvePoint> out;
  std::size_t t = 0;
  std::size_t b = 0;
  while (t < track.size() || b < profile.size()) {
    const double next_t = t < track.size() ? s_of[t] : end + 1.0;
    const double next_b = b < profile.size() ? profile[b].s_m : end + 1.0;
    bool take_t = next_t <= next_b + kSamePlace_m;
    bool take_b = next_b <= next_t + kSamePlace_m;
    if ((take_t && t + 1 == track.size()) || (take_b && b + 1 == profile.size())) {
      // Both end here; an arc or a parabola may have left points within a millimetre of the end.
      t = track.size() - 1;
      b = profile.size() - 1;
      take_t = take_b = true;
    }
    const double s = take_t ? next_t : next_b;
    CurvePoint point;
    // Ground position: a vertex, or on the leg that leads to the next one.
    if (take_t) {
      point.p_enu.head<2>() = track[t].p_enu;
    } else {
      const double run = s_of.at(t) - s_of.at(t - 1);
      point.p_enu.head<2>() = track[t - 1].p_enu + (s - s_of[t - 1]) / run * (track.at(t).p_enu - track[t - 1].p_enu);
    }
    if (take_b) {
      point.p_enu.z() = profile[b].z_msl_m;
    } else {
      const BendPoint& a = profile.at(b - 1);
      const BendPoint& c = profile.at(b);
      point.p_enu.z() = a.z_msl_m + (s - a.s_m) / (c.s_m - a.s_m) * (c.z_msl_m - a.z_msl_m);
    }
    const TrackPoint& turn = track[take_t ? t : t - 1];
    const BendPoint& bend = profile[take_b ? b : b - 1];
    point.turn_curvature_ahead_1_m = turn.goes_on ? turn.curvature_1_m : 0.0;
    point.bend_curvature_ahead_1_m = bend.goes_on ? bend.curvature_1_m : 0.0;
    point.turn_curvature_1_m = take_t ? turn.curvature_1_m : point.turn_curvature_ahead_1_m;
    point.bend_curvature_1_m = take_b ? bend.curvature_1_m : point.bend_curvature_ahead_1_m;
    point.stop = (take_t && track[t].stop) || (take_b && profile[b].stop);
    out.push_back(point);
    if (take_t) ++t;
    if (take_b) ++b;
  }
  return out;
}

/// Raises the floors of the legs to a layer; whether there is room everywhere.
bool raise(std::vector<GroundLeg>& legs, const Layer& layer) {
  constexpr double kRoom_m = 1.0;
  double length_m = 0.0;
  for (const GroundLeg& leg : legs) length_m += (leg.to - leg.from).norm();
  double s = 0.0;
  for (GroundLeg& leg : legs) {
    for (BandInterval& interval : leg.intervals) {
      const double end = s + interval.length_m;
      const bool inside = s >= layer.ramp_m && end <= length_m - layer.ramp_m;
      s = end;
      if (!inside || interval.floor_msl_m >= layer.lowest_msl_m) continue;
      if (interval.ceiling_msl_m < layer.lowest_msl_m + kRoom_m) return false;
      interval.floor_msl_m = layer.lowest_msl_m;
    }
  }
  return true;
}

/// Transit over this ground track, its profile rounded if that is wanted and free; nothing where it cannot be proven.
std::optional<std::vector<CurvePoint>> transit(const geo::AirspaceView& view, const FlightLimits& limits,
                                               const std::vector<TrackPoint>& track, double z_start, double z_goal,
                                               bool rounded, const std::optional<Layer>& layer) {
  std::vector<GroundLeg> legs;
  for (std::size_t k = 0; k + 1 < track.size(); ++k)
    legs.push_back(make_leg(view, limits, track[k].p_enu, track[k + 1].p_enu));
  if (layer && !raise(legs, *layer)) return std::nullopt;
  std::vector<const GroundLeg*> all;
  all.reserve(legs.size());
  for (const GroundLeg& leg : legs) all.push_back(&leg);
  std::vector<CurvePoint> points;
  const auto proven = [&] {
    for (std::size_t k = 0; k + 1 < points.size(); ++k) {
      if (!view.is_free(points[k].p_enu, points[k + 1].p_enu)) return false;
    }
    return true;
  };
  if (rounded) {
    if (const auto smooth = smooth_profile(all, z_start, z_goal, limits.vehicle)) {
      points = joined(track, *smooth);
      if (proven()) return points;
    }
  }
  const auto profile = taut_profile(all, z_start, z_goal, kWindow_m);
  if (!profile) return std::nullopt;
  // The plain profile, with a stop at every bend, asks for least.
  std::vector<BendPoint> plain;
  for (const ProfilePoint& p : *profile) plain.push_back({.s_m = p.s_m, .z_msl_m = p.z_msl_m, .stop = true});
  points = joined(track, plain);
  if (proven()) return points;
  return std::nullopt;
}

void add_takeoff(const Terminal& start, FlightCurve& curve) {
  if (start.place.velocity_enu_m_s || start.transit_msl_m <= start.place.deck_msl_m) return;
  curve.points.push_back({.p_enu = start.deck_enu(), .stop = true});
}

void add_landing(const Terminal& goal, const VehicleProfile& vehicle, FlightCurve& curve) {
  const double slow_from = goal.place.deck_msl_m + vehicle.landing_height_m;
  if (slow_from < goal.transit_msl_m && slow_from > goal.place.deck_msl_m) {
    curve.points.push_back({.p_enu = {goal.place.at_enu.x(), goal.place.at_enu.y(), slow_from}});
  }
  if (goal.transit_msl_m > goal.place.deck_msl_m) curve.points.push_back({.p_enu = goal.deck_enu(), .stop = true});
}

}  // namespace

std::optional<FlightCurve> flight_curve(const geo::AirspaceView& view, const FlightLimits& limits, const Track& track,
                                        const Terminal& start, const Terminal& goal,
                                        const std::optional<Layer>& layer) {
  const std::vector<Enu2> corners = track.points();
  // An autopilot rounds the corners of a mission itself: it is given straight legs.
  const bool rounded = !limits.vehicle.autopilot;
  std::optional<std::vector<CurvePoint>> middle;
  if (rounded) {
    middle = transit(view, limits, rounded_corners(view, limits, corners, track.least_band_m()), start.transit_msl_m,
                     goal.transit_msl_m, rounded, layer);
  }
  if (!middle) {
    std::vector<TrackPoint> sharp;
    sharp.reserve(corners.size());
    for (const Enu2& p : corners) sharp.push_back({.p_enu = p, .stop = true});
    middle = transit(view, limits, sharp, start.transit_msl_m, goal.transit_msl_m, rounded, layer);
  }
  if (!middle) return std::nullopt;
  middle->front().stop = true;
  middle->back().stop = true;
  FlightCurve curve;
  add_takeoff(start, curve);
  curve.transit_begins = curve.points.size();
  // The straights between these ends and the transit were proven when the terminals were found.
  if (start.leaves_at_enu) curve.points.push_back({.p_enu = start.over_enu(), .stop = true});
  curve.points.insert(curve.points.end(), middle->begin(), middle->end());
  if (goal.leaves_at_enu) curve.points.push_back({.p_enu = goal.over_enu(), .stop = true});
  curve.transit_ends = curve.points.size() - 1;
  add_landing(goal, limits.vehicle, curve);
  return curve;
}

}  // namespace swiftlet::planner
