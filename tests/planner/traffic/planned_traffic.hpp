#pragma once

#include <random>
#include <string>
#include <vector>

#include "planner/vehicle.hpp"
#include "tests/scenarios/flown.hpp"

namespace swiftlet::planner::test {

/// A route that the planner has found through a town drawn at random, and what it was asked for.
struct PlannedFlight {
  swiftlet::test::Drawing town;
  PlanRequest request;
  VehicleProfile vehicle;
  Route route;
};

/// A town of low and high houses between the pads A and B, and a flight from one to the other in a wind drawn too. The
/// route is that of the planner, which may have found none.
[[nodiscard]] PlannedFlight planned_flight(std::mt19937_64& random, const std::string& vehicle);

/// A way to fly a route of which each waypoint is passed at its own t_s, and as unevenly between them as may be: where
/// the speed profile says how fast the flight is at both ends of a hop, first at the one speed and then at the other,
/// and otherwise at rest but for one leap.
class UnevenFlight {
 public:
  UnevenFlight(std::mt19937_64& random, const Route& route, const geo::LocalFrame& frame, bool speeds_are_a_profile);
  /// Straight in longitude and latitude between two waypoints, at rest at both ends of the route.
  [[nodiscard]] geo::Enu3 at(double t_s) const;

 private:
  struct Hop {
    GeoPoint a, b;
    double from_s, to_s;
    double turn;               ///< the share of the hop's time that the first speed is kept for
    double before_turn = 0.0;  ///< the shares of the hop that are flown by then, and at once after
    double after_turn = 1.0;
  };
  std::vector<Hop> hops_;
  const geo::LocalFrame& frame_;
};

}  // namespace swiftlet::planner::test
