#include "dispatch/core/contingency.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/dispatch/fleet_drill.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::FleetDrill;
using drill::PaperDrone;
using nlohmann::json;

/// The failure table of the operations manual, a test a row.
struct Air {
  FleetDrill drill{drill::small_town(4), 21};
  Air() {
    drill.connect_all();
    drill.run_for(3);
    const json reply = drill.create("c1", "K1", "K3");
    BOOST_REQUIRE(reply.at("ok") == true);
    id = reply["body"]["order_id"];
    BOOST_REQUIRE(drill.run_until(id, OrderState::airborne));
    drill.run_for(20);
  }
  PaperDrone& drone() { return drill.drone(drill.order(id).drone); }
  const Flight& flight() { return drill.core().state().flights.at(drill.order(id).flight_id); }
  bool was(OrderState state) {
    for (const OrderStep& step : drill.order(id).history) {
      if (step.state == state) return true;
    }
    return false;
  }
  std::string cause_of(OrderState state) {
    for (const OrderStep& step : drill.order(id).history) {
      if (step.state == state) return step.cause;
    }
    return "never";
  }
  std::string id;
};

BOOST_FIXTURE_TEST_SUITE(contingencies, Air)

BOOST_AUTO_TEST_CASE(a_pad_that_closes_ahead_is_held_for_and_flown_to_once_it_opens) {
  (void)drill.operate(OperatorVerb::close_pad, "K3");
  drill.run_for(30);
  BOOST_TEST((drill.order(id).state == OrderState::holding));
  BOOST_TEST(cause_of(OrderState::holding) == "pad_queue");
  const GeoPoint there = drone().position;
  drill.run_for(10);
  BOOST_TEST((drone().position == there));
  (void)drill.operate(OperatorVerb::open_pad, "K3");
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
}

BOOST_AUTO_TEST_CASE(a_pad_that_stays_closed_is_exchanged_for_another_and_the_parcel_comes_back) {
  (void)drill.operate(OperatorVerb::close_pad, "K3");
  BOOST_TEST(drill.run_until(id, OrderState::diverted, 120.0));
  BOOST_TEST(cause_of(OrderState::diverted) == "pad_queue");
  BOOST_TEST(drill.run_until(id, OrderState::returned));
}

BOOST_AUTO_TEST_CASE(with_every_pad_closed_the_parcel_goes_home) {
  for (const char* pad : {"K1", "K2", "K3", "K4", "H1", "H2"}) {
    if (drone().id == "D01" || drone().id == "D03" ? std::string(pad) != "H1" : std::string(pad) != "H2") {
      (void)drill.operate(OperatorVerb::close_pad, pad);
    }
  }
  BOOST_TEST(drill.run_until(id, OrderState::returned));
  BOOST_TEST(!was(OrderState::diverted));
}

BOOST_AUTO_TEST_CASE(low_on_battery_the_nearest_place_is_flown_to) {
  // Not enough to arrive with half the reserve, enough for somewhere near.
  const planner::Route& route = *flight().mission->route;
  const double left_wh = 0.2 * (route.duration_s - seconds_between(*flight().mission->departed_at, drill.now()));
  drone().battery_wh = left_wh + 5.0;
  for (int t = 0; t < 600 && drill.order(id).state <= OrderState::arriving; ++t) drill.step();
  BOOST_TEST((drill.order(id).state == OrderState::diverted || drill.order(id).state == OrderState::returning));
  BOOST_TEST(drill.order(id).history.back().cause == "battery");
  drone().battery_wh.reset();  // a fresh one has been brought
  BOOST_TEST(drill.run_until(id, OrderState::returned));
}

BOOST_AUTO_TEST_CASE(with_too_little_for_any_pad_the_drone_lands_where_it_is) {
  drone().battery_wh = 0.5;
  drill.run_for(3);
  BOOST_TEST(drill.run_until(id, OrderState::failed, 60.0));
  BOOST_TEST(drill.order(id).history.back().cause == "battery");
  BOOST_TEST(!drill.core().state().drones.at(drone().id).withdrawn.empty());
}

