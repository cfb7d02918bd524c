#include "dispatch/protocol/envelope.hpp"

#include <boost/test/unit_test.hpp>

#include "dispatch/protocol/drone_message.hpp"
#include "dispatch/protocol/merchant_request.hpp"
#include "dispatch/protocol/strict_json.hpp"

namespace swiftlet::dispatch {
namespace {

struct BadFrame {
  std::string frame;
  std::string code;
  std::string field;
  std::string re;  ///< empty: null
};

std::string nested(int depth) { return std::string(depth, '[') + std::string(depth, ']'); }

/// The first thing wrong with a merchant's frame, all the way through both parsers.
BadFrame judge(const std::string& frame) {
  const auto envelope = parse_envelope(frame, IdRule::required);
  if (!envelope) {
    const Error& error = envelope.error().error;
    return {frame, std::string(name(error.code)), error.where, envelope.error().re.value_or("")};
  }
  const auto request = parse_merchant_request(envelope->type, envelope->body);
  if (request) return {frame, "ok", "", envelope->id};
  return {frame, std::string(name(request.error().code)), request.error().where, envelope->id};
}

BOOST_AUTO_TEST_SUITE(envelopes)

BOOST_AUTO_TEST_CASE(every_bad_frame_is_refused_with_its_code_and_field) {
  const std::string stops = R"("pickup":{"pad":"A"},"dropoff":{"pad":"B"})";
  const auto quote = [&](const std::string& body) {
    return R"({"v":1,"type":"quote","id":"r","body":{)" + body + "}}";
  };
  const std::vector<BadFrame> table{
      {"", "bad_json", "", ""},
      {"not json", "bad_json", "", ""},
      {R"({"v":1,"type":"hello","id":"r","body":{})", "bad_json", "", ""},
      {R"({"v":1,"type":"hello","id":"r","body":{}} x)", "bad_json", "", ""},
      {R"({"v":1,"v":1,"type":"hello","id":"r","body":{}})", "bad_json", "", ""},
      {R"({"v":1,"type":"quote","id":"r","body":{"a":{"b":1,"b":2}}})", "bad_json", "", ""},
      {R"({"v":1,"type":"hello","id":"r","body":{"x":NaN}})", "bad_json", "", ""},
      {R"({"v":1,"type":"hello","id":"r","body":{"x":1e999}})", "bad_json", "", ""},
      {"{\"v\":1,\"type\":\"hello\",\"id\":\"\xff\xfe\",\"body\":{}}", "bad_json", "", ""},
      {nested(40), "bad_json", "", ""},
      {nested(40'000), "bad_json", "", ""},
      {"[]", "bad_request", "", ""},
      {"7", "bad_request", "", ""},
      {R"({"type":"hello","id":"r","body":{}})", "bad_request", "v", "r"},
      {R"({"v":2,"type":"hello","id":"r","body":{}})", "unsupported_version", "v", "r"},
      {R"({"v":"1","type":"hello","id":"r","body":{}})", "bad_request", "v", "r"},
      {R"({"v":1,"type":"hello","body":{}})", "bad_request", "id", ""},
      {R"({"v":1,"type":"hello","id":7,"body":{}})", "bad_request", "id", ""},
      {R"({"v":1,"type":"hello","id":"","body":{}})", "bad_request", "id", ""},
      {R"({"v":1,"type":"hello","id":")" + std::string(65, 'x') + R"(","body":{}})", "bad_request", "id", ""},
      {R"({"v":1,"type":"hello","id":"é","body":{}})", "bad_request", "id", ""},
      {R"({"v":1,"type":"hello","id":"r"})", "bad_request", "body", "r"},
      {R"({"v":1,"type":"hello","id":"r","body":[]})", "bad_request", "body", "r"},
      {R"({"v":1,"type":"hello","id":"r","body":{},"token":"t"})", "unknown_field", "token", "r"},
      {R"({"v":1,"type":"hello","id":"r","body":{"x":1}})", "unknown_field", "x", "r"},
      {R"({"v":1,"type":"order.fly","id":"r","body":{}})", "unknown_type", "type", "r"},
      {R"({"v":1,"type":"","id":"r","body":{}})", "bad_request", "type", "r"},
      {quote(R"("pickup":{"pad":"A"},"parcel":{"mass_kg":1})"), "bad_request", "dropoff", "r"},
      {quote(stops + R"(,"parcel":{})"), "bad_request", "parcel.mass_kg", "r"},
      {quote(stops + R"(,"parcel":{"mass_kg":"1"})"), "bad_request", "parcel.mass_kg", "r"},
      {quote(stops + R"(,"parcel":{"mass_kg":0})"), "bad_request", "parcel.mass_kg", "r"},
      {quote(stops + R"(,"parcel":{"mass_kg":-1})"), "bad_request", "parcel.mass_kg", "r"},
      {quote(stops + R"(,"parcel":{"mass_kg":1,"colour":"red"})"), "unknown_field", "parcel.colour", "r"},
      {quote(R"("pickup":{"pad":"A","lon":4,"lat":45},"dropoff":{"pad":"B"},"parcel":{"mass_kg":1})"), "bad_request",
       "pickup.pad", "r"},
      {quote(R"("pickup":{"lon":4},"dropoff":{"pad":"B"},"parcel":{"mass_kg":1})"), "bad_request", "pickup.lat", "r"},
      {quote(R"("pickup":{"lon":4,"lat":95},"dropoff":{"pad":"B"},"parcel":{"mass_kg":1})"), "bad_request",
       "pickup.lat", "r"},
      {quote(stops + R"(,"parcel":{"mass_kg":1},"ready_at":"soon")"), "bad_request", "ready_at", "r"},
      {quote(stops +
             R"(,"parcel":{"mass_kg":1},"ready_at":"2026-11-21T10:00:00Z","deliver_by":"2026-11-21T09:00:00Z")"),
       "time_invalid", "deliver_by", "r"},
      {R"({"v":1,"type":"subscribe","id":"r","body":{"from_seq":0}})", "bad_request", "from_seq", "r"},
      {R"({"v":1,"type":"subscribe","id":"r","body":{"from_seq":1.5}})", "bad_request", "from_seq", "r"},
      {R"({"v":1,"type":"subscribe","id":"r","body":{"from_seq":18446744073709551615}})", "bad_request", "from_seq",
       "r"},
      {R"({"v":1,"type":"order.get","id":"r","body":{}})", "bad_request", "order_id", "r"},
      {R"({"v":1,"type":"order.list","id":"r","body":{"states":["flying"]}})", "bad_request", "states", "r"},
      {R"({"v":1,"type":"order.list","id":"r","body":{"limit":201}})", "bad_request", "limit", "r"},
      {R"({"v":1,"type":"pads.list","id":"r","body":{"cursor":"x"}})", "bad_request", "cursor", "r"},
  };
  for (const BadFrame& wanted : table) {
    const BadFrame found = judge(wanted.frame);
    BOOST_TEST(found.code == wanted.code, wanted.frame.substr(0, 120));
    BOOST_TEST(found.field == wanted.field, wanted.frame.substr(0, 120));
    BOOST_TEST(found.re == wanted.re, wanted.frame.substr(0, 120));
  }
}

BOOST_AUTO_TEST_CASE(good_frames_are_read) {
  BOOST_TEST(judge(R"({"v":1,"type":"hello","id":"r","body":{}})").code == "ok");
  BOOST_TEST(judge(R"({"v":1,"type":"pads.list","id":"r","body":{"limit":10,"cursor":"20"}})").code == "ok");
  BOOST_TEST(judge(R"({"v":1,"type":"order.list","id":"r","body":{"states":["accepted","failed"]}})").code == "ok");
  BOOST_TEST(judge(R"({"v":1,"type":"order.create","id":"r","body":{"client_order_id":"c","pickup":{"pad":"A"},
    "dropoff":{"lon":4.8,"lat":45.7},"parcel":{"mass_kg":1,"length_m":0.2},"note":"","priority":9,
    "ready_at":"2026-11-21T18:00:00.250+08:00"}})")
                 .code == "ok");
}

BOOST_AUTO_TEST_CASE(requests_that_mean_the_same_are_the_same_json) {
  const auto read = [](const std::string& body) {
    const auto parsed = parse_merchant_request("order.create", nlohmann::json::parse(body));
    BOOST_REQUIRE(parsed.has_value());
    return to_json(std::get<CreateOrderRequest>(*parsed)).dump();
  };
  const std::string a = read(R"({"client_order_id":"c","pickup":{"pad":"A"},"dropoff":{"pad":"B"},
    "parcel":{"mass_kg":1},"ready_at":"2026-11-21T10:00:00Z"})");
  const std::string b = read(R"({"parcel":{"mass_kg":1.0},"ready_at":"2026-11-21T11:00:00.000+01:00","priority":5,
    "dropoff":{"pad":"B"},"pickup":{"pad":"A"},"note":null,"client_order_id":"c"})");
  BOOST_TEST(a == b);
  const std::string c = read(R"({"client_order_id":"c","pickup":{"pad":"A"},"dropoff":{"pad":"B"},
    "parcel":{"mass_kg":1.5},"ready_at":"2026-11-21T10:00:00Z"})");
  BOOST_TEST(a != c);
}

