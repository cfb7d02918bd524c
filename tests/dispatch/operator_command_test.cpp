#include "dispatch/core/operator_command.hpp"

#include <boost/test/unit_test.hpp>

#include "dispatch/core/operator_json.hpp"
#include "geo/lonlat_shapes.hpp"
#include "tests/dispatch/fleet_drill.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::FleetDrill;
using nlohmann::json;

struct ControlRoom {
  FleetDrill drill{drill::small_town(4), 11};
  ControlRoom() {
    drill.connect_all();
    drill.run_for(3);
  }
  std::string ordered_until(OrderState state) {
    const json reply = drill.create("c" + std::to_string(++orders), "K1", "K3");
    BOOST_REQUIRE_MESSAGE(reply.at("ok") == true, reply.dump());
    const std::string id = reply["body"]["order_id"];
    BOOST_REQUIRE(drill.run_until(id, state));
    if (state == OrderState::airborne) drill.run_for(15);
    return id;
  }
  static bool speaks_of(const OperatorResult& result, const std::string& kind, const std::string& id,
                        const std::string& to) {
    return std::any_of(result.effects.begin(), result.effects.end(), [&](const OperatorEffect& effect) {
      return effect.kind == kind && effect.id == id && effect.to == to;
    });
  }
  json quote(const std::string& pickup, const std::string& dropoff, const std::string& merchant = "M1") {
    return drill.ask(
        merchant, "quote",
        {{"pickup", {{"pad", pickup}}}, {"dropoff", {{"pad", dropoff}}}, {"parcel", {{"mass_kg", 1.0}}}})["body"];
  }
  static std::shared_ptr<const geo::LiveZone> zone_about(const std::string& id, double lon, double lat) {
    const geo::LocalFrame frame(drill::small_town(4).frame_origin);
    geo::Geozone volume;
    volume.id = volume.name = id;
    volume.footprint = {{.outer = geo::enclosing_geodesic_circle(frame, {lon, lat}, 150.0), .holes = {}}};
    volume.box = geo::bounds(volume.footprint);
    return std::make_shared<const geo::LiveZone>(geo::LiveZone{.id = id, .published = "{}", .volumes = {volume}});
  }
  int orders = 0;
};

BOOST_FIXTURE_TEST_SUITE(operator_commands, ControlRoom)

BOOST_AUTO_TEST_CASE(a_flight_holds_until_it_is_resumed) {
  const std::string id = ordered_until(OrderState::airborne);
  const std::string drone = drill.order(id).drone;
  const OperatorResult held = drill.operate(OperatorVerb::hold, drone);
  BOOST_TEST(held.state == "done");
  BOOST_TEST(speaks_of(held, "order", id, "holding"));
  drill.run_for(3);
  const GeoPoint there = drill.drone(drone).position;
  drill.run_for(120);
  BOOST_TEST((drill.drone(drone).position == there));
  BOOST_TEST((drill.order(id).state == OrderState::holding));
  BOOST_TEST((drill.operate(OperatorVerb::hold, drone).error->code == ErrorCode::conflict));
  BOOST_TEST(drill.operate(OperatorVerb::resume, drone).state == "done");
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
}

BOOST_AUTO_TEST_CASE(a_resume_that_was_not_heard_before_a_crash_is_said_again) {
  const std::string id = ordered_until(OrderState::airborne);
  (void)drill.operate(OperatorVerb::hold, drill.order(id).drone);
  drill.run_for(5);
  drill.lost_share() = 1.0;
  (void)drill.operate(OperatorVerb::resume, drill.order(id).drone);
  drill.step();
  drill.lost_share() = 0.0;
  drill.restart();
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
}

BOOST_AUTO_TEST_CASE(a_flight_with_its_parcel_comes_back) {
  const std::string id = ordered_until(OrderState::airborne);
  const OperatorResult result = drill.operate(OperatorVerb::return_home, drill.order(id).flight_id);
  BOOST_TEST(speaks_of(result, "order", id, "returning"));
  BOOST_TEST(drill.run_until(id, OrderState::returned));
  BOOST_TEST(!drill.order(id).delivered_at.has_value());
  BOOST_TEST((drill.order(id).history.back().state == OrderState::returned));
}

BOOST_AUTO_TEST_CASE(a_flight_called_back_on_its_way_out_leaves_the_order_to_another) {
  const std::string id = ordered_until(OrderState::to_pickup);
  drill.run_for(10);
  const std::string first = drill.order(id).drone;
  const std::string flight = drill.order(id).flight_id;
  const OperatorResult result = drill.operate(OperatorVerb::return_home, first);
  BOOST_TEST(speaks_of(result, "order", id, "accepted"));
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
  BOOST_TEST(drill.order(id).drone != first);
  BOOST_TEST(drill.order(id).flight_id != flight);
  drill.run_for(300);
  BOOST_TEST(drill.core().state().flights.empty());
}

