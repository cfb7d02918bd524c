// Orders that merchants cancel, delay or prefer.
#include <boost/test/unit_test.hpp>

#include "tests/dispatch/town_drill.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::FleetDrill;
using drill::TownDrill;
using nlohmann::json;

BOOST_FIXTURE_TEST_SUITE(dispatch_core, TownDrill)

BOOST_AUTO_TEST_CASE(cancelled_before_loading_the_drone_flies_on_and_home) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::to_pickup));
  const json reply = drill.ask("M1", "order.cancel", {{"order_id", id}, {"reason", "no_longer_needed"}});
  BOOST_TEST(reply["body"]["state"] == "cancelled");
  BOOST_TEST(drill.core().state().holder("K3/0").empty());
  drill.run_for(600);
  BOOST_TEST(drill.core().state().flights.empty());
  BOOST_TEST(drill.ask("M1", "order.cancel", {{"order_id", id}, {"reason", "again"}})["body"]["state"] == "cancelled");
}

BOOST_AUTO_TEST_CASE(cancelled_in_the_air_the_parcel_turns_round_and_is_returned) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::airborne));
  drill.run_for(20);
  BOOST_TEST(drill.ask("M1", "order.cancel", {{"order_id", id}, {"reason", "wrong"}})["body"]["state"] == "returning");
  BOOST_TEST(drill.run_until(id, OrderState::returned, 600.0));
  BOOST_TEST(!drill.order(id).delivered_at.has_value());
}

/// A drone that was held while it still rose over the pick-up had no proven way home, and went on to deliver a parcel
/// that its merchant had been told is coming back.
BOOST_AUTO_TEST_CASE(cancelled_during_the_take_off_the_drone_rises_first_and_the_parcel_is_returned) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::airborne));
  BOOST_TEST(drill.ask("M1", "order.cancel", {{"order_id", id}, {"reason", "wrong"}})["body"]["state"] == "returning");
  drill::PaperDrone& drone = drill.drone(drill.order(id).drone);
  BOOST_REQUIRE(drone.route.has_value());
  const double top_msl_m = drone.route->waypoints.at(1).position.alt_msl_m;
  BOOST_TEST(drone.position.alt_msl_m < top_msl_m - 10.0);
  for (int s = 0; s < 120 && !drone.held_since; ++s) drill.step();
  BOOST_TEST(drone.held_since.has_value());
  BOOST_TEST(drone.position.alt_msl_m >= top_msl_m - 0.01);
  BOOST_TEST(drill.run_until(id, OrderState::returned, 600.0));
  BOOST_TEST(!drill.order(id).delivered_at.has_value());
}

/// Until telemetry said where it was, every drone counted as one that still rises, and was sent on.
BOOST_AUTO_TEST_CASE(what_hovers_to_turn_round_is_not_sent_on_by_a_restart) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::airborne));
  drill.run_for(20);
  (void)drill.ask("M1", "order.cancel", {{"order_id", id}, {"reason", "wrong"}});
  drill::PaperDrone& drone = drill.drone(drill.order(id).drone);
  for (int s = 0; s < 30 && !drone.held_since; ++s) drill.step();
  BOOST_REQUIRE(drone.held_since.has_value());
  const std::size_t before = drill.journal().size();
  drill.restart();
  drill.connect_all();
  drill.run_for(3);
  for (std::size_t k = before; k < drill.journal().size(); ++k) {
    const auto* issued = std::get_if<CommandIssued>(&drill.journal()[k].body);
    BOOST_TEST((issued == nullptr || issued->verb != "resume"));
  }
  BOOST_TEST(drill.run_until(id, OrderState::returned, 600.0));
}

BOOST_AUTO_TEST_CASE(what_is_landing_at_the_drop_off_is_called_back_no_more) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::arriving));
  drill::PaperDrone& drone = drill.drone(drill.order(id).drone);
  const double cruise_msl_m = drone.position.alt_msl_m;
  for (int s = 0; s < 300 && drone.position.alt_msl_m > cruise_msl_m - 5.0; ++s) drill.step();
  BOOST_TEST(drill.ask("M1", "order.cancel", {{"order_id", id}, {"reason", "wrong"}})["error"]["code"] == "too_late");
  BOOST_TEST((drill.operate(OperatorVerb::recall, id).error->code == ErrorCode::too_late));
  BOOST_TEST(drill.run_until(id, OrderState::delivered, 300.0));
}

