#include "dispatch/gateway/merchant_call.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "dispatch/gateway/url_text.hpp"
#include "dispatch/protocol/envelope.hpp"
#include "dispatch/protocol/merchant_request.hpp"

using namespace swiftlet;
using namespace swiftlet::dispatch;
using nlohmann::json;

namespace {

HttpRequest request(const std::string& method, const std::string& target, const std::string& body = "") {
  const std::size_t question = target.find('?');
  return {.method = method,
          .path = target.substr(0, question),
          .query = question == std::string::npos ? "" : target.substr(question + 1),
          .body = body};
}

/// "TYPE BODY" of the frame, or "STATUS CODE" of HTTP's own refusal.
std::string told(const HttpRequest& asked) {
  const auto call = merchant_call(asked);
  if (!call)
    return std::to_string(call.error().status) + " " +
           json::parse(*call.error().body)["error"]["code"].get<std::string>();
  const json frame = json::parse(call->frame, nullptr, false);
  return frame.is_discarded() ? "no json" : frame["type"].get<std::string>() + " " + frame["body"].dump();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(merchant_calls)

BOOST_AUTO_TEST_CASE(every_verb_has_its_path) {
  BOOST_TEST(told(request("GET", "/v1/hello")) == "hello {}");
  BOOST_TEST(told(request("HEAD", "/v1/hello")) == "hello {}");
  BOOST_TEST(told(request("GET", "/v1/pads?limit=5&cursor=7")) == R"(pads.list {"cursor":"7","limit":5})");
  BOOST_TEST(told(request("POST", "/v1/quotes", R"({"a":1})")) == R"(quote {"a":1})");
  BOOST_TEST(told(request("POST", "/v1/orders", R"({"a":1})")) == R"(order.create {"a":1})");
  BOOST_TEST(told(request("GET", "/v1/orders/O1")) == R"(order.get {"order_id":"O1"})");
  BOOST_TEST(told(request("GET", "/v1/client_orders/a%2Fb%20c")) == R"(order.get {"client_order_id":"a/b c"})");
  BOOST_TEST(told(request("GET", "/v1/orders?states=accepted,failed&from=2026-11-22T10:00:00%2B01:00")) ==
             R"(order.list {"from":"2026-11-22T10:00:00+01:00","states":["accepted","failed"]})");
  BOOST_TEST(told(request("POST", "/v1/orders/O1/ready", R"({"ready_at":"x"})")) ==
             R"(order.ready {"order_id":"O1","ready_at":"x"})");
  BOOST_TEST(told(request("POST", "/v1/orders/O1/cancel", R"({"order_id":"O1"})")) ==
             R"(order.cancel {"order_id":"O1"})");
  BOOST_TEST(told(request("GET", "/v1/events?from_seq=3&limit=2")) == R"(subscribe {"from_seq":3})");
  BOOST_TEST(told(request("GET", "/v1/stream?from_seq=3")) == R"(subscribe {"from_seq":3})");
  HttpRequest resumed = request("GET", "/v1/stream?from_seq=3");
  resumed.headers["last-event-id"] = "7";
  BOOST_TEST(told(resumed) == R"(subscribe {"from_seq":8})");
  BOOST_TEST(merchant_call(resumed)->streams);
  BOOST_TEST(server_sent_event("eta", "{}") == "event: eta\ndata: {}\n\n");
  BOOST_TEST(server_sent_event("order.event", "{}", 7) == "event: order.event\nid: 7\ndata: {}\n\n");
  BOOST_TEST(merchant_call(request("GET", "/v1/events?limit=2"))->most_events == 2U);
  BOOST_TEST(merchant_call(request("GET", "/v1/events"))->most_events == 200U);
}

BOOST_AUTO_TEST_CASE(what_http_refuses_itself) {
  for (const char* nowhere : {"/", "/v1", "/v1/orders/", "/v1/orders/a/b", "/v2/hello", "//v1/hello"})
    BOOST_TEST(told(request("GET", nowhere)) ==
                   (std::string(nowhere) == "/v1/orders/" ? R"(order.get {"order_id":""})" : "404 not_found"),
               nowhere);
  BOOST_TEST(told(request("DELETE", "/v1/orders")) == "405 bad_request");
  BOOST_TEST(told(request("GET", "/v1/quotes")) == "405 bad_request");
  BOOST_TEST(told(request("GET", "/v1/hello", "{}")) == "400 bad_request");
  BOOST_TEST(told(request("POST", "/v1/orders?x=1", "{}")) == "400 bad_request");
  BOOST_TEST(told(request("GET", "/v1/orders/O1?order_id=O2")) == "400 bad_request");
  BOOST_TEST(told(request("GET", "/v1/orders?limit=1&limit=2")) == "400 bad_request");
  BOOST_TEST(told(request("POST", "/v1/orders/O1/cancel", R"({"order_id":"O2"})")) == "400 bad_request");
  for (const char* limit : {"0", "201", "-1", "x", "1.5", "99999999999999999999", ""})
    BOOST_TEST(told(request("GET", std::string("/v1/events?limit=") + limit)) == "400 bad_request", limit);
}

/// Whatever a body says, the frame is the verb of its path and nothing else, or one that the service refuses.
BOOST_AUTO_TEST_CASE(a_body_cannot_leave_its_place) {
  for (const std::string body :
       {R"({},"type":"order.cancel","x":{})", R"({"a":1},"v":2)", R"(null)", R"([1])", R"("x")", R"({"type":"hello"})",
        "", "{", R"({"a":1,"a":2})", "\xff", R"({"body":{}})"}) {
    const auto call = merchant_call(request("POST", "/v1/quotes", body));
    BOOST_REQUIRE(call.has_value());
    const auto envelope = parse_envelope(call->frame, IdRule::required);
    if (!envelope) continue;
    BOOST_TEST(envelope->type == "quote", body);
    BOOST_TEST(envelope->id == "http", body);
    BOOST_TEST(!parse_merchant_request(envelope->type, envelope->body).has_value(), body);
  }
}

BOOST_AUTO_TEST_CASE(answers_have_the_status_of_their_code) {
  const HttpReply well = merchant_answer(ok_reply("http", {{"seq", 3}}));
  BOOST_TEST(well.status == 200);
  BOOST_TEST(*well.body == R"({"seq":3})");
  BOOST_TEST(*merchant_answer(ok_reply("http", {{"seq", 3}}), "[{}]").body == R"({"seq":3,"events":[{}]})");
  const auto refused = [](ErrorCode code) {
    return merchant_answer(error_reply("http", {.code = code, .message = "m"}));
  };
  BOOST_TEST(refused(ErrorCode::history_gone).status == 410);
  BOOST_TEST(refused(ErrorCode::conflict).headers.empty());
  json gone = json::parse(error_reply("http", {.code = ErrorCode::history_gone, .message = "m"}));
  gone["error"]["oldest_seq"] = 7;
  BOOST_TEST(json::parse(*merchant_answer(gone.dump()).body)["error"]["oldest_seq"] == 7);
  const HttpReply limited = merchant_answer(error_reply({}, {.code = ErrorCode::rate_limited, .message = "m"}, 0.1));
  BOOST_TEST(limited.status == 429);
  BOOST_REQUIRE(limited.headers.size() == 1U);
  BOOST_TEST(limited.headers[0].second == "1");
}

BOOST_AUTO_TEST_CASE(text_of_urls) {
  BOOST_TEST(url_decoded("a%2fb%41%zz%4") == "a/bA%zz%4");
  const auto parameters = url_parameters("a=1+2&b&&c=%3D=");
  BOOST_REQUIRE(parameters.size() == 3U);
  BOOST_TEST((parameters[0] == std::pair<std::string, std::string>("a", "1 2")));
  BOOST_TEST((parameters[1] == std::pair<std::string, std::string>("b", "")));
  BOOST_TEST((parameters[2] == std::pair<std::string, std::string>("c", "==")));
}

BOOST_AUTO_TEST_SUITE_END()
