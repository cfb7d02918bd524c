// The merchants' contract line by line, where merchant_requests_test and order_changes_test do not have it already.
#include <boost/test/unit_test.hpp>
#include <set>

#include "dispatch/protocol/strict_json.hpp"
#include "tests/dispatch/fleet_drill.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::FleetDrill;
using nlohmann::json;

struct Shop {
  FleetDrill drill{drill::small_town(4), 31};
  Shop() {
    drill.connect_all();
    drill.run_for(3);
  }
  static json wish(const std::string& pickup = "K1", const std::string& dropoff = "K3") {
    return {{"pickup", {{"pad", pickup}}}, {"dropoff", {{"pad", dropoff}}}, {"parcel", {{"mass_kg", 1.0}}}};
  }
  json order(const std::string& key, json more = json::object()) {
    json body = wish();
    body["client_order_id"] = key;
    body.update(more);
    const json reply = drill.ask("M1", "order.create", body);
    BOOST_REQUIRE_MESSAGE(reply.at("ok") == true, reply.dump());
    return reply["body"];
  }
  json refused(const std::string& type, const json& body, const std::string& merchant = "M1") {
    const json reply = drill.ask(merchant, type, body);
    BOOST_REQUIRE_MESSAGE(reply.at("ok") == false, reply.dump());
    return reply["error"];
  }
  /// The answer to a frame as it is.
  json raw(const std::string& frame) {
    std::string answer;
    drill.listen([&](ConnectionId, const std::string& told) { answer = told; });
    drill.core().on_merchant_frame(drill.now(), {.merchant = "M1", .connection = 1}, frame);
    const Effects effects = drill.core().take_effects();
    drill.listen({});
    return json::parse(effects.to_merchants.at(0).frame);
  }
  static bool is_wire_time(const json& text) {
    const auto& s = text.get_ref<const std::string&>();
    return s.size() == 24 && s[19] == '.' && s.back() == 'Z' && parse_rfc3339(s).has_value();
  }
};

BOOST_FIXTURE_TEST_SUITE(merchant_api, Shop)

BOOST_AUTO_TEST_CASE(frames_that_are_no_requests_are_told_what_they_are) {
  const std::vector<std::tuple<std::string, std::string, json>> table{
      {"not json", "bad_json", nullptr},
      {R"({"v":1,"v":1})", "bad_json", nullptr},
      {"\xff", "bad_json", nullptr},
      {R"({"v":1,"type":"hello","id":"x","body":{"n":1e999}})", "bad_json", nullptr},
      {std::string(40, '[') + std::string(40, ']'), "bad_json", nullptr},
      {R"([])", "bad_request", nullptr},
      {R"({"v":2,"type":"hello","id":"x","body":{}})", "unsupported_version", "x"},
      {R"({"v":1,"type":"hello","id":"x","body":{"a":1}})", "unknown_field", "x"},
      {R"({"v":1,"type":"hello","id":"x","body":{},"extra":1})", "unknown_field", "x"},
      {R"({"v":1,"type":"order.fly","id":"x","body":{}})", "unknown_type", "x"},
      {R"({"v":1,"type":"hello","id":"","body":{}})", "bad_request", nullptr},
      {R"({"v":1,"type":"hello","body":{}})", "bad_request", nullptr},
      {R"({"v":1,"type":"hello","id":")" + std::string(65, 'x') + R"(","body":{}})", "bad_request", nullptr}};
  for (const auto& [frame, code, re] : table) {
    const json reply = raw(frame);
    BOOST_TEST(reply["error"]["code"] == code, frame);
    BOOST_TEST(reply["re"] == re, frame);
    BOOST_TEST(reply["ok"] == false);
    BOOST_TEST(reply["error"]["retryable"] == false);
  }
  BOOST_TEST(json::parse(multipart_refusal())["error"]["code"] == "bad_frame");
}

BOOST_AUTO_TEST_CASE(hello_and_times_as_the_contract_writes_them) {
  const json hello = drill.ask("M1", "hello", json::object())["body"];
  for (const char* field : {"merchant", "server", "api", "time", "speed"}) BOOST_TEST(hello.contains(field), field);
  BOOST_TEST(is_wire_time(hello["time"]));
  // In: any offset. The same instant is the same wish.
  json body = wish();
  body["client_order_id"] = "offset";
  body["ready_at"] = "2026-11-21T10:30:00+01:00";
  BOOST_TEST(drill.ask("M1", "order.create", body)["ok"] == true);
  body["ready_at"] = "2026-11-21T09:30:00.000Z";
  BOOST_TEST(drill.ask("M1", "order.create", body)["ok"] == true);
  body["ready_at"] = "2026-11-21T09:30:00";
  BOOST_TEST(drill.ask("M1", "order.create", body)["error"]["field"] == "ready_at");
}

