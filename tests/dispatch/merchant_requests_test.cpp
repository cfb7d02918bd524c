// What merchants ask for and are answered: orders, quotes, refusals, lists.
#include <boost/test/unit_test.hpp>

#include "tests/dispatch/town_drill.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::FleetDrill;
using drill::TownDrill;
using nlohmann::json;

BOOST_FIXTURE_TEST_SUITE(dispatch_core, TownDrill)

BOOST_AUTO_TEST_CASE(the_same_create_again_is_answered_with_the_first_reply) {
  json body = wish("K1", "K3");
  body["client_order_id"] = "same";
  const json first = drill.ask("M1", "order.create", body)["body"];
  drill.run_for(400);
  body["priority"] = 5;  // the default, said aloud
  const json again = drill.ask("M1", "order.create", body);
  BOOST_TEST(again["ok"] == true);
  BOOST_TEST(again["body"] == first);
  BOOST_TEST(drill.core().state().orders.size() == 1);
  body["parcel"]["mass_kg"] = 2.0;
  BOOST_TEST(drill.ask("M1", "order.create", body)["error"]["code"] == "conflict");
  BOOST_TEST(drill.ask("M2", "order.create", body)["ok"] == true);  // another merchant's key is another key
}

BOOST_AUTO_TEST_CASE(two_creates_at_once_with_one_key_make_one_order) {
  json body = wish("K2", "K4");
  body["client_order_id"] = "twice";
  const std::string a = drill.send("M1", "order.create", body);
  const std::string b = drill.send("M1", "order.create", body);
  drill.run_for(5);
  BOOST_TEST(drill.replies().at(a)["body"] == drill.replies().at(b)["body"]);
  BOOST_TEST(drill.core().state().orders.size() == 1);
}

BOOST_AUTO_TEST_CASE(refusals_are_not_stored) {
  json body = wish("K1", "K3", 2.6);
  body["client_order_id"] = "heavy";
  BOOST_TEST(drill.ask("M1", "order.create", body)["error"]["code"] == "payload_too_heavy");
  body["parcel"]["mass_kg"] = 2.0;
  BOOST_TEST(drill.ask("M1", "order.create", body)["ok"] == true);
}

BOOST_AUTO_TEST_CASE(a_quote_becomes_one_order_and_expires) {
  const json quote = drill.ask("M1", "quote", wish("K1", "K3"))["body"];
  BOOST_REQUIRE(quote["serviceable"] == true);
  json body = wish("K1", "K3");
  body["client_order_id"] = "q1";
  body["quote_id"] = quote["quote_id"];
  BOOST_TEST(drill.ask("M2", "order.create", body)["error"]["code"] == "not_found");  // a foreign quote
  BOOST_TEST(drill.ask("M1", "order.create", body)["ok"] == true);
  body["client_order_id"] = "q2";
  BOOST_TEST(drill.ask("M1", "order.create", body)["error"]["code"] == "quote_used");
  const json other = drill.ask("M1", "quote", wish("K1", "K4"))["body"];
  body["quote_id"] = other["quote_id"];
  BOOST_TEST(drill.ask("M1", "order.create", body)["error"]["code"] == "conflict");  // for another drop-off
  body["dropoff"]["pad"] = "K4";
  drill.run_for(301);
  BOOST_TEST(drill.ask("M1", "order.create", body)["error"]["code"] == "quote_expired");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_served_says_why) {
  const auto reason = [&](const json& body) {
    return drill.ask("M1", "quote", body)["body"]["reason"]["code"].get<std::string>();
  };
  BOOST_TEST(reason(wish("K1", "K3", 9.0)) == "payload_too_heavy");
  json large = wish("K1", "K3");
  large["parcel"]["length_m"] = 0.9;
  BOOST_TEST(reason(large) == "payload_too_large");
  drill.refused_legs()["K2/0>K3/0"] = Error{.code = ErrorCode::no_fly_zone, .message = "zone"};
  BOOST_TEST(reason(wish("K2", "K3")) == "no_fly_zone");
  drill.refused_legs()["K2/0>K4/0"] = Error{.code = ErrorCode::band_empty, .message = "band"};
  BOOST_TEST(reason(wish("K2", "K4")) == "unreachable");
  json hasty = wish("K1", "K4");
  hasty["deliver_by"] = format_rfc3339(after(drill.now(), 20.0));
  BOOST_TEST(reason(hasty) == "no_drone_in_time");
  const json unknown = drill.ask("M1", "quote", wish("K1", "K9"));
  BOOST_TEST(unknown["error"]["code"] == "not_found");
  BOOST_TEST(unknown["error"]["field"] == "dropoff.pad");
  BOOST_TEST(drill.ask("M1", "quote", wish("K1", "K1"))["error"]["field"] == "dropoff");
  json late = wish("K1", "K3");
  late["deliver_by"] = "2020-01-01T00:00:00Z";
  BOOST_TEST(drill.ask("M1", "quote", late)["error"]["code"] == "time_invalid");
}

