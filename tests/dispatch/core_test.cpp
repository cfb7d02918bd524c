#include "dispatch/core/core.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/dispatch/fleet_drill.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::FleetDrill;
using drill::PaperDrone;
using nlohmann::json;

struct Town {
  FleetDrill drill{drill::small_town(4), 7};
  Town() {
    drill.connect_all();
    drill.run_for(3);
  }
  std::string ordered(const std::string& client_order_id = "c1") {
    const json reply = drill.create(client_order_id, "K1", "K3");
    BOOST_REQUIRE_MESSAGE(reply.at("ok") == true, reply.dump());
    return reply["body"]["order_id"];
  }
  static json wish(const std::string& pickup, const std::string& dropoff, double mass_kg = 1.0) {
    return {{"pickup", {{"pad", pickup}}}, {"dropoff", {{"pad", dropoff}}}, {"parcel", {{"mass_kg", mass_kg}}}};
  }
  static std::vector<std::string> states_of(const Order& order) {
    std::vector<std::string> states;
    for (const OrderStep& step : order.history) states.emplace_back(name(step.state));
    return states;
  }
};

BOOST_FIXTURE_TEST_SUITE(dispatch_core, Town)

BOOST_AUTO_TEST_CASE(an_order_goes_all_the_way_and_the_drone_comes_home) {
  const std::string id = ordered();
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
  const std::vector<std::string> wanted{"accepted", "assigned", "to_pickup", "loading",
                                        "airborne", "arriving", "delivered"};
  BOOST_TEST(states_of(drill.order(id)) == wanted, boost::test_tools::per_element());
  BOOST_TEST(drill.order(id).proof.has_value());
  BOOST_TEST(drill.core().state().flights.size() == 1);  // still on its way home
  drill.run_for(300);
  BOOST_TEST(drill.core().state().flights.empty());
  for (const char* pad : {"K1/0", "K1/1", "K3/0", "K3/1"}) BOOST_TEST(drill.core().state().holder(pad).empty());
}

BOOST_AUTO_TEST_CASE(a_slot_is_free_again_once_its_drone_has_left) {
  const std::string id = ordered();
  const DispatchState& state = drill.core().state();
  BOOST_REQUIRE(drill.run_until(id, OrderState::loading));
  BOOST_TEST(!state.holder("K1/0").empty());
  BOOST_REQUIRE(drill.run_until(id, OrderState::airborne));
  BOOST_TEST(state.holder("K1/0").empty());
  BOOST_TEST(!state.holder("K3/0").empty());
  BOOST_REQUIRE(drill.run_until(id, OrderState::delivered));
  drill.run_for(10);
  BOOST_TEST(state.flights.size() == 1);  // on its way home
  BOOST_TEST(state.holder("K3/0").empty());
}

BOOST_AUTO_TEST_CASE(the_promise_is_kept_and_near_the_truth) {
  const std::string id = ordered();
  const Promise promise = drill.order(id).promise;
  BOOST_TEST((promise.delivery.p05 <= promise.delivery.eta && promise.delivery.eta <= promise.delivery.p95));
  BOOST_TEST((promise.pickup_eta < promise.delivery.eta));
  BOOST_REQUIRE(drill.run_until(id, OrderState::delivered));
  BOOST_TEST(std::abs(seconds_between(promise.delivery.eta, *drill.order(id).delivered_at)) < 60.0);
  const json got = drill.ask("M1", "order.get", {{"client_order_id", "c1"}})["body"];
  BOOST_TEST(got["promised_delivery_eta"] == format_rfc3339(promise.delivery.eta));
  BOOST_TEST(got["delivered_at"] == format_rfc3339(*drill.order(id).delivered_at));
  BOOST_TEST(got["history"].size() == 7);
}

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

BOOST_AUTO_TEST_CASE(foreign_orders_answer_like_unknown_ones) {
  const std::string id = ordered();
  const json foreign = drill.ask("M2", "order.get", {{"order_id", id}});
  const json unknown = drill.ask("M2", "order.get", {{"order_id", "O999999"}});
  BOOST_TEST(foreign["error"] == unknown["error"]);
  BOOST_TEST(drill.ask("M2", "order.cancel", {{"order_id", id}, {"reason", "mine"}})["error"]["code"] == "not_found");
  BOOST_TEST(drill.ask("M2", "order.list", json::object())["body"]["orders"].empty());
}

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

BOOST_AUTO_TEST_CASE(a_drone_that_forgot_its_flight_before_loading_gives_the_order_back) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::to_pickup));
  PaperDrone& drone = drill.drone(drill.order(id).drone);
  drill.reset(drone);
  BOOST_TEST((drill.order(id).state == OrderState::accepted));
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
}

BOOST_AUTO_TEST_CASE(a_drone_that_forgot_its_flight_with_the_parcel_fails_the_order) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::airborne));
  drill.reset(drill.drone(drill.order(id).drone));
  BOOST_TEST((drill.order(id).state == OrderState::failed));
  BOOST_TEST(!drill.order(id).history.back().cause.empty());
}

BOOST_AUTO_TEST_CASE(after_kill_the_journal_alone_goes_on) {
  const std::string id = ordered();
  for (const OrderState until :
       {OrderState::assigned, OrderState::to_pickup, OrderState::loading, OrderState::airborne}) {
    BOOST_REQUIRE(drill.run_until(id, until));
    const std::string before = state_hash(drill.core().state());
    FleetDrill& same = drill;
    Core replayed(drill::small_town(4));
    for (const Record& record : same.journal()) replayed.replay(record);
    BOOST_TEST(state_hash(replayed.state()) == before);
    drill.restart();
  }
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
  BOOST_TEST(drill.core().state().epoch == 5);
  const auto& events = drill.core().state().merchants.at("M1").events;
  BOOST_TEST(events.size() == 7);
  BOOST_TEST(events.front().seq == 1);
  BOOST_TEST(events.back().seq == 7);
}