BOOST_AUTO_TEST_CASE(a_quote_has_interval_expiry_and_fee) {
  const json quote = drill.ask("M1", "quote", wish())["body"];
  for (const char* field : {"pickup_eta", "delivery_eta", "p05", "p10", "p90", "p95", "expires_at"}) {
    BOOST_TEST(is_wire_time(quote.at(field)), field);
  }
  const std::vector<std::string> in_order{quote["p05"], quote["p10"], quote["delivery_eta"], quote["p90"],
                                          quote["p95"]};
  BOOST_TEST(std::is_sorted(in_order.begin(), in_order.end()));
  BOOST_TEST(quote["fee"]["amount_minor"].is_number_integer());
  BOOST_TEST(quote["fee"]["currency"] == "EUR");
  json body = wish();
  body["client_order_id"] = "with quote";
  body["quote_id"] = quote["quote_id"];
  BOOST_TEST(drill.ask("M1", "order.create", body)["ok"] == true);
  BOOST_TEST(drill.ask("M1", "order.get", {{"client_order_id", "with quote"}})["body"]["fee"] == quote["fee"]);
}

BOOST_AUTO_TEST_CASE(an_order_says_all_that_the_contract_lists) {
  const std::string id = order("full", {{"priority", 7}})["order_id"];
  BOOST_REQUIRE(drill.run_until(id, OrderState::delivered));
  const json got = drill.ask("M1", "order.get", {{"order_id", id}})["body"];
  for (const char* field : {"order_id",
                            "client_order_id",
                            "state",
                            "created_at",
                            "pickup",
                            "dropoff",
                            "parcel",
                            "drone",
                            "pickup_eta",
                            "delivery_eta",
                            "p05",
                            "p10",
                            "p90",
                            "p95",
                            "promised_delivery_eta",
                            "promised_p05",
                            "promised_p95",
                            "delivered_at",
                            "proof",
                            "history"}) {
    BOOST_TEST(got.contains(field), field);
  }
  const json& proof = got["proof"];
  BOOST_TEST(proof["at"] == got["delivered_at"]);
  BOOST_TEST(proof["pad"] == "K3");
  BOOST_TEST(std::abs(proof["weight_change_kg"].get<double>() + 1.0) < 1e-9);
  BOOST_TEST(std::abs(proof["lon"].get<double>() - 4.83) < 0.001);
  for (const json& step : got["history"]) BOOST_TEST(is_wire_time(step["at"]));
}

BOOST_AUTO_TEST_CASE(the_key_of_an_order_is_kept_for_thirty_days_and_then_free) {
  json body = wish();
  body["client_order_id"] = "monthly";
  const json first = drill.ask("M1", "order.create", body)["body"];
  BOOST_REQUIRE(drill.run_until(first["order_id"], OrderState::delivered));
  drill.step(29.0 * 86400.0);
  BOOST_TEST(drill.ask("M1", "order.create", body)["body"] == first);
  drill.step(2.0 * 86400.0);
  drill.restart();
  drill.run_for(5);
  const json later = drill.ask("M1", "order.create", body)["body"];
  BOOST_TEST(later["order_id"] != first["order_id"]);
}

BOOST_AUTO_TEST_CASE(events_of_old_are_gone_and_say_where_they_begin) {
  const std::string id = order("old")["order_id"];
  BOOST_REQUIRE(drill.run_until(id, OrderState::delivered));
  drill.run_for(400);  // and the drone is home
  drill.step(31.0 * 86400.0);
  drill.restart();
  drill.run_for(5);
  const std::string young = order("young")["order_id"];
  const json gone = refused("subscribe", {{"from_seq", 1}});
  BOOST_TEST(gone["code"] == "history_gone");
  BOOST_TEST(gone["oldest_seq"] == 8);
  BOOST_TEST(drill.ask("M1", "subscribe", {{"from_seq", 8}})["ok"] == true);
  BOOST_TEST(refused("subscribe", {{"from_seq", 1000}})["field"] == "from_seq");
  BOOST_TEST(refused("order.get", {{"order_id", id}})["code"] == "not_found");
}

