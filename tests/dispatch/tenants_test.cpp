// No merchant ever sees a byte of another's: a matrix of verbs, and a hundred thousand random requests.
#include <boost/test/unit_test.hpp>

#include "tests/dispatch/fleet_drill.hpp"
#include "tests/seed.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::FleetDrill;
using nlohmann::json;

constexpr int kMerchants = 6;

std::string merchant(int i) { return "M" + std::to_string(i + 1); }

/// Orders of six merchants; what each is called carries its owner's mark.
struct Market {
  FleetDrill drill{drill::small_town(5), test::seed()};
  std::map<std::string, int> owner;  // by order id, quote id
  std::vector<std::string> ids;
  std::vector<std::string> quotes;
  int created = 0;

  Market() { drill.connect_all(); }
  static std::string mark(int i) { return "owned-by-" + std::to_string(i + 1) + "-"; }
  int any(int n) { return std::uniform_int_distribution<int>(0, n - 1)(drill.random()); }
  json wish() {
    const char* pads[] = {"K1", "K2", "K3", "K4"};
    const int from = any(4);
    return {{"pickup", {{"pad", pads[from]}}},
            {"dropoff", {{"pad", pads[(from + 1 + any(3)) % 4]}}},
            {"parcel", {{"mass_kg", 0.5}}}};
  }
  void create(int i) {
    json body = wish();
    body["client_order_id"] = mark(i) + std::to_string(++created);
    body["note"] = mark(i) + "secret";
    const json reply = drill.ask(merchant(i), "order.create", body);
    if (!reply.is_object() || reply["ok"] != true) return;
    owner[reply["body"]["order_id"]] = i;
    ids.push_back(reply["body"]["order_id"]);
  }
  void quote(int i) {
    const json reply = drill.ask(merchant(i), "quote", wish());
    if (!reply.is_object() || reply["ok"] != true || !reply["body"].contains("quote_id")) return;
    owner[reply["body"]["quote_id"]] = i;
    quotes.push_back(reply["body"]["quote_id"]);
  }
  /// What in the frame is not the reader's; empty if all is.
  std::string foreign_in(const std::string& frame, int reader) const {
    for (int i = 0; i < kMerchants; ++i) {
      if (i != reader && frame.find(mark(i)) != std::string::npos) return mark(i);
    }
    if (frame.find("secret") != std::string::npos) return "a note";
    const json told = json::parse(frame);
    if (!told.contains("body")) return {};
    const json& body = told["body"];
    const auto is_foreign = [&](const json& one) {
      const std::string id = one.value("order_id", "");
      return !id.empty() && owner.contains(id) && owner.at(id) != reader;
    };
    if (body.is_object() && is_foreign(body)) return body["order_id"];
    if (body.is_object() && body.contains("orders")) {
      for (const json& one : body["orders"]) {
        if (is_foreign(one)) return one["order_id"];
      }
    }
    return {};
  }
};

BOOST_FIXTURE_TEST_SUITE(tenants, Market)

BOOST_AUTO_TEST_CASE(every_verb_on_a_foreign_thing_answers_as_on_nothing) {
  drill.run_for(3);
  create(0);
  quote(0);
  BOOST_REQUIRE(ids.size() == 1 && quotes.size() == 1);
  const std::string at = format_rfc3339(after(drill.now(), 600.0));
  const auto bodies = [&](const std::string& order_id, const std::string& client_id, const std::string& quote_id) {
    json create = wish();
    create.update({{"client_order_id", "matrix"}, {"quote_id", quote_id}});
    return std::vector<std::pair<std::string, json>>{{"order.get", {{"order_id", order_id}}},
                                                     {"order.get", {{"client_order_id", client_id}}},
                                                     {"order.ready", {{"order_id", order_id}, {"ready_at", at}}},
                                                     {"order.cancel", {{"order_id", order_id}, {"reason", "x"}}},
                                                     {"order.create", create}};
  };
  const std::string before = state_hash(drill.core().state());
  const auto foreign = bodies(ids[0], mark(0) + "1", quotes[0]);
  const auto unknown = bodies("O999999", "nothing", "Q999999");
  for (std::size_t k = 0; k < foreign.size(); ++k) {
    const json to_foreign = drill.ask("M2", foreign[k].first, foreign[k].second);
    const json to_unknown = drill.ask("M2", unknown[k].first, unknown[k].second);
    BOOST_TEST(to_foreign["error"] == to_unknown["error"], foreign[k].first);
    BOOST_TEST(to_foreign["error"]["code"] == "not_found");
  }
  BOOST_TEST(drill.ask("M2", "order.list", json::object())["body"]["orders"].empty());
  BOOST_TEST(drill.ask("M2", "subscribe", json::object())["body"]["seq"] == 0);
  BOOST_TEST(state_hash(drill.core().state()) == before);
  for (const auto& [verb, body] : bodies(ids[0], mark(0) + "1", quotes[0])) {
    if (verb == "order.create") continue;
    BOOST_TEST(drill.ask("M1", verb, body)["ok"] == true, verb);
  }
}

