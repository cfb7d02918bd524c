#include "tests/sim/sample_mission.hpp"

#include <algorithm>
#include <cmath>

#include "geo/local_frame.hpp"

namespace swiftlet::sim::testing {
namespace {

using geo::Enu3;
using planner::Phase;

constexpr double kDeck_m = 168.0;

struct Leg {
  Enu3 to;
  double speed_m_s;
  double acceleration_m_s2;
  Phase phase;
};

GeoPoint rounded(GeoPoint p) {
  return {std::round(p.lon_deg * 1e8) / 1e8, std::round(p.lat_deg * 1e8) / 1e8, std::round(p.alt_msl_m * 1e3) / 1e3};
}

class RouteWriter {
 public:
  RouteWriter(const geo::LocalFrame& frame, const Enu3& start) : frame_(frame), at_(start) {
    put(start, 0.0, Phase::takeoff);
  }

  void fly(const Leg& leg) {
    route_.waypoints.back().phase = leg.phase;
    const Enu3 d = leg.to - at_;
    const double length_m = d.norm();
    const double ramp_m = std::min(leg.speed_m_s * leg.speed_m_s / (2.0 * leg.acceleration_m_s2), length_m / 2.0);
    const double top_m_s = std::sqrt(2.0 * ramp_m * leg.acceleration_m_s2);
    const Enu3 from = at_;
    const double level = d.head<2>().norm() / length_m;
    t_s_ += top_m_s / leg.acceleration_m_s2;
    put(from + d * (ramp_m / length_m), top_m_s * level, leg.phase);
    t_s_ += (length_m - 2.0 * ramp_m) / top_m_s;
    put(from + d * (1.0 - ramp_m / length_m), top_m_s * level, leg.phase);
    t_s_ += top_m_s / leg.acceleration_m_s2;
    put(leg.to, 0.0, leg.phase);
    at_ = leg.to;
  }

  [[nodiscard]] planner::Route finish(UtcTime depart) {
    route_.id = "sample";
    route_.airspace_name = "nowhere";
    route_.airspace_hash = "sha256:0";
    route_.vehicle = "sample";
    route_.depart = depart;
    route_.duration_s = t_s_;
    route_.certificate.airspace_hash = route_.airspace_hash;
    return route_;
  }

 private:
  void put(const Enu3& p, double ground_speed_m_s, Phase phase) {
    route_.waypoints.push_back({.position = rounded(frame_.to_geo(p)),
                                .height_agl_m = p.z() - kDeck_m,
                                .t_s = t_s_,
                                .ground_speed_m_s = ground_speed_m_s,
                                .phase = phase});
  }

  geo::LocalFrame frame_;
  Enu3 at_;
  double t_s_ = 0.0;
  planner::Route route_;
};

// Functions, so that they exist whatever the order in which the test files' own constants are made.
Enu3 start() { return {0.0, 0.0, kDeck_m}; }
Enu3 corner() { return {900.0, 0.0, kDeck_m}; }
Enu3 end() { return {900.0, 600.0, kDeck_m}; }

planner::Route through(const Enu3& a, const Enu3& b, UtcTime depart) {
  const Enu3 up(0.0, 0.0, 60.0);
  RouteWriter writer(geo::LocalFrame(LonLat{4.83, 45.76}), a);
  writer.fly({.to = a + up, .speed_m_s = 3.0, .acceleration_m_s2 = 1.5, .phase = Phase::takeoff});
  writer.fly({.to = corner() + up, .speed_m_s = 15.0, .acceleration_m_s2 = 2.0, .phase = Phase::cruise});
  writer.fly({.to = b + up, .speed_m_s = 15.0, .acceleration_m_s2 = 2.0, .phase = Phase::cruise});
  writer.fly({.to = b + up / 6.0, .speed_m_s = 2.0, .acceleration_m_s2 = 1.0, .phase = Phase::descent});
  writer.fly({.to = b, .speed_m_s = 0.5, .acceleration_m_s2 = 1.0, .phase = Phase::landing});
  return writer.finish(depart);
}

}  // namespace

planner::VehicleProfile sample_vehicle() {
  return {.name = "sample",
          .cruise_speed_m_s = 15.0,
          .max_airspeed_m_s = 23.0,
          .climb_speed_m_s = 3.0,
          .descent_speed_m_s = 2.0,
          .landing_speed_m_s = 0.5,
          .landing_height_m = 10.0,
          .acceleration_m_s2 = 2.0,
          .vertical_acceleration_m_s2 = 1.0,
          .empty_mass_kg = 7.0,
          .max_payload_kg = 2.5,
          .max_parcel_m = 0.4,
          .rotor_disc_area_m2 = 1.22,
          .hover_efficiency = 0.6,
          .avionics_power_w = 25.0,
          .battery_wh = 700.0,
          .max_wind_m_s = 12.0};
}

planner::Route sample_route(UtcTime depart) { return through(start(), end(), depart); }

planner::Route sample_route_back(UtcTime depart) { return through(end(), start(), depart); }

}  // namespace swiftlet::sim::testing