BOOST_AUTO_TEST_CASE(a_second_of_many_orders_comes_in_parts_and_lists_in_pages) {
  std::set<std::string> ids;
  // For later: two slots serve no 450 within the hour, and would not be promised for it.
  const json later{{"ready_at", format_rfc3339(drill.now() + std::chrono::hours(2))}};
  for (int i = 0; i < 450; ++i) ids.insert(order("many-" + std::to_string(i), later)["order_id"].get<std::string>());
  const std::vector<std::string> frames = drill.core().eta_frames(drill.now(), "M1");
  BOOST_TEST(frames.size() >= 2U);
  std::set<std::string> told;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    BOOST_TEST(frames[i].size() <= kMaxFrameBytes);
    const json frame = json::parse(frames[i]);
    BOOST_TEST(frame["part"] == i + 1);
    BOOST_TEST(frame["parts"] == frames.size());
    BOOST_TEST(frame["at"] == json::parse(frames[0])["at"]);
    BOOST_TEST(frame["last_seq"] == drill.core().state().merchants.at("M1").last_seq);
    for (const json& line : frame["body"]["orders"]) told.insert(line["order_id"].get<std::string>());
  }
  std::set<std::string> live;
  for (const std::string& id : ids) {
    if (!is_terminal(drill.order(id).state)) live.insert(id);
  }
  BOOST_TEST(told == live);

  std::set<std::string> listed;
  json body{{"limit", 200}};
  std::size_t pages = 0;
  for (; pages < 20; ++pages) {
    const json reply = drill.ask("M1", "order.list", body);
    BOOST_TEST(reply.dump().size() <= kMaxFrameBytes);
    for (const json& one : reply["body"]["orders"]) BOOST_TEST(listed.insert(one["order_id"]).second);
    if (reply["body"]["next_cursor"].is_null()) break;
    body["cursor"] = reply["body"]["next_cursor"];
  }
  BOOST_TEST(listed == ids);
  BOOST_TEST(pages >= 2U);
  BOOST_TEST(refused("order.list", {{"limit", 201}})["field"] == "limit");
  BOOST_TEST(refused("order.list", {{"cursor", "O1"}})["field"] == "cursor");
  BOOST_TEST(drill.ask("M1", "order.list", {{"states", {"failed"}}})["body"]["orders"].empty());
}

BOOST_AUTO_TEST_CASE(a_scheduled_order_keeps_no_drone_from_others) {
  const std::string tomorrow = format_rfc3339(after(drill.now(), 20.0 * 3600.0));
  for (int i = 0; i < 8; ++i) order("later-" + std::to_string(i), {{"ready_at", tomorrow}});
  const json now = order("now");
  const UtcTime eta = *parse_rfc3339(now["delivery_eta"].get<std::string>());
  BOOST_TEST(seconds_between(drill.now(), eta) < 900.0);
  BOOST_TEST(drill.run_until(now["order_id"], OrderState::delivered, 900.0));
}

BOOST_AUTO_TEST_CASE(readiness_is_idempotent_by_value_and_bounded) {
  const std::string id = order("r", {{"ready_at", format_rfc3339(after(drill.now(), 900.0))},
                                     {"deliver_by", format_rfc3339(after(drill.now(), 3600.0))}})["order_id"];
  const std::string at = format_rfc3339(after(drill.now(), 1200.0));
  BOOST_TEST(drill.ask("M1", "order.ready", {{"order_id", id}, {"ready_at", at}})["body"]["ready_at"] == at);
  const std::size_t records = drill.journal().size();
  BOOST_TEST(drill.ask("M1", "order.ready", {{"order_id", id}, {"ready_at", at}})["ok"] == true);
  BOOST_TEST(drill.journal().size() == records);
  BOOST_TEST(
      refused("order.ready", {{"order_id", id}, {"ready_at", format_rfc3339(after(drill.now(), 3700.0))}})["code"] ==
      "time_invalid");
  BOOST_TEST(refused("order.ready", {{"order_id", id}, {"ready_at", "2027-06-01T00:00:00Z"}})["field"] == "ready_at");
}

BOOST_AUTO_TEST_CASE(notes_stand_beside_the_journal_and_can_be_erased) {
  const std::string id = order("n", {{"note", "Ms. Ivanova, 2nd floor"}})["order_id"];
  for (const Record& record : drill.journal()) {
    BOOST_TEST(serialise(record.body).find("Ivanova") == std::string::npos);
  }
  BOOST_TEST(drill.notes().size() == 1U);
  BOOST_TEST(drill.ask("M1", "order.get", {{"order_id", id}}).dump().find("Ivanova") == std::string::npos);
  drill.core().on_operator_command(drill.now(),
                                   {.command_id = "e", .by = "olga", .verb = OperatorVerb::erase_note, .target = id});
  BOOST_TEST(drill.core().take_effects().erased_notes == std::vector<std::string>{id},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_counts_against_the_limit_too) {
  FleetConfig town = drill::small_town(1);
  town.rate_per_s = 2.0;
  town.burst = 5.0;
  town.merchant_limits["M2"] = {.rate_per_s = 100.0, .burst = 50.0};
  Core core(town);
  const UtcTime now = *parse_rfc3339("2026-11-21T08:00:00Z");
  core.start(now);
  (void)core.take_effects();
  const auto codes = [&](const std::string& merchant) {
    std::map<std::string, int> count;
    for (int i = 0; i < 20; ++i) {
      core.on_merchant_frame(now, {.merchant = merchant, .connection = 1}, "not json");
      const json error = json::parse(core.take_effects().to_merchants.at(0).frame)["error"];
      ++count[error["code"].get<std::string>()];
      if (error["code"] == "rate_limited") BOOST_TEST(error["retry_after_s"] == 0.5);
    }
    return count;
  };
  BOOST_TEST(codes("M1")["rate_limited"] == 15);
  BOOST_TEST(codes("M2")["rate_limited"] == 0);  // a limit of its own
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
