#pragma once

#include <memory>
#include <vector>

#include "planner/band_profile.hpp"

namespace swiftlet::planner {

/// A ground track with its taut profile: a whole transit, every point of it proven by the bands of the cells below.
class Track {
 public:
  using LegPtr = std::shared_ptr<const GroundLeg>;

  [[nodiscard]] double time_s() const { return time_s_; }
  [[nodiscard]] bool flyable() const;
  [[nodiscard]] const std::vector<LegPtr>& legs() const { return legs_; }
  [[nodiscard]] const std::vector<ProfilePoint>& profile() const { return profile_; }
  [[nodiscard]] std::vector<geo::Enu2> points() const;

 private:
  friend class TrackFinder;
  std::vector<LegPtr> legs_;
  std::vector<ProfilePoint> profile_;
  double time_s_ = 0.0;
};

/// Makes and improves tracks between two fixed ends.
class TrackFinder {
 public:
  TrackFinder(const geo::AirspaceView& view, const FlightLimits& limits, const geo::Enu3& start_enu,
              const geo::Enu3& goal_enu)
      : view_(view), limits_(limits), start_(start_enu), goal_(goal_enu) {}

  /// The track over these points; not flyable where the corridor is closed. Precondition: at least two points.
  [[nodiscard]] Track over(const std::vector<geo::Enu2>& points) const;

  /// Pulls the string: drops points, then moves what is left towards the chord of its neighbours, as long as the time
  /// falls. Precondition: the track is flyable.
  [[nodiscard]] Track shortened(Track track) const;

 private:
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
};

}  // namespace swiftlet::planner
