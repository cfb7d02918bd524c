#include "planner/alternatives.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "planner/column_search.hpp"
#include "planner/corner_merging.hpp"
#include "planner/track_difference.hpp"

namespace swiftlet::planner {
namespace {

using geo::Enu2;

/// Where flights are cut besides at the bends of the first: in the middle of their length, then nearer to their ends.
constexpr std::array kCutAt{0.5, 0.3, 0.7, 0.15, 0.85};
/// What costs so much more than the first is no choice.
constexpr double kDearest = 2.0;
/// Heights above the first flight's highest that are a layer of their own.
constexpr std::array kLayersAbove_m{15.0, 30.0};
constexpr double kLeastRise_m = 10.0;

/// The ground track of a flight, places nearer than a metre taken together.
std::vector<Enu2> ground_track(const Trajectory& trajectory) {
  std::vector<Enu2> track;
  for (const TimedPoint& p : trajectory.points) {
    if (track.empty() || (p.p_enu.head<2>() - track.back()).norm() > 1.0) track.emplace_back(p.p_enu.head<2>());
  }
  if (track.size() == 1) track.push_back(track.front());
  return track;
}

/// Where a track bends, as shares of its length: it goes round something there. The first few.
std::vector<double> bends_of(const std::vector<Enu2>& corners) {
  constexpr std::size_t kMostBends = 6;
  std::vector<double> shares;
  double length_m = 0.0;
  for (std::size_t k = 0; k + 1 < corners.size(); ++k) {
    if (k > 0 && shares.size() < kMostBends) shares.push_back(length_m);
    length_m += (corners[k + 1] - corners[k]).norm();
  }
  for (double& share : shares) share /= std::max(length_m, 1e-9);
  return shares;
}

Cut cut_through(const geo::AirspaceView& view, const std::vector<Enu2>& track, double share) {
  double length_m = 0.0;
  for (std::size_t k = 0; k + 1 < track.size(); ++k) length_m += (track[k + 1] - track[k]).norm();
  double left_m = share * length_m;
  for (std::size_t k = 0; k + 1 < track.size(); ++k) {
    const Enu2 leg = track[k + 1] - track[k];
    if (leg.norm() >= left_m && leg.norm() > 0.0)
      return cut_across(view, track[k] + left_m / leg.norm() * leg, leg.normalized());
    left_m -= leg.norm();
  }
  return {track.back(), track.back()};
}

class AlternativeSearch {
 public:
  AlternativeSearch(const SearchSpace& space, const PlanRequest& request, const FlightLimits& limits,
                    const FlightPlan& first, SearchBudget& budget, const std::function<bool(const FlightPlan&)>& flies)
      : view_(*space.view),
        request_(request),
        limits_(limits),
        first_(first),
        budget_(budget),
        flies_(flies),
        tracks_{ground_track(first.trajectory)},
        cut_at_(kCutAt.begin(), kCutAt.end()) {
    for (const double share : bends_of(first.corners)) cut_at_.push_back(share);
  }