BOOST_AUTO_TEST_CASE(eta_frames_come_without_orders_and_explain_their_jumps) {
  auto frames = drill.core().eta_frames(drill.now(), "M1");
  BOOST_REQUIRE(frames.size() == 1);
  BOOST_TEST(json::parse(frames[0])["body"]["orders"].empty());
  const std::string id = ordered();
  std::optional<UtcTime> last;
  int unexplained = 0;
  int seen = 0;
  while (!is_terminal(drill.order(id).state) && seen < 2000) {
    drill.step();
    const json frame = json::parse(drill.core().eta_frames(drill.now(), "M1").at(0));
    if (frame["body"]["orders"].empty()) continue;
    const json& line = frame["body"]["orders"][0];
    const UtcTime eta = *parse_rfc3339(line["eta"].get<std::string>());
    BOOST_TEST(line["remaining_s"].get<double>() >= 0.0);
    if (last && std::abs(seconds_between(*last, eta)) > 2.0 && !line.contains("cause")) ++unexplained;
    last = eta;
    ++seen;
  }
  BOOST_TEST(unexplained == 0);
  BOOST_TEST(seen > 60);
  BOOST_TEST(std::abs(seconds_between(*last, *drill.order(id).delivered_at)) < 5.0);
}

BOOST_AUTO_TEST_CASE(what_moved_while_the_drone_was_silent_is_blamed_on_the_link) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::airborne));
  drill.run_for(10);
  drill::PaperDrone& drone = drill.drone(drill.order(id).drone);
  const auto frame = [&] { return json::parse(drill.core().eta_frames(drill.now(), "M1").at(0))["body"]["orders"][0]; };
  (void)frame();
  drone.linked = false;
  for (int t = 0; t < 5; ++t) {
    drill.step();
    (void)frame();
  }
  drone.linked = true;
  *drone.departed_at += std::chrono::seconds(20);  // it was held up meanwhile
  drill.step();
  const json line = frame();
  BOOST_TEST(line["cause"] == "link");
}

BOOST_AUTO_TEST_CASE(a_delivery_is_told_with_the_instant_at_which_it_was_sensed) {
  drill.lost_share() = 0.7;  // events are repeated until they are heard
  for (int n = 0; n < 4; ++n) {
    const json reply = drill.create("late" + std::to_string(n), "K1", "K3");
    const std::string id = reply["body"]["order_id"];
    BOOST_REQUIRE(drill.run_until(id, OrderState::delivered, 3600.0));
    BOOST_TEST((drill.order(id).history.back().at == *drill.order(id).delivered_at));
  }
}

BOOST_AUTO_TEST_CASE(what_was_learned_outlives_a_restart) {
  for (int n = 0; n < 6; ++n) {
    const std::string id = drill.create("learn" + std::to_string(n), "K1", "K3")["body"]["order_id"];
    BOOST_REQUIRE(drill.run_until(id, OrderState::delivered));
  }
  drill.run_for(400);
  const Learned& before = drill.core().state().learned;
  BOOST_TEST(before.stages.turnaround.observed() >= 6);
  BOOST_TEST(before.errors.at(ForecastKind::prompt).window().size() >= 5U);
  BOOST_TEST(before.errors.at(ForecastKind::airborne).window().size() == 6U);
  const std::string hash = state_hash(drill.core().state());
  Core again(drill::small_town(4));
  for (const Record& record : drill.journal()) {
    again.replay(*parse_record(record.at, kind(record.body), serialise(record.body)));
  }
  BOOST_TEST(state_hash(again.state()) == hash);
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

BOOST_AUTO_TEST_CASE(one_place_one_drone_and_the_rest_wait_their_turn) {
  // How many drones were ever bound for the drop-off or standing there at one time.
  const auto most_at_once = [&](const json& dropoff) {
    FleetDrill busy(drill::small_town(4), 5);
    busy.connect_all();
    std::vector<std::string> ids;
    for (int i = 0; i < 4; ++i) {
      json body = wish(i % 2 == 0 ? "K1" : "K2", "K3");
      body["client_order_id"] = std::to_string(i);
      body["dropoff"] = dropoff;
      // Bare points a few metres apart are one place.
      if (dropoff.contains("lon")) body["dropoff"]["lon"] = dropoff["lon"].get<double>() + 0.00002 * i;
      ids.push_back(busy.ask("M1", "order.create", body)["body"]["order_id"]);
    }
    long most = 0;
    for (int s = 0; s < 3000; ++s) {
      busy.step();
      const auto& flights = busy.core().state().flights;
      most = std::max<long>(most, std::count_if(flights.begin(), flights.end(), [&](const auto& entry) {
                              const Spot& spot = entry.second.legs.at(1).to;
                              return entry.second.reserved.contains(spot.key());
                            }));
      BOOST_REQUIRE(busy.broken_invariant().empty());
    }
    for (const std::string& id : ids) BOOST_TEST((busy.order(id).state == OrderState::delivered));
    return most;
  };
  BOOST_TEST(most_at_once({{"pad", "K3"}}) == 2);
  BOOST_TEST(most_at_once({{"lon", 4.825}, {"lat", 45.765}}) == 1);
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
  for (const Order* waiting : waiting_orders(one.core().state(), one.now())) served.push_back(waiting->order_id);
  BOOST_TEST(served == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