BOOST_AUTO_TEST_CASE(error_replies_carry_what_the_table_says) {
  const auto told = nlohmann::json::parse(
      error_reply("r1", Error{.code = ErrorCode::pad_closed, .message = "closed", .where = "dropoff.pad"}, 60.0));
  BOOST_TEST(told["re"] == "r1");
  BOOST_TEST(told["ok"] == false);
  BOOST_TEST(told["error"]["code"] == "pad_closed");
  BOOST_TEST(told["error"]["retryable"] == true);
  BOOST_TEST(told["error"]["field"] == "dropoff.pad");
  BOOST_TEST(told["error"]["retry_after_s"] == 60.0);
  BOOST_TEST(
      nlohmann::json::parse(error_reply({}, Error{.code = ErrorCode::bad_json, .message = "x"}))["re"].is_null());
}

BOOST_AUTO_TEST_CASE(telemetry_of_a_drone_in_hands_that_are_not_known_here_is_nobodys_to_count_on) {
  nlohmann::json body{{"n", 1},
                      {"at", "2026-11-22T10:00:00Z"},
                      {"lon", 4.8},
                      {"lat", 45.7},
                      {"alt_msl_m", 200.0},
                      {"v_e_m_s", 0.0},
                      {"v_n_m_s", 0.0},
                      {"v_u_m_s", 0.0},
                      {"battery_wh", 1.0}};
  const auto control = [&] {
    const auto message = parse_drone_message("telemetry", body);
    BOOST_REQUIRE(message.has_value());
    return std::get<Telemetry>(*message).control;
  };
  BOOST_TEST((control() == ControlState::service));
  for (const auto& [word, state] : {std::pair("service", ControlState::service),
                                    {"other", ControlState::other},
                                    {"given_back", ControlState::given_back},
                                    {"the_neighbours_cat", ControlState::other}}) {
    body["control"] = word;
    BOOST_TEST((control() == state), word);
  }
  body["battery_age_s"] = -1.0;
  BOOST_TEST(parse_drone_message("telemetry", body).error().where == "battery_age_s");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