BOOST_AUTO_TEST_CASE(a_drone_told_to_land_is_out_of_work_until_it_has_been_fetched) {
  const std::string id = ordered_until(OrderState::airborne);
  const std::string drone = drill.order(id).drone;
  BOOST_TEST(speaks_of(drill.operate(OperatorVerb::land, drone), "drone", drone, "withdrawn"));
  BOOST_TEST(drill.run_until(id, OrderState::failed, 60.0));
  drill.run_for(5);
  BOOST_TEST(drill.core().state().flight_of_drone(drone) == nullptr);
  BOOST_TEST(!drill.core().state().drones.at(drone).withdrawn.empty());
  BOOST_TEST(drill.core().state().holder("K3/0").empty());
  drill.reset(drill.drone(drone));
  BOOST_TEST(drill.core().state().drones.at(drone).withdrawn.empty());
}

BOOST_AUTO_TEST_CASE(a_diverted_flight_lands_elsewhere_and_brings_the_parcel_home) {
  const std::string id = ordered_until(OrderState::airborne);
  const OperatorResult result = drill.operate(OperatorVerb::divert, drill.order(id).drone, {.pad = "K2"});
  BOOST_TEST(speaks_of(result, "order", id, "diverted"));
  BOOST_TEST(!drill.core().state().holder("K2/0").empty());
  BOOST_TEST(drill.run_until(id, OrderState::diverted, 120.0));
  BOOST_TEST(drill.core().state().holder("K3/0").empty());
  BOOST_TEST(drill.run_until(id, OrderState::returned));
  drill.run_for(60);
  BOOST_TEST(drill.core().state().holder("K2/0").empty());
  BOOST_TEST(drill.core().state().flights.empty());
  const std::string other = ordered_until(OrderState::airborne);
  BOOST_TEST(drill.operate(OperatorVerb::divert, drill.order(other).drone, {.pad = "K9"}).error->where == "args.pad");
}

BOOST_AUTO_TEST_CASE(an_order_goes_to_the_drone_that_the_operator_names) {
  const std::string id = ordered_until(OrderState::to_pickup);
  const std::string first = drill.order(id).drone;
  const std::string wanted = first == "D03" ? "D04" : "D03";
  BOOST_TEST(drill.operate(OperatorVerb::reassign, id, {.drone = wanted}).state == "done");
  BOOST_TEST((drill.order(id).state == OrderState::accepted));
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
  BOOST_TEST(drill.order(id).drone == wanted);
  const std::string loaded = ordered_until(OrderState::airborne);
  BOOST_TEST((drill.operate(OperatorVerb::reassign, loaded).error->code == ErrorCode::too_late));
}

BOOST_AUTO_TEST_CASE(orders_are_cancelled_and_recalled) {
  const std::string early = ordered_until(OrderState::to_pickup);
  BOOST_TEST((drill.operate(OperatorVerb::recall, early).error->code == ErrorCode::conflict));
  BOOST_TEST(speaks_of(drill.operate(OperatorVerb::cancel, early), "order", early, "cancelled"));
  BOOST_TEST((drill.order(early).state == OrderState::cancelled));
  BOOST_TEST(drill.order(early).history.back().cause == "operator");
  const std::string late = ordered_until(OrderState::airborne);
  BOOST_TEST(speaks_of(drill.operate(OperatorVerb::recall, late), "order", late, "returning"));
  BOOST_TEST(drill.run_until(late, OrderState::returned));
  BOOST_TEST((drill.operate(OperatorVerb::cancel, "O999999").error->code == ErrorCode::not_found));
}

BOOST_AUTO_TEST_CASE(a_closed_pad_takes_no_orders_and_no_flights_that_have_not_left) {
  const std::string id = drill.create("first", "K1", "K3")["body"]["order_id"];
  BOOST_REQUIRE(drill.run_until(id, OrderState::assigned, 30.0));
  BOOST_TEST(speaks_of(drill.operate(OperatorVerb::close_pad, "K3", {.reason = "festival"}), "pad", "K3", "closed"));
  BOOST_TEST(quote("K1", "K3")["reason"]["code"] == "pad_closed");
  const json refusal = drill.create("second", "K1", "K3");
  BOOST_TEST(refusal["error"]["code"] == "pad_closed");
  BOOST_TEST(refusal["error"]["field"] == "dropoff.pad");
  BOOST_TEST(refusal["error"]["retryable"] == true);
  BOOST_TEST(refusal["error"]["retry_after_s"].get<double>() > 0.0);
  for (const json& pad : drill.ask("M1", "pads.list", json::object())["body"]["pads"]) {
    BOOST_TEST(pad["open"] == (pad["id"] != "K3"));
  }
  drill.run_for(120);
  BOOST_TEST((drill.order(id).state == OrderState::accepted));
  BOOST_TEST(drill.operate(OperatorVerb::open_pad, "K3").state == "done");
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
}

