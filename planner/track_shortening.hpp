#pragma once

#include <memory>
#include <vector>

#include "planner/band_profile.hpp"
#include "planner/risk_weight.hpp"

namespace swiftlet::planner {

/// A ground track with its taut profile: a whole transit, every point of it proven by the bands of the cells below.
class Track {
 public:
  using LegPtr = std::shared_ptr<const GroundLeg>;

  [[nodiscard]] double time_s() const { return time_s_; }
  /// What the finder makes least: the time, or the weighted time where it avoids people.
  [[nodiscard]] double cost() const { return cost_; }
  [[nodiscard]] bool flyable() const;
  [[nodiscard]] const std::vector<LegPtr>& legs() const { return legs_; }
  [[nodiscard]] const std::vector<ProfilePoint>& profile() const { return profile_; }
  [[nodiscard]] std::vector<geo::Enu2> points() const;
  /// No band below it is thinner, and where its corners are rounded none is to be.
  [[nodiscard]] double least_band_m() const { return least_band_m_; }

 private:
  friend class TrackFinder;
  std::vector<LegPtr> legs_;
  std::vector<ProfilePoint> profile_;
  double time_s_ = 0.0;
  double cost_ = 0.0;
  double least_band_m_ = 0.0;
};

/// Makes and improves tracks between two fixed ends.
class TrackFinder {
 public:
  /// `people`: avoided, where given.
  TrackFinder(const geo::AirspaceView& view, const FlightLimits& limits, const geo::Enu3& start_enu,
              const geo::Enu3& goal_enu, std::optional<RiskWeight> people = std::nullopt)
      : view_(view), limits_(limits), start_(start_enu), goal_(goal_enu), people_(people) {}

  /// The track over these points; not flyable where the corridor is closed. It is to keep to columns with bands of
  /// `least_band_m` if all its own have them. Precondition: at least two points.
  [[nodiscard]] Track over(const std::vector<geo::Enu2>& points, double least_band_m = 0.0) const;

  /// Pulls the string: drops points, then moves what is left towards the chord of its neighbours, as long as the cost
  /// falls. Precondition: the track is flyable.
  [[nodiscard]] Track shortened(Track track) const;

 private:
  /// How much a second counts on a leg.
  [[nodiscard]] double weight(const GroundLeg& leg) const { return people_ ? people_->along(leg.from, leg.to) : 1.0; }
  /// Of the ground track alone: no profile makes it cheaper.
  [[nodiscard]] double level_cost(const std::vector<Track::LegPtr>& legs) const;
  [[nodiscard]] Track from_legs(std::vector<Track::LegPtr> legs) const;
  /// Replaces the legs [first, last] by straight ones over these points; the old track if that is not better.
  [[nodiscard]] bool improve(Track& track, std::size_t first, std::size_t last,
                             const std::vector<geo::Enu2>& points) const;
  [[nodiscard]] bool drop_points(Track& track) const;
  [[nodiscard]] bool move_points(Track& track, double reach_m) const;

  const geo::AirspaceView& view_;
  const FlightLimits& limits_;
  geo::Enu3 start_;
  geo::Enu3 goal_;
  std::optional<RiskWeight> people_;
};

}  // namespace swiftlet::planner
