#include "sim/motion/fleet_motion.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "sim/motion/random_stream.hpp"
#include "tests/seed.hpp"
#include "tests/sim/motion/allocation_count.hpp"
#include "tests/sim/sample_mission.hpp"

namespace swiftlet::sim {
namespace {

const planner::VehicleProfile kVehicle = testing::sample_vehicle();
const planner::Route kRoute = testing::sample_route(UtcTime{});

struct Flown {
  double time_s = 0.0;
  double used_wh = 0.0;
  double most_off_path_m = 0.0;
  double landed_off_m = 0.0;
  bool arrived = false;
  geo::Enu3 end;
};

struct Conditions {
  double speed_m_s = 0.0;
  double from_deg = 0.0;
  bool gusts = false;
  std::uint64_t seed = 1;
  double payload_kg = 0.0;
  double ageing = 0.0;
  double temperature_deg_c = 20.0;
  double thrust_share = 1.0;
  double drag_area_m2 = kVehicle.drag_area_m2;
  geo::WindProfile profile = {};
};

Flown fly(const Conditions& c) {
  planner::VehicleProfile vehicle = kVehicle;
  vehicle.drag_area_m2 = c.drag_area_m2;
  FleetMotion motion(1, WindProfile(c.profile));
  motion.fit(0, vehicle, BatteryPack(vehicle.battery_wh, c.ageing, c.temperature_deg_c), c.seed);
  const double from = c.from_deg * std::numbers::pi / 180.0;
  motion.set_wind(0, -c.speed_m_s * std::sin(from), -c.speed_m_s * std::cos(from));
  motion.set_wake(0, 1.0, c.gusts ? 1.0 : 0.0);
  motion.set_thrust_share(0, c.thrust_share);
  const auto path = std::make_shared<const FlightPath>(kRoute);
  motion.depart(0, path, c.payload_kg);
  Flown flown;
  for (int k = 0; k < 20'000 && motion.flying(0); ++k) {
    motion.step(0);
    flown.time_s += FleetMotion::kStep_s;
    flown.most_off_path_m = std::max(flown.most_off_path_m, path->distance_m(motion.p_enu(0)));
  }
  flown.arrived = !motion.flying(0);
  flown.used_wh = motion.used_wh(0);
  flown.end = motion.p_enu(0);
  flown.landed_off_m = (flown.end - path->end()).norm();
  return flown;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fleet_motion)

BOOST_AUTO_TEST_CASE(in_still_air_it_flies_the_trajectory_on_time) {
  const Flown flown = fly({});
  BOOST_TEST(flown.arrived);
  BOOST_TEST(std::abs(flown.time_s - kRoute.duration_s) < 0.01 * kRoute.duration_s);
  BOOST_TEST(flown.most_off_path_m < 1.5);
  BOOST_TEST(flown.landed_off_m < 1.0);
}

BOOST_AUTO_TEST_CASE(in_wind_and_gusts_it_stays_within_three_metres_of_its_path) {
  const std::uint64_t first = test::seed();
  for (std::uint64_t seed = first; seed < first + 200; ++seed) {
    RandomStream random(seed);
    const Conditions c{.speed_m_s = random.uniform(0.0, 10.0),
                       .from_deg = random.uniform(0.0, 360.0),
                       .gusts = true,
                       .seed = seed,
                       .payload_kg = random.uniform(0.0, kVehicle.max_payload_kg)};
    const Flown flown = fly(c);
    BOOST_TEST_CONTEXT("seed " << seed << ", wind " << c.speed_m_s << " m/s from " << c.from_deg) {
      BOOST_TEST(flown.arrived);
      BOOST_TEST(flown.most_off_path_m < 3.0);
      BOOST_TEST(flown.landed_off_m < 1.6);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_wind_that_it_cannot_fly_against_makes_it_late_or_never_there_but_keeps_it_on_the_path) {
  const Flown late = fly({.speed_m_s = 14.0, .from_deg = 90.0});
  BOOST_TEST(late.time_s > kRoute.duration_s + 3.0);
  BOOST_TEST(late.most_off_path_m < 3.0);
  BOOST_TEST(!fly({.speed_m_s = 40.0, .from_deg = 90.0}).arrived);
}

BOOST_AUTO_TEST_CASE(what_costs_energy) {
  const double plain = fly({}).used_wh;
  BOOST_TEST(fly({.payload_kg = 2.0}).used_wh > 1.2 * plain);
  BOOST_TEST(fly({.speed_m_s = 9.0, .from_deg = 90.0, .drag_area_m2 = 0.6}).used_wh >
             fly({.drag_area_m2 = 0.6}).used_wh);
}

BOOST_AUTO_TEST_CASE(a_motor_that_gives_too_little_thrust_cannot_lift_it) {
  const Flown flown = fly({.payload_kg = 2.0, .thrust_share = 0.5});
  BOOST_TEST(!flown.arrived);
}

BOOST_AUTO_TEST_CASE(wind_grows_with_height_as_the_profile_says) {
  const WindProfile log({.kind = geo::WindProfileKind::log, .z0_m = 1.0});
  BOOST_TEST(log.factor(10.0) == 1.0, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(log.factor(100.0) == 2.0, boost::test_tools::tolerance(1e-9));
  for (double h = 0.5; h < 390.0; h += 0.5) BOOST_TEST(log.factor(h + 0.5) >= log.factor(h));
  BOOST_TEST(WindProfile({.kind = geo::WindProfileKind::power, .exponent = 0.25}).factor(160.0) == 2.0,
             boost::test_tools::tolerance(1e-9));
  const Conditions constant{.speed_m_s = 5.0, .from_deg = 90.0, .drag_area_m2 = 0.6};
  Conditions grown = constant;
  grown.profile = {.kind = geo::WindProfileKind::log, .z0_m = 1.0};
  BOOST_TEST(fly(grown).used_wh > 1.02 * fly(constant).used_wh);
}

BOOST_AUTO_TEST_CASE(a_pack_gives_less_when_it_is_old_or_cold_and_sags_under_load) {
  const BatteryPack fresh(700.0, 0.0, 25.0);
  const BatteryPack old(700.0, 0.2, 25.0);
  const BatteryPack cold(700.0, 0.0, -10.0);
  BOOST_TEST(fresh.capacity_wh == 700.0);
  BOOST_TEST(old.capacity_wh == 560.0);
  BOOST_TEST(cold.capacity_wh < 600.0);
  BOOST_TEST(fresh.under(1400.0, 0.5).cell_v < fresh.under(100.0, 0.5).cell_v);
  BOOST_TEST(old.under(1400.0, 0.5).cell_v < fresh.under(1400.0, 0.5).cell_v);
  BOOST_TEST(fresh.under(1400.0, 0.5).drain_w > 1400.0);
  for (double charge = 0.0; charge < 1.0; charge += 0.01)
    BOOST_TEST(BatteryPack::open_circuit_v(charge) < BatteryPack::open_circuit_v(charge + 0.01));
}

BOOST_AUTO_TEST_CASE(an_empty_pack_is_cut_off) {
  FleetMotion motion(1, WindProfile{});
  motion.fit(0, kVehicle, BatteryPack(20.0, 0.0, 20.0), 1);
  motion.depart(0, std::make_shared<const FlightPath>(kRoute), 0.0);
  int steps = 0;
  while (!motion.cut_off(0) && ++steps < 20'000) motion.step(0);
  BOOST_TEST(motion.cut_off(0));
  BOOST_TEST(steps * FleetMotion::kStep_s < kRoute.duration_s);
}

// A drone hovered over a corner for the rest of its battery: the trajectory slowed down harder there than any vehicle
// can, and while the clock waited for the vehicle, the vehicle was told to slow down still.
BOOST_AUTO_TEST_CASE(a_corner_that_asks_too_much_is_flown_late_not_never) {
  const geo::LocalFrame frame({4.85, 45.76});
  planner::Route route;
  const auto add = [&](double x, double y, double z, double t_s, double ground_speed_m_s) {
    planner::Waypoint w;
    w.position = frame.to_geo(geo::Enu3(x, y, z));
    w.t_s = t_s;
    w.ground_speed_m_s = ground_speed_m_s;
    route.waypoints.push_back(w);
  };
  add(0, 0, 0, 0.0, 0.0);
  add(0, 0, 40, 16.0, 0.0);
  add(60, 0, 40, 24.0, 15.0);
  add(150, 0, 40, 30.0, 15.0);
  add(154, 0, 40, 30.4, 0.0);  // 75 m/s²
  add(154, 60, 40, 38.4, 15.0);
  add(154, 120, 40, 46.4, 0.0);
  add(154, 120, 0, 80.0, 0.0);
  route.duration_s = 80.0;
  FleetMotion motion(1, WindProfile{});
  motion.fit(0, kVehicle, BatteryPack(kVehicle.battery_wh, 0.0, 20.0), 1);
  motion.set_wake(0, 1.0, 0.0);
  motion.depart(0, std::make_shared<const FlightPath>(route, frame), 0.0);
  int steps = 0;
  while (motion.flying(0) && steps < 2000) {
    motion.step(0);
    ++steps;
  }
  BOOST_TEST(!motion.flying(0));
  BOOST_TEST(steps * FleetMotion::kStep_s < 100.0);
}

BOOST_AUTO_TEST_CASE(a_hold_stops_it_and_resume_finishes) {
  FleetMotion motion(1, WindProfile{});
  motion.fit(0, kVehicle, BatteryPack(kVehicle.battery_wh, 0.0, 20.0), 3);
  motion.set_wind(0, 4.0, 2.0);
  const auto path = std::make_shared<const FlightPath>(kRoute);
  motion.depart(0, path, 1.0);
  const auto fly_s = [&](double s) {
    for (int k = 0; k < s / FleetMotion::kStep_s && motion.flying(0); ++k) motion.step(0);
  };
  fly_s(40.0);
  motion.hold(0, true);
  fly_s(20.0);
  const geo::Enu3 held = motion.p_enu(0);
  BOOST_TEST(motion.v_enu(0).norm() < 1.0);
  fly_s(30.0);
  BOOST_TEST((motion.p_enu(0) - held).norm() < 2.0);
  motion.hold(0, false);
  fly_s(1000.0);
  BOOST_TEST(!motion.flying(0));
}

BOOST_AUTO_TEST_CASE(a_vehicle_does_the_same_whoever_flies_beside_it) {
  const auto path = std::make_shared<const FlightPath>(kRoute);
  const auto end = [&](std::size_t beside) {
    FleetMotion motion(beside + 1, WindProfile{});
    for (std::size_t i = 0; i <= beside; ++i) {
      motion.fit(i, kVehicle, BatteryPack(kVehicle.battery_wh, 0.0, 20.0), 40 + i);
      motion.set_wind(i, 5.0, -3.0);
      motion.depart(i, path, 0.5);
    }
    for (int k = 0; k < 900; ++k)
      for (std::size_t i = 0; i <= beside; ++i) motion.step(i);
    return motion.p_enu(0);
  };
  BOOST_CHECK(end(0) == end(7));
}

BOOST_AUTO_TEST_CASE(a_step_allocates_nothing) {
  FleetMotion motion(4, WindProfile{});
  const auto path = std::make_shared<const FlightPath>(kRoute);
  for (std::size_t i = 0; i < 4; ++i) {
    motion.fit(i, kVehicle, BatteryPack(kVehicle.battery_wh, 0.0, 20.0), i);
    motion.set_wind(i, 5.0, -3.0);
    motion.depart(i, path, 0.5);
  }
  const std::size_t before = testing::allocations();
  for (int k = 0; k < 500; ++k)
    for (std::size_t i = 0; i < 4; ++i) motion.step(i);
  BOOST_TEST(testing::allocations() == before);
}

BOOST_AUTO_TEST_CASE(gust_noise_has_mean_nought_and_variance_one) {
  RandomStream random(7);
  double sum = 0.0;
  double squares = 0.0;
  constexpr int kDraws = 400'000;
  for (int k = 0; k < kDraws; ++k) {
    const double x = random.rough_normal();
    sum += x;
    squares += x * x;
  }
  BOOST_TEST(std::abs(sum / kDraws) < 0.005);
  BOOST_TEST(std::abs(squares / kDraws - 1.0) < 0.01);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::sim