BOOST_AUTO_TEST_CASE(without_drones_nothing_is_promised) {
  FleetDrill alone(drill::small_town(2), 1);
  const json quote = alone.ask("M1", "quote", wish("K1", "K3"))["body"];
  BOOST_TEST(quote["reason"]["code"] == "no_drone_in_time");
}

BOOST_AUTO_TEST_CASE(a_sortie_beyond_the_battery_is_refused) {
  FleetConfig town = drill::small_town(2);
  town.profiles.begin()->second.battery_wh = 60.0;
  FleetDrill weak(town, 1);
  weak.connect_all();
  const json quote = weak.ask("M1", "quote", wish("K1", "K3"))["body"];
  BOOST_TEST(quote["reason"]["code"] == "unreachable");
}

BOOST_AUTO_TEST_CASE(a_point_outside_the_region_is_refused_by_its_field) {
  drill.refused_legs()["K1/0>elsewhere"] =
      Error{.code = ErrorCode::out_of_region, .message = "lies outside", .where = "to"};
  const json refused = drill.ask("M1", "order.create",
                                 {{"client_order_id", "far"},
                                  {"pickup", {{"pad", "K1"}}},
                                  {"dropoff", {{"lon", 4.9}, {"lat", 45.9}}},
                                  {"parcel", {{"mass_kg", 1.0}}}});
  BOOST_TEST(refused["error"]["code"] == "out_of_region");
  BOOST_TEST(refused["error"]["field"] == "dropoff");
}

BOOST_AUTO_TEST_CASE(foreign_orders_answer_like_unknown_ones) {
  const std::string id = ordered();
  const json foreign = drill.ask("M2", "order.get", {{"order_id", id}});
  const json unknown = drill.ask("M2", "order.get", {{"order_id", "O999999"}});
  BOOST_TEST(foreign["error"] == unknown["error"]);
  BOOST_TEST(drill.ask("M2", "order.cancel", {{"order_id", id}, {"reason", "mine"}})["error"]["code"] == "not_found");
  BOOST_TEST(drill.ask("M2", "order.list", json::object())["body"]["orders"].empty());
}

BOOST_AUTO_TEST_CASE(subscriptions_begin_where_they_are_asked_to) {
  (void)ordered();
  BOOST_TEST(drill.ask("M1", "subscribe", json::object())["body"]["seq"].get<int>() >= 1);
  BOOST_TEST(drill.ask("M1", "subscribe", {{"from_seq", 1}})["ok"] == true);
  BOOST_TEST(drill.ask("M2", "subscribe", json::object())["body"]["seq"] == 0);
}

BOOST_AUTO_TEST_CASE(pages_hang_together) {
  std::vector<std::string> seen;
  json body{{"limit", 4}};
  for (int page = 0; page < 10; ++page) {
    const json reply = drill.ask("M1", "pads.list", body)["body"];
    for (const json& pad : reply["pads"]) seen.push_back(pad["id"]);
    if (reply["next_cursor"].is_null()) break;
    body["cursor"] = reply["next_cursor"];
  }
  BOOST_TEST(seen == (std::vector<std::string>{"H1", "H2", "K1", "K2", "K3", "K4"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(too_many_requests_are_told_when_to_come_again) {
  FleetConfig town = drill::small_town(1);
  town.rate_per_s = 2.0;
  town.burst = 5.0;
  FleetDrill slow(town, 1);
  int refused = 0;
  for (int i = 0; i < 10; ++i) {
    const json reply = slow.replies().at(slow.send("M1", "hello", json::object()));
    if (reply["ok"] == true) continue;
    ++refused;
    BOOST_TEST(reply["error"]["code"] == "rate_limited");
    BOOST_TEST(reply["error"]["retry_after_s"].get<double>() > 0.0);
  }
  BOOST_TEST(refused == 5);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
