#include "planner/energy.hpp"

#include <boost/test/unit_test.hpp>

namespace planner = swiftlet::planner;

namespace {

/// The DJI M100 of Rodrigues et al., Sci Data 8:155 (2021), with the efficiency and drag area that fit its six steady
/// flights best.
planner::VehicleProfile m100() {
  planner::VehicleProfile v;
  v.empty_mass_kg = 3.68;
  v.rotor_disc_area_m2 = 0.364;
  v.hover_efficiency = 0.47;
  v.drag_area_m2 = 0.11;
  return v;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(energy)

BOOST_AUTO_TEST_CASE(the_model_meets_the_measured_steady_flights_of_an_m100_within_the_stated_error) {
  const planner::PowerModel power(m100(), 0.0);
  const struct {
    double speed, watts;
  } measured[] = {{0.0, 473}, {4.0, 452}, {5.9, 452}, {7.7, 438}, {8.8, 400}, {10.2, 420}};
  for (const auto& flight : measured) {
    BOOST_TEST(power.power_w(flight.speed, 0.0) == flight.watts, boost::test_tools::tolerance(0.055));
  }
}

BOOST_AUTO_TEST_CASE(climbing_costs_and_descending_gives_nothing_back) {
  const planner::PowerModel power(m100(), 0.0);
  BOOST_TEST(power.power_w(5.0, 2.0) > power.power_w(5.0, 1.0));
  BOOST_TEST(power.power_w(5.0, -2.0) == power.power_w(5.0, 0.0));
}

BOOST_AUTO_TEST_CASE(the_least_power_is_below_every_flight_and_not_far_below) {
  for (const double payload : {0.0, 1.0, 3.0}) {
    const planner::PowerModel power(m100(), payload);
    const double least = power.least_w(20.0);
    double lowest = 1e9;
    for (double speed = 0.0; speed <= 20.0; speed += 0.01) lowest = std::min(lowest, power.power_w(speed, 0.0));
    BOOST_TEST(least <= lowest);
    BOOST_TEST(least > 0.95 * lowest);
  }
}

BOOST_AUTO_TEST_SUITE_END()