  std::vector<AlternativeFlight> run() {
    while (wanted() && add_other_side()) {
    }
    for (const double rise_m : kLayersAbove_m) {
      if (wanted()) add_layer(rise_m);
    }
    std::stable_sort(found_.begin(), found_.end(), [&](const AlternativeFlight& a, const AlternativeFlight& b) {
      return flight_cost(a.plan, request_.objective) < flight_cost(b.plan, request_.objective);
    });
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool wanted() {
    return static_cast<int>(found_.size()) < request_.alternatives && !budget_.time_is_up() &&
           !budget_.effort_is_spent();
  }

  [[nodiscard]] bool affordable(const FlightPlan& plan) const {
    return flight_cost(plan, request_.objective) <= kDearest * flight_cost(first_, request_.objective);
  }

  /// The first reason why a flight differs from all there are; nothing where it is one of them.
  [[nodiscard]] std::optional<Difference> new_side(const FlightPlan& plan) const {
    const std::vector<Enu2> track = ground_track(plan.trajectory);
    std::optional<Difference> from_first;
    for (const std::vector<Enu2>& known : tracks_) {
      auto difference = passes_another_side(view_, track, known);
      if (!difference) return std::nullopt;
      if (!from_first) from_first = std::move(difference);
    }
    return from_first;
  }

  /// Adds the cheapest flight that searches find round the cuts through all there are.
  bool add_other_side() {
    std::optional<AlternativeFlight> best;
    for (const double share : cut_at_) {
      std::vector<Cut> cuts;
      cuts.reserve(tracks_.size());
      for (const std::vector<Enu2>& track : tracks_) cuts.push_back(cut_through(view_, track, share));
      for (FlightPlan& plan : round(cuts)) {
        if (best && flight_cost(plan, request_.objective) >= flight_cost(best->plan, request_.objective)) continue;
        if (!affordable(plan) || plan.strongest_wind_m_s > limits_.vehicle.max_wind_m_s) continue;
        auto difference = new_side(plan);
        if (difference && flies_(plan)) best = AlternativeFlight{std::move(plan), std::move(*difference)};
      }
      if (budget_.time_is_up()) break;
    }
    if (!best) return false;
    tracks_.push_back(ground_track(best->plan.trajectory));
    found_.push_back(std::move(*best));
    return true;
  }

  /// Flights round the cuts: with the string pulled, which may pull it back across one, and without.
  [[nodiscard]] std::vector<FlightPlan> round(const std::vector<Cut>& cuts) {
    std::vector<FlightPlan> plans;
    const Terminal& rest = first_.ends.rest;
    const Terminal& goal = first_.ends.goal;
    const auto points = column_track(view_, limits_, rest.transit_enu(), goal.transit_enu(), budget_, {}, cuts);
    if (!points) return plans;
    const TrackFinder finder(view_, limits_, rest.transit_enu(), goal.transit_enu());
    const Track found = finder.over(*points);
    if (!found.flyable()) return plans;
    const Track merged = finder.over(merged_corners(view_, limits_, *points));
    for (const Track& track : {finder.shortened(found), merged}) {
      if (!track.flyable()) continue;
      if (auto plan = planned(view_, request_, limits_, first_.ends, track)) plans.push_back(std::move(*plan));
    }
    return plans;
  }

  void add_layer(double rise_m) {
    const TrackFinder finder(view_, limits_, first_.ends.rest.transit_enu(), first_.ends.goal.transit_enu());
    const double highest_msl_m = highest(first_);
    const VehicleProfile& v = limits_.vehicle;
    const Layer layer{
        .lowest_msl_m = highest_msl_m + rise_m,
        .ramp_m = 1.5 * v.cruise_speed_m_s *
                  (highest_msl_m + rise_m - std::min(first_.ends.rest.transit_msl_m, first_.ends.goal.transit_msl_m)) /
                  std::min(v.climb_speed_m_s, v.descent_speed_m_s)};
    const Track over = finder.over(first_.corners);
    if (!over.flyable()) return;
    auto plan = planned(view_, request_, limits_, first_.ends, over, layer);
    if (!plan || !affordable(*plan) || highest(*plan) < highest_msl_m + kLeastRise_m || !flies_(*plan)) return;
    Difference differs{.kind = "layer", .of = {}, .side = "above", .apart_m = highest(*plan) - highest_msl_m};
    found_.push_back({std::move(*plan), std::move(differs)});
  }

  [[nodiscard]] static double highest(const FlightPlan& plan) {
    double z = -1e9;
    for (const TimedPoint& p : plan.trajectory.points) z = std::max(z, p.p_enu.z());
    return z;
  }

  const geo::AirspaceView& view_;
  const PlanRequest& request_;
  const FlightLimits& limits_;
  const FlightPlan& first_;
  SearchBudget& budget_;
  const std::function<bool(const FlightPlan&)>& flies_;
  std::vector<std::vector<Enu2>> tracks_;  ///< that an alternative has to differ from
  std::vector<double> cut_at_;             ///< shares of the length
  std::vector<AlternativeFlight> found_;
};

}  // namespace

std::vector<AlternativeFlight> alternative_flights(const SearchSpace& space, const PlanRequest& request,
                                                   const FlightLimits& limits, const FlightPlan& first,
                                                   SearchBudget& budget,
                                                   const std::function<bool(const FlightPlan&)>& flies) {
  return AlternativeSearch(space, request, limits, first, budget, flies).run();
}

}  // namespace swiftlet::planner