BOOST_AUTO_TEST_CASE(a_paused_merchant_orders_nothing_new) {
  const std::string running = ordered_until(OrderState::to_pickup);
  (void)drill.operate(OperatorVerb::pause_merchant, "M1", {.reason = "unpaid"});
  BOOST_TEST(quote("K1", "K3")["reason"]["code"] == "merchant_paused");
  BOOST_TEST(drill.create("no", "K1", "K3")["error"]["code"] == "merchant_paused");
  BOOST_TEST(quote("K1", "K3", "M2")["serviceable"] == true);
  BOOST_TEST(drill.run_until(running, OrderState::delivered));
  (void)drill.operate(OperatorVerb::resume_merchant, "M1");
  BOOST_TEST(quote("K1", "K3")["serviceable"] == true);
}

BOOST_AUTO_TEST_CASE(in_a_weather_hold_and_in_a_ground_stop_nobody_takes_off) {
  for (const auto& [stop, go, code] :
       {std::tuple{OperatorVerb::weather_hold, OperatorVerb::weather_clear, "weather_hold"},
        std::tuple{OperatorVerb::ground_stop, OperatorVerb::ground_resume, "no_drone_in_time"}}) {
    const std::string in_the_air = ordered_until(OrderState::airborne);
    const std::string waiting = drill.create("w" + std::to_string(orders), "K2", "K4")["body"]["order_id"];
    BOOST_TEST(drill.operate(stop, "", {.reason = "thunder"}).state == "done");
    BOOST_TEST((drill.operate(stop, "").error->code == ErrorCode::conflict));
    BOOST_TEST(quote("K1", "K3")["reason"]["code"] == code);
    BOOST_TEST(drill.run_until(in_the_air, OrderState::delivered));
    drill.run_for(120);
    BOOST_TEST((drill.order(waiting).state <= OrderState::loading));
    for (const auto& [id, flight] : drill.core().state().flights) BOOST_TEST((flight.phase != LegPhase::flying));
    BOOST_TEST(drill.operate(go, "").state == "done");
    BOOST_TEST(drill.run_until(waiting, OrderState::delivered));
    drill.run_for(300);
  }
}

BOOST_AUTO_TEST_CASE(after_a_stop_departures_are_staged) {
  std::vector<std::string> ids;
  (void)drill.operate(OperatorVerb::ground_stop, "");
  (void)drill.operate(OperatorVerb::ground_resume, "");
  const std::vector<std::pair<std::string, std::string>> ways{{"K1", "K3"}, {"K2", "K4"}, {"K4", "K1"}};
  for (const auto& [from, to] : ways) ids.push_back(drill.create(from, from, to)["body"]["order_id"]);
  std::vector<UtcTime> departures;
  for (int i = 0; i < 60; ++i) {
    drill.step();
    for (const std::string& id : ids) {
      const auto flight = drill.core().state().flights.find(drill.order(id).flight_id);
      if (flight != drill.core().state().flights.end() && flight->second.mission && flight->second.leg_index == 0) {
        const UtcTime at = flight->second.mission->route->depart;
        if (std::find(departures.begin(), departures.end(), at) == departures.end()) departures.push_back(at);
      }
    }
  }
  std::sort(departures.begin(), departures.end());
  BOOST_REQUIRE_EQUAL(departures.size(), 3);
  for (std::size_t i = 1; i < 3; ++i) BOOST_TEST(seconds_between(departures[i - 1], departures[i]) >= 4.5);
}

BOOST_AUTO_TEST_CASE(a_withdrawn_drone_finishes_and_gets_no_more_work) {
  for (const char* id : {"D01", "D02", "D03"})
    (void)drill.operate(OperatorVerb::withdraw_drone, id, {.reason = "motor"});
  const std::string id = ordered_until(OrderState::to_pickup);
  BOOST_TEST(drill.order(id).drone == "D04");
  (void)drill.operate(OperatorVerb::withdraw_drone, "D04");
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
  drill.run_for(300);
  BOOST_TEST(quote("K1", "K3")["reason"]["code"] == "no_drone_in_time");
  drill.reset(drill.drone("D04"));
  BOOST_TEST(quote("K1", "K3")["reason"]["code"] == "no_drone_in_time");  // nobody but an operator takes it back
  (void)drill.operate(OperatorVerb::reinstate_drone, "D04");
  BOOST_TEST(quote("K1", "K3")["serviceable"] == true);
}