BOOST_AUTO_TEST_CASE(a_drone_that_falls_a_tenth_short_of_its_goal_lands_while_it_can) {
  for (const char* pad : {"K1", "K2", "K4", "H1", "H2"}) (void)drill.operate(OperatorVerb::close_pad, pad);
  const planner::Route& route = *flight().mission->route;
  const auto left_s = [&] { return route.duration_s - seconds_between(*flight().mission->departed_at, drill.now()); };
  while (left_s() > 30.0) drill.step();
  drone().battery_wh = 0.9 * 0.2 * left_s();
  BOOST_TEST(drill.run_until(id, OrderState::failed, 60.0));
  BOOST_TEST(drill.order(id).history.back().cause == "battery");
  BOOST_TEST(!drill.order(id).delivered_at.has_value());
}

BOOST_AUTO_TEST_CASE(off_its_route_for_a_minute_a_flight_is_planned_anew) {
  const std::uint64_t mission = flight().mission->mission_no;
  drone().off_route_deg = 0.0005;  // 55 m
  drill.run_for(40);
  BOOST_TEST(flight().mission->mission_no == mission);
  drone().off_route_deg = 0.0;  // back in time: nothing happens
  drill.run_for(5);
  drone().off_route_deg = 0.0005;
  for (int s = 0; s < 90 && flight().mission->mission_no == mission; ++s) drill.step();
  BOOST_TEST(flight().mission->mission_no > mission);
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
}

BOOST_AUTO_TEST_CASE(of_two_at_once_the_more_severe_wins_and_is_never_softened) {
  (void)drill.operate(OperatorVerb::close_pad, "K3");
  drone().battery_wh = 0.5;
  drill.step();
  BOOST_TEST((flight().steer == Steer::land));
  drone().battery_wh = 250.0;
  (void)drill.operate(OperatorVerb::open_pad, "K3");
  drill.step();
  BOOST_TEST((drill.order(id).state == OrderState::failed || flight().steer == Steer::land));
}

BOOST_AUTO_TEST_CASE(a_silent_drone_is_told_of_once_and_flies_on) {
  drone().linked = false;
  int alarms = 0;
  for (int s = 0; s < 30; ++s) {
    drill.step();
    alarms += drill.alarms("is lost");
  }
  BOOST_TEST(alarms == 1);
  BOOST_TEST((flight().steer == Steer::none));
  BOOST_TEST(!drill.core().state().holder("K3/0").empty());
  drone().linked = true;
  drill.connect(drone());
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
}

BOOST_AUTO_TEST_CASE(after_a_restart_silence_means_nothing_for_ten_seconds) {
  drone().linked = false;
  drill.restart();
  int alarms = 0;
  for (int s = 0; s < 19; ++s) {
    drill.step();
    alarms += drill.alarms("is lost");
  }
  BOOST_TEST(alarms == 0);
  for (int s = 0; s < 5; ++s) {
    drill.step();
    alarms += drill.alarms("is lost");
  }
  BOOST_TEST(alarms == 1);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_rerouted_comes_home_and_else_goes_aside) {
  drill.refused_legs()["elsewhere>K3/0"] = Error{.code = ErrorCode::no_fly_zone, .message = "zone"};
  const std::string home = drone().id == "D01"   ? "H1/0"
                           : drone().id == "D02" ? "H2/0"
                           : drone().id == "D03" ? "H1/1"
                                                 : "H2/1";
  drill.refused_legs()["elsewhere>" + home] = Error{.code = ErrorCode::no_fly_zone, .message = "zone"};
  drone().off_route_deg = 0.0005;
  BOOST_TEST(drill.run_until(id, OrderState::diverted, 300.0));
  BOOST_TEST(drill.run_until(id, OrderState::returned));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
