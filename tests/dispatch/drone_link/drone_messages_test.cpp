#include "dispatch/drone_link/drone_messages.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "planner/route_json.hpp"
#include "tests/sim/sample_mission.hpp"

namespace swiftlet::drone_link {
namespace {

using nlohmann::json;

json encoded(const DroneMessage& message) { return json::parse(encode(message, "x-1")); }

const UtcTime kNow = UtcTime{} + std::chrono::hours(24 * 365 * 50);

}  // namespace

BOOST_AUTO_TEST_SUITE(drone_messages)

BOOST_AUTO_TEST_CASE(telemetry_has_the_fields_of_the_contract_and_no_more) {
  const json frame = encoded(Telemetry{.n = 7,
                                       .at = kNow,
                                       .position = {4.830000004, 45.76, 168.20049},
                                       .v_e_m_s = 1.23456,
                                       .v_n_m_s = -2.0,
                                       .v_u_m_s = 0.0,
                                       .battery_wh = 500.12345,
                                       .phase = "cruise",
                                       .mission_no = 3,
                                       .payload_kg = 1.0});
  BOOST_TEST(frame.at("v") == 1);
  BOOST_TEST(frame.at("type") == "telemetry");
  BOOST_TEST(frame.at("id") == "x-1");
  const json expected = json::parse(
      R"({"n":7,"at":"2019-12-20T00:00:00.000Z","lon":4.83,"lat":45.76,"alt_msl_m":168.2,"v_e_m_s":1.235,"v_n_m_s":-2.0,
          "v_u_m_s":0.0,"battery_wh":500.123,"phase":"cruise","mission_no":3,"payload_kg":1.0})");
  BOOST_TEST(frame.at("body") == expected);
}

BOOST_AUTO_TEST_CASE(telemetry_says_who_has_the_drone_only_where_it_is_not_the_service) {
  const json taken = encoded(Telemetry{.n = 1,
                                       .at = kNow,
                                       .position = {4.83, 45.76, 168.2},
                                       .phase = "cruise",
                                       .control = "other",
                                       .battery_age_s = 12.34567,
                                       .warning = "a pilot"})
                         .at("body");
  BOOST_TEST(taken.at("control") == "other");
  BOOST_TEST(taken.at("battery_age_s") == 12.346);
  BOOST_TEST(taken.at("warning") == "a pilot");
}

BOOST_AUTO_TEST_CASE(a_diversion_is_read_with_its_route_and_without_a_hash_is_for_the_drone_to_refuse) {
  const planner::Route route = sim::testing::sample_route(kNow);
  json args{{"route", json::parse(planner::to_json(route).dump())}, {"route_hash", planner::route_hash(route)}};
  const auto read = [&] {
    return decode(json{
        {"v", 1}, {"type", "command"}, {"body", {{"epoch", 1}, {"command_seq", 4}, {"verb", "divert"}, {"args", args}}}}
                      .dump());
  };
  const auto whole = read();
  BOOST_REQUIRE(whole.has_value());
  BOOST_REQUIRE(std::get<Command>(*whole).route.has_value());
  BOOST_TEST(planner::route_hash(*std::get<Command>(*whole).route) == std::get<Command>(*whole).route_hash);
  args.erase("route_hash");
  const auto unnamed = read();
  BOOST_REQUIRE(unnamed.has_value());
  BOOST_TEST(std::get<Command>(*unnamed).route_hash.empty());
  args["route"] = {{"waypoints", 3}};
  BOOST_TEST(!read().has_value());
  args["route"] = 3;
  const auto no_route = read();
  BOOST_REQUIRE(!no_route.has_value());
  BOOST_TEST(no_route.error().where == "route");
}

BOOST_AUTO_TEST_CASE(a_hello_without_a_place_says_so_with_nulls_and_leaves_out_what_there_is_not) {
  const json body = encoded(DroneHello{.drone = "D01",
                                       .profile = "courier-4",
                                       .position = {},
                                       .battery_wh = 700.0,
                                       .flight_id = {},
                                       .mission_no = {},
                                       .last_command_seq = 0})
                        .at("body");
  BOOST_TEST(body.at("lon").is_null());
  BOOST_TEST(body.at("alt_msl_m").is_null());
  BOOST_TEST(!body.contains("flight_id"));
  BOOST_TEST(!body.contains("mission_no"));
  BOOST_TEST(body.at("drone") == "D01");
}