BOOST_AUTO_TEST_CASE(a_drone_or_nobody_gets_no_answer_of_a_merchant) {
  // On the drones' port a merchant's request is no message, whoever asks.
  drill.core().on_drone_frame(drill.now(), {.connection = 900, .authenticated = "D01"},
                              R"({"v":1,"type":"order.list","id":"x","body":{}})");
  const Effects effects = drill.core().take_effects();
  BOOST_TEST(json::parse(effects.to_drones.at(0).frame)["error"]["code"] == "unknown_type");
  BOOST_TEST(effects.to_merchants.empty());
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_random_requests_leak_nothing) {
  std::uint64_t frames = 0;
  std::string leak;
  drill.listen([&](ConnectionId to, const std::string& frame) {
    ++frames;
    const std::string foreign = foreign_in(frame, static_cast<int>(to) - 1);
    if (!foreign.empty() && leak.empty()) leak = foreign + " in " + frame.substr(0, 400);
  });
  for (int n = 0; n < 100'000 && leak.empty(); ++n) {
    const int i = any(kMerchants);
    const std::string who = merchant(i);
    const std::string id =
        ids.empty() || any(20) == 0 ? "O999999" : ids[static_cast<std::size_t>(any(static_cast<int>(ids.size())))];
    const int verb = any(100);
    if (verb < 1 && created < 400) {
      create(i);
    } else if (verb < 2 && quotes.size() < 100) {
      quote(i);
    } else if (verb < 3) {
      drill.step();
      for (const std::string& frame : drill.core().eta_frames(drill.now(), who)) {
        ++frames;
        if (const std::string foreign = foreign_in(frame, i); !foreign.empty()) leak = "eta: " + foreign;
      }
    } else if (verb < 40) {
      (void)drill.send(who, "order.get", {{"order_id", id}});
    } else if (verb < 60) {
      (void)drill.send(who, "order.get",
                       {{"client_order_id", mark(any(kMerchants)) + std::to_string(any(created + 1))}});
    } else if (verb < 70) {
      (void)drill.send(who, "order.ready",
                       {{"order_id", id}, {"ready_at", format_rfc3339(after(drill.now(), any(900)))}});
    } else if (verb < 73) {
      (void)drill.send(who, "order.list", {{"limit", 1 + any(5)}, {"cursor", std::to_string(any(400))}});
    } else if (verb < 74) {
      (void)drill.send(who, "order.cancel", {{"order_id", id}, {"reason", "random"}});
    } else if (verb < 80) {
      (void)drill.send(who, "subscribe", {{"from_seq", 1 + any(50)}});
    } else if (verb < 85) {
      (void)drill.send(who, "order.create",
                       {{"client_order_id", mark(i) + std::to_string(any(created + 1))}, {"pickup", {{"pad", "K1"}}}});
    } else {
      (void)drill.send(who, "hello", json::object());
    }
  }
  BOOST_TEST(leak.empty(), leak);
  BOOST_TEST(frames > 90'000U);
  BOOST_TEST(ids.size() > 100U);
  // Events go to their owner's ledger alone.
  for (int i = 0; i < kMerchants; ++i) {
    for (const OrderEvent& event : drill.core().state().merchants.at(merchant(i)).events) {
      BOOST_TEST(owner.at(event.order_id) == i);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
