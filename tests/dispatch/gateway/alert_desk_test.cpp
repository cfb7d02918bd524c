#include "dispatch/gateway/alert_desk.hpp"

#include <boost/test/unit_test.hpp>

#include "dispatch/gateway/picture_json.hpp"

namespace swiftlet::dispatch {
namespace {

UtcTime at(int second) { return UtcTime{std::chrono::hours(24 * 20'000)} + std::chrono::seconds(second); }

FleetPicture with_link(int second, LinkState link, const std::string& flight = {}) {
  FleetPicture picture{.at = at(second), .whole = true};
  picture.drones.push_back({.id = "D01", .link = link, .battery_wh = 500, .battery_full_wh = 500, .flight_id = flight});
  return picture;
}

OrderPicture due_in(int second, double eta_s, double due_s) {
  OrderPicture order{.id = "O1", .state = OrderState::airborne, .deliver_by = after(at(second), due_s)};
  const UtcTime eta = after(at(second), eta_s);
  order.delivery = EtaDistribution{
      .eta = eta, .p05 = after(eta, -8), .p10 = after(eta, -6), .p90 = after(eta, 6), .p95 = after(eta, 8)};
  return order;
}

BOOST_AUTO_TEST_SUITE(alert_desk)

BOOST_AUTO_TEST_CASE(one_cause_is_one_alert_however_long_it_lasts) {
  AlertDesk desk;
  for (int second = 0; second < 20; ++second) desk.update(with_link(second, LinkState::lost, "F1"));
  const auto alerts = desk.to_json();
  BOOST_REQUIRE_EQUAL(alerts.size(), 1U);
  BOOST_TEST(alerts.begin()->second["since"] == format_rfc3339(at(0)));
  BOOST_TEST(alerts.begin()->second["priority"] == 1);
}

BOOST_AUTO_TEST_CASE(ack_own_resolve) {
  AlertDesk desk;
  desk.update(with_link(0, LinkState::lost));
  const std::string id = "drone_lost:D01";
  BOOST_TEST((desk.take_step(id, "resolve", "olga").error().code == ErrorCode::conflict));
  BOOST_REQUIRE(desk.take_step(id, "ack", "olga"));
  BOOST_TEST(desk.to_json().at(id)["state"] == "acked");
  BOOST_REQUIRE(desk.take_step(id, "own", "pia"));
  BOOST_TEST(desk.to_json().at(id)["owner"] == "pia");
  BOOST_TEST(desk.to_json().at(id)["acked_by"] == "olga");
  BOOST_TEST(!desk.take_step(id, "resolve", "olga"));  // it is pia's
  BOOST_REQUIRE(desk.take_step(id, "resolve", "pia"));
  desk.update(with_link(1, LinkState::lost));
  BOOST_TEST(desk.to_json().empty());  // resolved: not again for the same cause
  desk.update(with_link(2, LinkState::fresh));
  desk.update(with_link(3, LinkState::lost));
  BOOST_TEST(desk.to_json().size() == 1U);  // but for a new one
  BOOST_TEST((desk.take_step("nothing", "ack", "olga").error().code == ErrorCode::not_found));
  BOOST_TEST((desk.take_step(id, "shrug", "olga").error().code == ErrorCode::bad_request));
}

BOOST_AUTO_TEST_CASE(what_went_by_itself_stays_until_somebody_has_seen_it) {
  AlertDesk desk;
  desk.update(with_link(0, LinkState::lost));
  desk.update(with_link(1, LinkState::fresh));
  BOOST_TEST(desk.to_json().at("drone_lost:D01")["over_at"] == format_rfc3339(at(1)));
  BOOST_REQUIRE(desk.take_step("drone_lost:D01", "ack", "olga"));
  desk.update(with_link(2, LinkState::fresh));
  BOOST_TEST(desk.to_json().empty());
}

BOOST_AUTO_TEST_CASE(the_alert_of_an_order_that_has_ended_is_gone) {
  AlertDesk desk;
  FleetPicture picture{.at = at(0), .whole = true};
  picture.orders.push_back(due_in(0, 300, 100));
  desk.update(picture);
  BOOST_TEST(desk.to_json().contains("order_late:O1"));
  BOOST_TEST(desk.standing() == 1U);
  picture.orders[0].state = OrderState::delivered;
  desk.update(picture);
  BOOST_TEST(desk.to_json().empty());  // though nobody has seen it: nothing can be done
  BOOST_TEST(desk.standing() == 0U);
}

BOOST_AUTO_TEST_CASE(lateness_does_not_flutter) {
  AlertDesk desk;
  const auto hear = [&](int second, double eta_s, double due_s) {
    FleetPicture picture{.at = at(second), .whole = true};
    picture.orders.push_back(due_in(second, eta_s, due_s));
    desk.update(picture);
    return desk.to_json().contains("order_late:O1") && !desk.to_json().at("order_late:O1").contains("over_at");
  };
  BOOST_TEST(!hear(0, 100, 120));
  BOOST_TEST(!hear(1, 100, 100));  // even odds
  BOOST_TEST(hear(2, 100, 95));
  BOOST_TEST(hear(3, 100, 100));  // stands until it is clearly in time
  BOOST_TEST(!hear(4, 100, 120));
}

BOOST_AUTO_TEST_CASE(risk_follows_the_distribution) {
  BOOST_TEST(risk_of_lateness(due_in(0, 100, 200), at(0)) < 1e-6);
  BOOST_TEST(risk_of_lateness(due_in(0, 100, 100), at(0)) == 0.5, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(risk_of_lateness(due_in(0, 100, 50), at(0)) > 0.999);
  double before = 1.0;
  for (double due = 50; due < 150; due += 1.0) {
    const double risk = risk_of_lateness(due_in(0, 100, due), at(0));
    BOOST_TEST(risk <= before);
    before = risk;
  }
}

BOOST_AUTO_TEST_CASE(an_order_that_stands_still_says_why_until_when_and_what_to_do) {
  AlertDesk desk;
  FleetPicture picture{.at = at(0), .whole = true};
  OrderPicture order = due_in(0, 8.0, 600.0);
  order.state = OrderState::loading;
  order.drone = "D01";
  order.standstill = Standstill{.since = at(0), .cause = "wind", .code = "weather_hold", .what = "wind of 13 m/s"};
  order.given_up_at = at(3600);
  picture.orders = {order};
  desk.update(picture);
  const auto alerts = desk.to_json();
  BOOST_REQUIRE(alerts.contains("order_stuck:O1"));
  const nlohmann::json& alert = alerts.at("order_stuck:O1");
  BOOST_TEST(alert["priority"] == 1);
  const std::string detail = alert["detail"];
  for (const std::string& said : {std::string("wind of 13 m/s"), format_rfc3339(at(3600)), std::string("by hand")}) {
    BOOST_TEST(detail.find(said) != std::string::npos, detail);
  }
  picture.orders[0].standstill.reset();
  desk.update(picture);
  BOOST_TEST(desk.to_json().at("order_stuck:O1").contains("over_at"));
}

BOOST_AUTO_TEST_CASE(a_webhook_that_fails_for_a_minute_is_told_and_over_when_it_takes_again) {
  AlertDesk desk;
  const FleetPicture calm{.at = at(0), .whole = true};
  const WebhookPicture failing{.merchant = "M1", .undelivered = 3, .failure = "HTTP 500", .failing_for_s = 61.0};
  WebhookPicture young = failing;
  young.failing_for_s = 59.0;
  desk.update(calm, {young});
  BOOST_TEST(desk.to_json().empty());
  desk.update(calm, {failing});
  const auto alert = desk.to_json().at("webhook_failing:M1");
  BOOST_TEST(alert["merchant"] == "M1");
  BOOST_TEST(alert["detail"] == "HTTP 500; 3 events wait");
  desk.update(calm, {{.merchant = "M1"}});
  BOOST_TEST(desk.to_json().at("webhook_failing:M1").contains("over_at"));
}

BOOST_AUTO_TEST_CASE(a_drone_that_cannot_leave_is_told_even_without_an_order) {
  AlertDesk desk;
  FleetPicture picture{.at = at(120), .whole = true};
  picture.flights.push_back({.id = "F1",
                             .drone = "D01",
                             .legs = {{.purpose = LegPurpose::home, .from = {.pad = "K7", .slot = 0, .at = {}}}},
                             .phase_since = at(0),
                             .kept_by = "wind of 13 m/s"});
  desk.update(picture);
  BOOST_REQUIRE(desk.to_json().contains("drone_stuck:D01"));
  BOOST_TEST(desk.to_json().at("drone_stuck:D01")["detail"].get<std::string>().find("K7") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_drone_off_control_one_that_warns_and_one_without_its_battery_are_told) {
  AlertDesk desk;
  FleetPicture picture;
  picture.whole = true;
  picture.drones.resize(3);
  for (std::size_t i = 0; i < 3; ++i) {
    picture.drones[i].id = "D0" + std::to_string(i + 1);
    picture.drones[i].link = LinkState::fresh;
    picture.drones[i].telemetry = Telemetry();
  }
  picture.drones[0].telemetry->control = ControlState::other;
  picture.drones[0].telemetry->warning = "custom mode 5";
  picture.drones[1].telemetry->warning = "stands and is armed";
  picture.drones[2].telemetry->battery_age_s = 12.0;
  desk.update(picture);
  BOOST_TEST(desk.standing() == 3U);
  BOOST_TEST(desk.to_json().at("drone_taken_over:D01")["detail"] == "custom mode 5");
  BOOST_TEST(desk.to_json().at("drone_taken_over:D01")["priority"] == 1);
  BOOST_TEST(desk.to_json().at("drone_warning:D02")["detail"] == "stands and is armed");
  BOOST_TEST(desk.to_json().at("battery_unknown:D03")["priority"] == 2);
  for (DronePicture& drone : picture.drones) drone.telemetry = Telemetry();
  desk.update(picture);
  BOOST_TEST(desk.standing() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