BOOST_AUTO_TEST_CASE(acknowledgements_give_a_reason_only_when_they_refuse) {
  BOOST_TEST(encoded(MissionAck{4, true, ""}).at("body") == json::parse(R"({"mission_no":4,"accepted":true})"));
  BOOST_TEST(encoded(CommandAck{9, false, "not flying"}).at("body") ==
             json::parse(R"({"command_seq":9,"accepted":false,"reason":"not flying"})"));
}

BOOST_AUTO_TEST_CASE(a_mission_is_read_with_its_route_and_keeps_its_hash) {
  const planner::Route route = sim::testing::sample_route(kNow);
  const json frame{{"v", 1},
                   {"type", "mission"},
                   {"body",
                    {{"epoch", 2},
                     {"mission_no", 5},
                     {"flight_id", "F1"},
                     {"route", json::parse(planner::to_json(route).dump())},
                     {"route_hash", planner::route_hash(route)},
                     {"contingencies", json::array()},
                     {"purpose", "deliver"},
                     {"a_field_of_tomorrow", 1}}}};
  const auto message = decode(frame.dump());
  BOOST_REQUIRE(message.has_value());
  const Mission mission = std::get<Mission>(*message);
  BOOST_TEST(mission.epoch == 2);
  BOOST_TEST(mission.mission_no == 5);
  BOOST_TEST((mission.purpose == Purpose::deliver));
  BOOST_TEST(mission.route.waypoints.size() == route.waypoints.size());
  BOOST_TEST(planner::route_hash(mission.route) == mission.route_hash);
}

BOOST_AUTO_TEST_CASE(the_reply_to_hello_may_place_the_drone) {
  const auto reply = decode(
      R"({"v":1,"type":"reply","re":"x","ok":true,"body":{"drone":"D01","epoch":3,"time":"2026-11-21T10:00:00.000Z",
          "speed":20,"home":{"lon":4.83,"lat":45.76,"alt_msl_m":168.2}}})");
  BOOST_REQUIRE(reply.has_value());
  const HelloReply hello = std::get<HelloReply>(*reply);
  BOOST_TEST(hello.epoch == 3);
  BOOST_TEST(hello.speed == 20.0);
  BOOST_REQUIRE(hello.home.has_value());
  BOOST_TEST(hello.home->alt_msl_m == 168.2);
}

BOOST_AUTO_TEST_CASE(a_refusal_carries_its_code) {
  const auto reply = decode(
      R"({"v":1,"type":"reply","re":null,"ok":false,"error":{"code":"not_found","message":"no","retryable":false}})");
  BOOST_REQUIRE(reply.has_value());
  BOOST_TEST(std::get<Refusal>(*reply).code == "not_found");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_an_error_that_names_the_field) {
  struct Case {
    const char* frame;
    ErrorCode code;
    const char* where;
  };
  const Case cases[] = {
      {"{", ErrorCode::bad_json, ""},
      {"[1]", ErrorCode::bad_json, ""},
      {R"({"v":2,"type":"command","body":{}})", ErrorCode::unsupported_version, "v"},
      {R"({"type":"command","body":{}})", ErrorCode::unsupported_version, "v"},
      {R"({"v":1,"type":"dance","body":{}})", ErrorCode::unknown_type, "type"},
      {R"({"v":1,"type":"event.ack"})", ErrorCode::bad_request, "body"},
      {R"({"v":1,"type":"event.ack","body":{"event_no":"3"}})", ErrorCode::bad_request, "event_no"},
      {R"({"v":1,"type":"command","body":{"epoch":1,"command_seq":1.5,"verb":"hold"}})", ErrorCode::bad_request,
       "command_seq"},
      {R"({"v":1,"type":"mission","body":{"epoch":1,"mission_no":1,"flight_id":"F","route_hash":"h"}})",
       ErrorCode::bad_request, "route"},
      {R"({"v":1,"type":"reply","re":"x","ok":true,"body":{"drone":"D","epoch":1,"time":"now","speed":1}})",
       ErrorCode::bad_request, "time"},
      {R"({"v":1,"type":"reply","re":"x","ok":true,"body":{"drone":"D","epoch":1,"time":"2026-11-21T10:00:00Z","speed":0}})",
       ErrorCode::bad_request, "speed"},
      {R"({"v":1,"type":"reply","re":"x","ok":1})", ErrorCode::bad_request, "ok"},
  };
  for (const Case& one : cases) {
    BOOST_TEST_CONTEXT(one.frame) {
      const auto message = decode(one.frame);
      BOOST_REQUIRE(!message.has_value());
      BOOST_TEST(name(message.error().code) == name(one.code));
      BOOST_TEST(message.error().where == one.where);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::drone_link
