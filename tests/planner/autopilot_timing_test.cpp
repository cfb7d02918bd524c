#include "planner/autopilot_timing.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "planner/mission/route_mission.hpp"
#include "tests/scenarios/dense_referee.hpp"
#include "tests/scenarios/flown.hpp"

namespace mission = swiftlet::planner::mission;
namespace planner = swiftlet::planner;
using swiftlet::test::between;
using swiftlet::test::draw;
using swiftlet::test::outcome;

namespace {

/// Streets with corners to go round.
swiftlet::test::Drawing streets() {
  return draw(R"(
    ..............................
    .A....####....................
    ......####.......######.......
    ......####.......######..B....
    .................######.......
    ..............................)");
}

planner::Route planned(const planner::VehicleProfile& vehicle, const planner::PlanRequest& request) {
  const auto world = streets();
  const planner::Planner strict(world.airspace, std::make_shared<swiftlet::test::DenseReferee>(world.airspace));
  return strict.plan(request, vehicle);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(autopilot_timing)

BOOST_DATA_TEST_CASE(a_route_says_what_predict_says_of_its_exported_mission,
                     boost::unit_test::data::make({"quad-10", "hexa-15"}) *
                         boost::unit_test::data::make({0.0, 70.0, 250.0}),
                     name, from_deg) {
  const double wind_m_s = from_deg > 0.0 ? 5.0 : 0.0;
  const auto vehicle = planner::load_vehicle(name).value();
  auto request = between("A", "B");
  request.wind = swiftlet::geo::Wind{.speed_m_s = wind_m_s, .from_deg = from_deg};
  const planner::Route route = planned(vehicle, request);
  BOOST_REQUIRE_EQUAL(outcome(route), "ok");
  const auto text =
      mission::to_waypoints_text(mission::to_mission(route, {.cruise_speed_m_s = vehicle.cruise_speed_m_s}).value());
  const auto exported = mission::parse_mission(text, "exported");
  BOOST_REQUIRE(exported.has_value());
  const auto flight = planner::autopilot::predict_flight(*exported, vehicle.autopilot.value(), *request.wind);
  BOOST_REQUIRE(flight.has_value());
  BOOST_TEST(route.duration_s == flight->touchdown_s, boost::test_tools::tolerance(0.002));
  BOOST_TEST(route.energy_wh == flight->energy_wh, boost::test_tools::tolerance(0.002));
  BOOST_TEST(route.duration_s >= route.lower_bound);
  request.objective = planner::Objective::energy;
  const planner::Route frugal = planned(vehicle, request);
  BOOST_TEST(frugal.energy_wh >= frugal.lower_bound);
  BOOST_TEST(route.certificate.energy_reserve_wh == vehicle.battery_wh - route.energy_wh,
             boost::test_tools::tolerance(1e-9));
  for (std::size_t k = 1; k < route.waypoints.size(); ++k) {
    const auto& a = route.waypoints[k - 1];
    const auto& b = route.waypoints[k];
    BOOST_TEST(b.t_s >= a.t_s);
    BOOST_TEST(b.ground_speed_m_s <= vehicle.cruise_speed_m_s + 0.5);
  }
}

BOOST_AUTO_TEST_CASE(an_autopilot_is_given_straight_legs_and_few_of_them) {
  const planner::Route route = planned(planner::load_vehicle("hexa-15").value(), between("A", "B"));
  BOOST_REQUIRE_EQUAL(outcome(route), "ok");
  BOOST_TEST(mission::kept_waypoints(route, 0.01).size() < 16U);
}

BOOST_AUTO_TEST_CASE(a_wind_that_the_autopilot_cannot_get_on_against_is_refused) {
  auto vehicle = planner::load_vehicle("quad-10").value();
  vehicle.max_wind_m_s = 30.0;
  vehicle.max_airspeed_m_s = 40.0;  // a profile that promises more than the frame can do
  vehicle.battery_wh = 1e5;
  auto request = between("A", "B");
  request.wind = swiftlet::geo::Wind{.speed_m_s = 18.0, .from_deg = 90.0};
  BOOST_TEST(outcome(planned(vehicle, request)) == "refused wind_too_strong");
}

BOOST_AUTO_TEST_SUITE_END()
