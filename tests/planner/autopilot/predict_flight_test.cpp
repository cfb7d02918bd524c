#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

#include "planner/autopilot/autopilot_profile.hpp"
#include "planner/mission/mission_steps.hpp"
#include "planner/vehicle.hpp"

namespace autopilot = swiftlet::planner::autopilot;
namespace mission = swiftlet::planner::mission;
using swiftlet::geo::Wind;

namespace {

/// Items over home: east metres, north metres, height, and what is done there.
struct Drawn {
  int command;
  double east_m, north_m, height_m;
  double p1 = 0.0, p2 = 0.0;
};

mission::Mission drawn(const std::vector<Drawn>& items) {
  mission::Mission out;
  out.home = {4.84, 45.76, 170.0};
  constexpr double kPerDegree = 111318.845;
  const double shrink = 0.69766;  // cosine of the latitude
  for (const Drawn& d : items) {
    out.items.push_back({.seq = static_cast<int>(out.items.size()) + 1,
                         .command = d.command,
                         .parameters = {d.p1, d.p2, 0.0, 0.0},
                         .at = {4.84 + d.east_m / kPerDegree / shrink, 45.76 + d.north_m / kPerDegree},
                         .altitude_m = d.height_m});
  }
  return out;
}

autopilot::FlightPrediction flown(const mission::Mission& m, const Wind& wind = {}, const char* vehicle = "quad-10") {
  const auto profile = swiftlet::planner::load_vehicle(vehicle);
  BOOST_REQUIRE(profile.has_value());
  const auto flight = autopilot::predict_flight(m, profile->autopilot.value(), wind);
  BOOST_REQUIRE(flight.has_value());
  return *flight;
}

const Drawn kUp{22, 0, 0, 60};
const Drawn kDown{21, 0, 600, 0};

}  // namespace

BOOST_AUTO_TEST_SUITE(predict_flight)

BOOST_AUTO_TEST_CASE(a_stop_on_the_way_costs_more_than_flying_through_it) {
  const auto through = flown(drawn({kUp, {16, 0, 300, 60}, {16, 0, 600, 60}, kDown}));
  const auto stay = flown(drawn({kUp, {16, 0, 300, 60, 7}, {16, 0, 600, 60}, kDown}));
  // Braking and speeding up again take about 10/2.5 + 2.5 + 0.3 s at half the speed, then 7 s of staying.
  const double cost_s = stay.duration_s - through.duration_s;
  BOOST_TEST(cost_s > 7.0 + 5.0);
  BOOST_TEST(cost_s < 7.0 + 10.0);
}

BOOST_AUTO_TEST_CASE(a_change_of_speed_holds_from_its_place_in_the_mission_on) {
  const auto same = flown(drawn({kUp, {16, 0, 300, 60}, {16, 0, 600, 60}, kDown}));
  const auto slower = flown(drawn({kUp, {16, 0, 300, 60}, {178, 0, 0, 0, 1, 5}, {16, 0, 600, 60}, kDown}));
  BOOST_TEST(slower.waypoints[1].t_s == same.waypoints[1].t_s, boost::test_tools::tolerance(0.01));
  // 300 m at 5 instead of 10 m/s, less the braking at both ends.
  const double later_s = slower.waypoints[2].t_s - same.waypoints[2].t_s;
  BOOST_TEST(later_s > 22.0);
  BOOST_TEST(later_s < 31.0);
}

BOOST_AUTO_TEST_CASE(head_wind_costs_a_lean_limited_vehicle_far_more_than_tail_wind_saves) {
  const auto m = drawn({kUp, {16, 0, 600, 60}, kDown});
  const double still = flown(m).duration_s;
  const double head = flown(m, {.speed_m_s = 8.0, .from_deg = 0.0}).duration_s;
  const double tail = flown(m, {.speed_m_s = 8.0, .from_deg = 180.0}).duration_s;
  BOOST_TEST(head > still + 120.0);
  BOOST_TEST(std::abs(tail - still) < 5.0);
}

BOOST_AUTO_TEST_CASE(a_wind_that_cannot_be_flown_against_is_an_error_not_an_endless_flight) {
  const auto profile = swiftlet::planner::load_vehicle("quad-10");
  BOOST_REQUIRE(profile.has_value());
  const auto m = drawn({kUp, {16, 0, 600, 60}, kDown});
  const auto flight = autopilot::predict_flight(m, *profile->autopilot, {.speed_m_s = 14.0, .from_deg = 0.0});
  BOOST_REQUIRE(!flight.has_value());
  BOOST_TEST(swiftlet::name(flight.error().code) == "wind_too_strong");
  BOOST_TEST(flight.error().where == "item 2");
}

BOOST_AUTO_TEST_CASE(a_return_climbs_to_its_height_flies_home_and_lands_there) {
  const auto flight = flown(drawn({{22, 0, 0, 10}, {16, 0, 300, 10}, {20, 0, 0, 0}}));
  double highest = 0.0;
  for (const auto& p : flight.track) highest = std::max(highest, p.height_m);
  BOOST_TEST(highest == 15.0, boost::test_tools::tolerance(0.02));  // RTL_ALT
  BOOST_TEST(std::abs(flight.track.back().north_m) < 0.5);
  BOOST_TEST(flight.waypoints.size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_is_not_modelled_is_refused_by_item) {
  for (const int command : {82, 18, 17, 177, 93 + 1000}) {
    const auto steps = mission::mission_steps(drawn({kUp, {command, 0, 100, 60}, kDown}));
    BOOST_REQUIRE(!steps.has_value());
    BOOST_TEST(swiftlet::name(steps.error().code) == "unsupported_format");
    BOOST_TEST(steps.error().where == "item 2");
  }
  BOOST_TEST(!mission::mission_steps(drawn({{16, 0, 100, 60}, kDown})).has_value());
  BOOST_TEST(!mission::mission_steps(drawn({kUp, {16, 0, 100, 60}})).has_value());
  BOOST_TEST(!mission::mission_steps(drawn({kUp, {16, 0, 100, 60, -3}, kDown})).has_value());
}

BOOST_AUTO_TEST_CASE(the_same_mission_gives_the_same_flight_to_the_last_bit) {
  const auto m = drawn({kUp, {16, 100, 300, 80}, {16, 0, 600, 60}, kDown});
  const Wind wind{.speed_m_s = 5.0, .from_deg = 40.0};
  const auto a = flown(m, wind, "hexa-15"), b = flown(m, wind, "hexa-15");
  BOOST_TEST(a.duration_s == b.duration_s);
  BOOST_TEST(a.energy_wh == b.energy_wh);
}

BOOST_AUTO_TEST_SUITE_END()
