#include "sim/vehicle_motion.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/sim/sample_mission.hpp"

namespace swiftlet::sim {
namespace {

const planner::Route kRoute = testing::sample_route(UtcTime{});

struct Flown {
  double flown_s = 0.0;
  double most_off_path_m = 0.0;
  double most_behind_or_ahead_m = 0.0;
  double landed_off_m = 0.0;
  double energy_wh = 0.0;
  bool battery_always_fell = true;
};

VehicleMotion ready_to_fly(const AirOptions& air) {
  VehicleMotion motion(testing::sample_vehicle(), air);
  motion.place(kRoute.waypoints.front().position);
  return motion;
}

Flown fly(const AirOptions& air, double payload_kg = 1.0) {
  VehicleMotion motion = ready_to_fly(air);
  const FlightPath path(kRoute);
  motion.depart(path, payload_kg);
  Flown flown;
  const double full_wh = motion.battery_wh();
  while (motion.flying() && flown.flown_s < 2000.0) {
    const double before_wh = motion.battery_wh();
    motion.step();
    flown.flown_s += VehicleMotion::kStep_s;
    flown.battery_always_fell = flown.battery_always_fell && motion.battery_wh() < before_wh;
    const geo::Enu3 p_enu = path.frame().to_local(motion.position());
    flown.most_off_path_m = std::max(flown.most_off_path_m, path.distance_m(p_enu));
    flown.most_behind_or_ahead_m =
        std::max(flown.most_behind_or_ahead_m, (path.at(flown.flown_s).p_enu - p_enu).norm());
  }
  flown.landed_off_m = (path.frame().to_local(motion.position()) - path.end()).norm();
  flown.energy_wh = full_wh - motion.battery_wh();
  return flown;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vehicle_motion)

BOOST_AUTO_TEST_CASE(in_still_air_it_is_on_the_path_and_on_time) {
  const Flown flown = fly({.wind = {}, .gusts = false});
  BOOST_TEST(flown.most_off_path_m < 0.6);
  BOOST_TEST(flown.most_behind_or_ahead_m < 1.0);
  BOOST_TEST(flown.flown_s == kRoute.duration_s, boost::test_tools::tolerance(0.01));
  BOOST_TEST(flown.landed_off_m < 0.2);
}

BOOST_AUTO_TEST_CASE(in_wind_with_gusts_it_stays_within_two_metres_and_on_time) {
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    const geo::Wind wind{.speed_m_s = 2.0 + static_cast<double>(seed % 5) * 1.5,
                         .from_deg = static_cast<double>(seed * 37 % 360)};
    const Flown flown = fly({.wind = wind, .gusts = true, .seed = seed});
    BOOST_TEST_CONTEXT("seed " << seed << ", wind " << wind.speed_m_s << " m/s from " << wind.from_deg) {
      BOOST_TEST(flown.most_off_path_m < 2.0);
      BOOST_TEST(flown.most_behind_or_ahead_m < 4.0);
      BOOST_TEST(std::abs(flown.flown_s - kRoute.duration_s) < 3.0);
      BOOST_TEST(flown.landed_off_m < 1.0);
      BOOST_TEST(flown.battery_always_fell);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_head_wind_beyond_its_airspeed_makes_it_late_and_keeps_it_on_the_path) {
  const Flown flown = fly({.wind = {.speed_m_s = 14.0, .from_deg = 90.0}, .gusts = false});
  BOOST_TEST(flown.flown_s > kRoute.duration_s + 5.0);
  BOOST_TEST(flown.most_off_path_m < 2.5);
  BOOST_TEST(flown.landed_off_m < 1.0);
}

BOOST_AUTO_TEST_CASE(a_parcel_costs_energy) {
  const AirOptions still{.wind = {}, .gusts = false};
  BOOST_TEST(fly(still, 2.0).energy_wh > 1.2 * fly(still, 0.0).energy_wh);
}

BOOST_AUTO_TEST_CASE(a_hover_draws_what_the_planner_says_of_a_hover) {
  VehicleMotion motion = ready_to_fly({.wind = {}, .gusts = false});
  motion.depart(FlightPath(kRoute), 1.0);
  for (int i = 0; i < 2000; ++i) motion.step();
  motion.hold(true);
  for (int i = 0; i < 2000; ++i) motion.step();
  const double before_wh = motion.battery_wh();
  for (int i = 0; i < 500; ++i) motion.step();
  const double power_w = (before_wh - motion.battery_wh()) * 3600.0 / (500 * VehicleMotion::kStep_s);
  BOOST_TEST(power_w == planner::PowerModel(testing::sample_vehicle(), 1.0).hover_w(),
             boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(wind_blows_from_where_a_meteorologist_says) {
  const geo::Enu3 west_wind = wind_velocity_enu({.speed_m_s = 5.0, .from_deg = 270.0});
  BOOST_TEST((west_wind - geo::Enu3(5.0, 0.0, 0.0)).norm() < 1e-9);
}

BOOST_AUTO_TEST_CASE(a_hold_stops_it_on_the_path_and_resume_finishes_the_mission) {
  VehicleMotion motion = ready_to_fly({.wind = {.speed_m_s = 5.0, .from_deg = 10.0}, .gusts = true, .seed = 7});
  const FlightPath path(kRoute);
  motion.depart(path, 1.0);
  const auto fly_s = [&](double seconds) {
    for (double t = 0.0; t < seconds; t += VehicleMotion::kStep_s) motion.step();
  };
  fly_s(40.0);
  BOOST_TEST(motion.v_enu().norm() > 14.0);
  motion.hold(true);
  fly_s(20.0);
  const GeoPoint held = motion.position();
  BOOST_TEST(motion.v_enu().norm() < 1.0);
  fly_s(30.0);
  BOOST_TEST((path.frame().to_local(held) - path.frame().to_local(motion.position())).norm() < 2.0);
  motion.hold(false);
  for (int i = 0; motion.flying() && i < 100'000; ++i) motion.step();
  BOOST_TEST(!motion.flying());
  BOOST_TEST((path.frame().to_local(motion.position()) - path.end()).norm() < 1.0);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_bits_and_another_seed_does_not) {
  const auto end_of = [](std::uint64_t seed) {
    VehicleMotion motion = ready_to_fly({.wind = {.speed_m_s = 6.0, .from_deg = 200.0}, .gusts = true, .seed = seed});
    motion.depart(FlightPath(kRoute), 1.0);
    for (int i = 0; i < 3000; ++i) motion.step();
    return motion.position();
  };
  BOOST_CHECK(end_of(5) == end_of(5));
  BOOST_CHECK(!(end_of(5) == end_of(6)));
}

BOOST_AUTO_TEST_CASE(a_profile_without_a_mass_is_refused) {
  planner::VehicleProfile profile = testing::sample_vehicle();
  profile.empty_mass_kg = 0.0;
  BOOST_CHECK_THROW(VehicleMotion(profile, {}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::sim
