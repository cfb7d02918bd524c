#include "dispatch/core/contingency.hpp"

#include <algorithm>
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
  BOOST_TEST(drill.order(id).refunded);
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
  BOOST_TEST(drill.order(id).refunded);
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

/// It was held over its goal until somebody decided.
BOOST_AUTO_TEST_CASE(who_is_to_turn_round_for_an_operator_while_it_lands_comes_down) {
  for (const bool pad_closes : {false, true}) {
    Air air;
    const auto& points = air.flight().mission->route->waypoints;
    const auto down = std::find_if(points.begin(), points.end(),
                                   [](const planner::Waypoint& w) { return w.phase == planner::Phase::landing; });
    const UtcTime lands_at = after(*air.flight().mission->departed_at, down->t_s);
    while (air.drill.now() < lands_at) air.drill.step();
    if (pad_closes) (void)air.drill.operate(OperatorVerb::close_pad, "K3");
    BOOST_REQUIRE((air.flight().phase == LegPhase::flying));
    (void)air.drill.operate(OperatorVerb::return_home, air.flight().flight_id);
    air.drill.run_for(60);
    const Order& order = air.drill.order(air.id);
    const bool came_down = order.state == OrderState::delivered ||
                           air.drill.core().state().flights.at(order.flight_id).phase != LegPhase::flying;
    BOOST_TEST(came_down == !pad_closes);
  }
}

/// A drone that was silent when it was to leave got its old mission when it came back, and flew it at once.
BOOST_AUTO_TEST_CASE(a_mission_nobody_has_taken_by_its_departure_is_planned_anew) {
  BOOST_REQUIRE(drill.run_until(id, OrderState::delivered));
  drill.run_for(900);
  const json reply = drill.create("c2", "K1", "K3");
  BOOST_REQUIRE(reply.at("ok") == true);
  const std::string late = reply["body"]["order_id"];
  BOOST_REQUIRE(drill.run_until(late, OrderState::assigned));
  PaperDrone& silent = drill.drone(drill.order(late).drone);
  const std::string flight_id = drill.order(late).flight_id;
  const auto mission = [&] { return drill.core().state().flights.at(flight_id).mission; };
  silent.connection = 0;  // what it is told goes nowhere, and it says nothing
  silent.linked = false;
  for (int s = 0; s < 10 && !mission(); ++s) drill.step();
  BOOST_REQUIRE(mission().has_value());
  const std::uint64_t first = mission()->mission_no;
  const UtcTime departs = mission()->route->depart;
  drill.run_for(120);
  const UtcTime back = drill.now();
  BOOST_REQUIRE((back > departs));
  silent.linked = true;
  drill.connect(silent);
  BOOST_TEST(drill.run_until(late, OrderState::to_pickup, 300.0));
  BOOST_TEST(mission()->mission_no > first);
  BOOST_TEST((mission()->route->depart > back));
  BOOST_TEST((silent.route->depart > back));
  BOOST_TEST(drill.run_until(late, OrderState::delivered));
}

BOOST_AUTO_TEST_CASE(whom_a_pilot_has_taken_is_told_nothing_and_gets_a_new_way_once_given_back) {
  const std::uint64_t mission = flight().mission->mission_no;
  drone().take_over(drill.now());
  int alarms = 0;
  drill.step();
  alarms += drill.alarms("is off the service's control");
  drill.step();
  drone().told_while_off_control = 0;
  // Whatever happens, and would call for something.
  (void)drill.operate(OperatorVerb::close_pad, "K3");
  drone().off_route_deg = 0.0005;
  for (int s = 0; s < 90; ++s) {
    drill.step();
    alarms += drill.alarms("is off the service's control");
  }
  BOOST_TEST(alarms == 1);
  BOOST_TEST(drone().told_while_off_control == 0);
  BOOST_TEST((flight().steer == Steer::none));
  BOOST_TEST(flight().mission->mission_no == mission);
  BOOST_REQUIRE(drill.order(id).standstill.has_value());
  BOOST_TEST(drill.order(id).standstill->cause == "operator");
  // A battery that would not do is no reason either.
  drone().battery_wh = 0.5;
  drill.run_for(5);
  BOOST_TEST((flight().steer == Steer::none));
  drone().battery_wh.reset();
  (void)drill.operate(OperatorVerb::open_pad, "K3");
  drone().give_back();
  for (int s = 0; s < 60 && flight().mission->mission_no == mission; ++s) drill.step();
  BOOST_TEST(flight().mission->mission_no > mission);
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
}

BOOST_AUTO_TEST_CASE(a_pilots_drone_on_the_ground_gets_no_work) {
  BOOST_REQUIRE(drill.run_until(id, OrderState::delivered));
  drill.run_for(600);
  for (const char* name : {"D01", "D02", "D03"}) drill.drone(name).take_over(drill.now());
  drill.drone("D04").battery_age_s = 60.0;
  drill.run_for(3);
  const json reply = drill.create("c2", "K1", "K3");
  const bool taken = reply.at("ok") == true;
  if (taken) {
    drill.run_for(60);
    BOOST_TEST((drill.order(reply["body"]["order_id"]).state == OrderState::accepted));
  }
  drill.drone("D04").battery_age_s = 0.0;
  drill.run_for(3);
  const json now = drill.create("c3", "K1", "K3");
  BOOST_REQUIRE(now.at("ok") == true);
  BOOST_TEST(drill.run_until(now["body"]["order_id"], OrderState::loading));
  BOOST_TEST(drill.order(now["body"]["order_id"]).drone == "D04");
}

/// What it knew last, less what has been used since.
BOOST_AUTO_TEST_CASE(a_battery_that_is_not_known_any_more_is_counted_down) {
  const planner::Route& route = *flight().mission->route;
  const double left_s = route.duration_s - seconds_between(*flight().mission->departed_at, drill.now());
  drone().battery_wh = 0.2 * left_s + 60.0;  // plenty
  drill.run_for(3);
  BOOST_TEST((flight().steer == Steer::none));
  drone().battery_age_s = 1e5;
  drill.run_for(2);
  BOOST_TEST((drill.order(id).state == OrderState::failed || flight().steer == Steer::land));
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