BOOST_AUTO_TEST_CASE(a_cancel_that_was_accepted_is_accepted_again_while_the_drone_lands) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::airborne));
  drill.run_for(20);
  const json wrong{{"order_id", id}, {"reason", "wrong"}};
  BOOST_TEST(drill.ask("M1", "order.cancel", wrong)["body"]["state"] == "returning");
  // It answers every hold, and flies on.
  drill::PaperDrone& drone = drill.drone(drill.order(id).drone);
  const double cruise_msl_m = drone.position.alt_msl_m;
  for (int s = 0; s < 300 && drone.position.alt_msl_m > cruise_msl_m - 5.0; ++s) {
    drone.held_since.reset();
    drill.step();
  }
  BOOST_TEST(drone.position.alt_msl_m <= cruise_msl_m - 5.0);
  BOOST_TEST(drill.ask("M1", "order.cancel", wrong)["body"]["state"] == "returning");
}

BOOST_AUTO_TEST_CASE(a_delivered_order_is_too_late_to_cancel) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::delivered));
  BOOST_TEST(drill.ask("M1", "order.cancel", {{"order_id", id}, {"reason", "x"}})["error"]["code"] == "too_late");
  BOOST_TEST(drill.ask("M1", "order.ready",
                       {{"order_id", id}, {"ready_at", format_rfc3339(drill.now())}})["error"]["code"] == "too_late");
}

BOOST_AUTO_TEST_CASE(a_later_readiness_moves_the_departure) {
  json body = wish("K1", "K3");
  body["client_order_id"] = "later";
  body["ready_at"] = format_rfc3339(after(drill.now(), 600.0));
  const json created = drill.ask("M1", "order.create", body);
  BOOST_REQUIRE(created["ok"] == true);
  const std::string id = created["body"]["order_id"];
  drill.run_for(60);
  BOOST_TEST((drill.order(id).state == OrderState::accepted));  // no drone waits at the kiosk for ten minutes
  const json moved = drill.ask("M1", "order.ready", {{"order_id", id}, {"ready_at", format_rfc3339(drill.now())}});
  BOOST_TEST(moved["ok"] == true);
  BOOST_TEST(drill.run_until(id, OrderState::to_pickup, 30.0));
}

/// A twentieth of the hours until then was once taken for what a queue may add: p05 lay an hour before the parcel.
BOOST_AUTO_TEST_CASE(a_promise_for_the_evening_is_not_as_wide_as_todays_queue_is_far) {
  json body = wish("K1", "K3");
  body.erase("client_order_id");
  body["ready_at"] = format_rfc3339(after(drill.now(), 9.0 * 3600.0));
  const auto width_s = [&] {
    const json quoted = drill.ask("M1", "quote", body)["body"];
    BOOST_REQUIRE(quoted["serviceable"] == true);
    return seconds_between(*parse_rfc3339(quoted["p05"].get<std::string>()),
                           *parse_rfc3339(quoted["p95"].get<std::string>()));
  };
  const double free_s = width_s();
  for (int k = 0; k < 6; ++k) (void)drill.create("now-" + std::to_string(k), "K1", "K3");
  drill.run_for(30);
  BOOST_TEST(width_s() < 2.0 * free_s);
}

BOOST_AUTO_TEST_CASE(priorities_reorder_a_merchants_own_orders_only) {
  FleetDrill one(drill::small_town(1), 3);
  one.connect_all();
  one.run_for(2);
  std::vector<std::string> ids;
  const auto order = [&](const std::string& merchant, const std::string& key, int priority) {
    json body = wish("K1", "K3");
    body["client_order_id"] = key;
    body["priority"] = priority;
    ids.push_back(one.ask(merchant, "order.create", body)["body"]["order_id"]);
  };
  order("M1", "a", 5);
  BOOST_REQUIRE(one.run_until(ids[0], OrderState::assigned, 60.0));
  order("M1", "b", 1);
  order("M2", "c", 0);
  order("M1", "d", 9);
  const std::vector<std::string> wanted{ids[3], ids[2], ids[1]};
  std::vector<std::string> served;
  const DispatchState& state = one.core().state();
  for (const Order* waiting : waiting_orders(state, OrderTable{state}, one.now())) served.push_back(waiting->order_id);
  BOOST_TEST(served == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
