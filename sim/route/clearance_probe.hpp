#pragma once

#include <optional>
#include <vector>

#include "geo/airspace.hpp"
#include "sim/flight_path.hpp"

namespace swiftlet::sim {

/// What is left of the clearances at a point.
struct Clearance {
  /// The least over all obstacles of max(horizontal distance − lateral clearance, height above its top − vertical
  /// clearance), metres: 0 or more where the policy is kept to the letter, less where the flown line eats into it.
  double margin_m = 0.0;
  double distance_m = 0.0;                  ///< to the nearest obstacle in space; 0 inside
  std::optional<std::size_t> nearest = {};  ///< the obstacle of the margin, by index into the airspace
};

/// Clearances of vehicles that fly near one path, exact to the obstacles' prisms. Distances change no faster than the
/// vehicle moves, so what is known along the path bounds them beside it, and prisms are asked only where a run may be
/// about to come nearer than it has been: some nanoseconds a step.
class ClearanceProbe {
 public:
  ClearanceProbe(const geo::Airspace& airspace, const geo::Policy& policy, const FlightPath& path);

  /// Of the whole flight so far. Start with the default.
  struct Least {
    double margin_m = kReach_m;
    double distance_m = kReach_m;
    double at_clock_s = 0.0;  ///< of the margin
    geo::Enu3 p_enu = geo::Enu3::Zero();
    std::optional<std::size_t> nearest = {};
  };

  /// Takes in one position; `clock_s` is the path's time that `wanted_enu` belongs to. Over the first and the last
  /// point of the path, where only the terminal's cylinder counts, nothing is taken.
  void observe(double clock_s, const geo::Enu3& wanted_enu, const geo::Enu3& p_enu, Least& least) const;

  /// The clearance at any point near the path (kReach_m − lateral clearance where nothing is near).
  [[nodiscard]] Clearance at(double clock_s, const geo::Enu3& p_enu) const;
  /// Whether the path's point there is over its start or its end.
  [[nodiscard]] bool in_terminal(const geo::Enu2& wanted_enu) const;

  static constexpr double kReach_m = 60.0;  ///< obstacles farther from the path are not looked for

 private:
  struct Station {
    double margin_m;    ///< a bound of the margin from here to the next station
    double distance_m;  ///< the same of the distance
    std::uint32_t first;
    std::uint32_t count;  ///< obstacles within reach: nearby_[first …]
  };
  [[nodiscard]] std::size_t station(double clock_s) const;

  const geo::Airspace& airspace_;
  geo::Policy policy_;
  std::vector<Station> stations_;
  std::vector<std::uint32_t> nearby_;
  geo::Enu2 start_enu_;
  geo::Enu2 end_enu_;
};

}  // namespace swiftlet::sim