BOOST_AUTO_TEST_CASE(a_zone_across_the_way_has_the_flight_planned_anew) {
  const std::string id = ordered_until(OrderState::airborne);  // K1 (4.81, 45.76) to K3 (4.83, 45.77)
  const Flight before = drill.core().state().flights.at(drill.order(id).flight_id);
  const OperatorResult off = drill.operate(OperatorVerb::insert_zone, "Z1",
                                           {.zone = zone_about("Z1", 4.81, 45.775), .airspace_hash = "sha256:with Z1"});
  BOOST_TEST(!speaks_of(off, "flight", before.flight_id, "reroute"));
  const OperatorResult on = drill.operate(
      OperatorVerb::insert_zone, "Z2", {.zone = zone_about("Z2", 4.826, 45.768), .airspace_hash = "sha256:with Z1 Z2"});
  BOOST_TEST(speaks_of(on, "flight", before.flight_id, "reroute"));
  BOOST_TEST(drill.core().state().airspace_hash == "sha256:with Z1 Z2");
  drill.run_for(15);
  const Flight& now = drill.core().state().flights.at(before.flight_id);
  BOOST_TEST(now.mission->mission_no > before.mission->mission_no);
  BOOST_TEST(now.mission->route->airspace_hash == "sha256:with Z1 Z2");
  BOOST_TEST((now.steer == Steer::none));
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
  BOOST_TEST(drill.core().state().zone_changes.size() == 2);
  (void)drill.operate(OperatorVerb::remove_zone, "Z1", {.airspace_hash = "sha256:with Z2"});
  BOOST_TEST(drill.core().state().zone_changes.back().published.empty());
}

BOOST_AUTO_TEST_CASE(a_hold_that_a_zone_ends_leaves_the_order_on_its_way) {
  const std::string id = ordered_until(OrderState::airborne);
  const std::string flight_id = drill.order(id).flight_id;
  (void)drill.operate(OperatorVerb::hold, flight_id);
  drill.run_for(5);
  BOOST_TEST((drill.order(id).state == OrderState::holding));
  (void)drill.operate(OperatorVerb::insert_zone, "Z1",
                      {.zone = zone_about("Z1", 4.826, 45.768), .airspace_hash = "sha256:with Z1"});
  drill.run_for(15);
  BOOST_TEST((drill.core().state().flights.at(flight_id).steer == Steer::none));
  BOOST_TEST((drill.order(id).state == OrderState::airborne));
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
}

BOOST_AUTO_TEST_CASE(two_zones_in_one_turn_both_bind) {
  const std::string id = ordered_until(OrderState::airborne);
  const std::uint64_t mission_no = drill.core().state().flights.at(drill.order(id).flight_id).mission->mission_no;
  (void)drill.operate(OperatorVerb::insert_zone, "Z1",
                      {.zone = zone_about("Z1", 4.826, 45.768), .airspace_hash = "sha256:with Z1"});
  const OperatorResult second = drill.operate(
      OperatorVerb::insert_zone, "Z2", {.zone = zone_about("Z2", 4.828, 45.769), .airspace_hash = "sha256:with Z1 Z2"});
  BOOST_TEST(second.state == "done");
  BOOST_TEST(drill.core().state().zone_changes.size() == 2);
  drill.run_for(20);
  const Flight& now = drill.core().state().flights.at(drill.order(id).flight_id);
  BOOST_TEST(now.mission->mission_no > mission_no);
  BOOST_TEST(now.mission->route->airspace_hash == "sha256:with Z1 Z2");
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
}

BOOST_AUTO_TEST_CASE(a_drone_that_comes_down_is_told_nothing_else) {
  const std::string id = ordered_until(OrderState::airborne);
  const std::string flight_id = drill.order(id).flight_id;
  BOOST_TEST(drill.operate(OperatorVerb::land, flight_id).state == "done");
  for (const auto verb : {OperatorVerb::hold, OperatorVerb::resume, OperatorVerb::return_home, OperatorVerb::divert,
                          OperatorVerb::land}) {
    const OperatorResult refused = drill.operate(verb, flight_id, {.pad = "K2"});
    BOOST_REQUIRE(refused.error.has_value());
    BOOST_TEST((refused.error->code == ErrorCode::conflict));
  }
  BOOST_TEST((drill.core().state().flights.at(flight_id).steer == Steer::land));
}

BOOST_AUTO_TEST_CASE(a_mission_that_nobody_has_taken_is_not_sent_into_closed_air) {
  const std::string id = drill.create("kept", "K1", "K3")["body"]["order_id"];
  drill.lost_share() = 1.0;  // nothing that drones say arrives, and so no acknowledgement
  const auto issued = [&] {
    const auto found = drill.core().state().flights.find(drill.order(id).flight_id);
    return found != drill.core().state().flights.end() && found->second.phase == LegPhase::issued;
  };
  for (int t = 0; t < 20 && !issued(); ++t) drill.step(0.25);
  BOOST_REQUIRE(issued());
  const Flight before = drill.core().state().flights.at(drill.order(id).flight_id);
  drill.drone(before.drone).linked = false;  // nor does the mission
  (void)drill.operate(OperatorVerb::ground_stop, "");
  int sent = 0;
  for (int t = 0; t < 4; ++t) {
    drill.core().tick(after(drill.now(), t + 1.0));
    for (const OutgoingFrame& frame : drill.core().take_effects().to_drones) {
      sent += frame.frame.find("\"type\":\"mission\"") != std::string::npos ? 1 : 0;
    }
  }
  BOOST_TEST(sent == 0);
}

BOOST_AUTO_TEST_CASE(the_same_command_again_is_answered_alike_and_done_once) {
  OperatorCommand command{.command_id = "key-1", .by = "olga", .verb = OperatorVerb::close_pad, .target = "K1"};
  drill.core().on_operator_command(drill.now(), command);
  Effects first = drill.core().take_effects();
  BOOST_REQUIRE(first.to_operators.size() == 1);
  drill.core().on_operator_command(drill.now(), command);
  Effects again = drill.core().take_effects();
  BOOST_TEST(again.records.empty());
  BOOST_TEST(to_json(again.to_operators.at(0)) == to_json(first.to_operators.at(0)));
  command.target = "K2";
  drill.core().on_operator_command(drill.now(), command);
  BOOST_TEST((drill.core().take_effects().to_operators.at(0).error->code == ErrorCode::conflict));
}

BOOST_AUTO_TEST_CASE(the_audit_log_is_chained) {
  const std::string before = drill.core().state().audit_hash;
  (void)drill.operate(OperatorVerb::close_pad, "K1");
  const std::string one = drill.core().state().audit_hash;
  (void)drill.operate(OperatorVerb::open_pad, "K1");
  BOOST_TEST(before != one);
  BOOST_TEST(one != drill.core().state().audit_hash);
  (void)drill.operate(OperatorVerb::open_pad, "K1");  // refused: no entry
  Core replayed(drill::small_town(4));
  for (Record record : drill.journal()) {
    if (auto* acted = std::get_if<OperatorActed>(&record.body)) acted->by = "nobody";  // a forged journal
    replayed.replay(record);
  }
  BOOST_TEST(replayed.state().audit_hash != drill.core().state().audit_hash);
}

BOOST_AUTO_TEST_CASE(requests_are_read_strictly) {
  const auto read = [](const char* text) { return parse_operator_request(json::parse(text)); };
  const auto ok = read(R"({"verb":"divert","target":"D01","args":{"pad":"K2","reason":"smoke"},"preview":true})");
  BOOST_REQUIRE(ok.has_value());
  BOOST_TEST((ok->command.verb == OperatorVerb::divert));
  BOOST_TEST(ok->command.args.pad == "K2");
  BOOST_TEST(ok->preview);
  BOOST_TEST(read(R"({"verb":"ground_stop"})").has_value());
  BOOST_TEST(read(R"({"verb":"fly","target":"D01"})").error().where == "verb");
  BOOST_TEST(read(R"({"verb":"hold"})").error().where == "target");
  BOOST_TEST(read(R"({"verb":"divert","target":"D01"})").error().where == "args.pad");
  BOOST_TEST(read(R"({"verb":"insert_zone","target":"Z"})").error().where == "args.zone");
  BOOST_TEST((read(R"({"verb":"hold","target":"D01","extra":1})").error().code == ErrorCode::unknown_field));
  BOOST_TEST(read(R"({"verb":"hold","target":"D01","args":{"lon":1}})").error().where == "args.lon");
  BOOST_TEST(read(R"([])").has_value() == false);
  BOOST_TEST(read(R"({"verb":"hold","target":null})").error().where == "target");  // null is no target
  BOOST_TEST(read(R"({"verb":"hold","target":""})").error().where == "target");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
