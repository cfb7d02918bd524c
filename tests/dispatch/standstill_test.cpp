#include "dispatch/core/standstill.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "tests/dispatch/fleet_drill.hpp"
#include "tests/seed.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::FleetDrill;
using drill::PaperDrone;
using nlohmann::json;

constexpr double kPatience_s = 900.0;
const Error kGale{.code = ErrorCode::wind_too_strong, .message = "wind of 13 m/s at the least height en route"};

FleetConfig patient_town(int drones) {
  FleetConfig config = drill::small_town(drones);
  config.patience_s = kPatience_s;
  return config;
}

/// A town where the wind can shut the ways from one pad to another.
struct Storm {
  explicit Storm(int drones = 4) : drill(patient_town(drones), 33) {
    drill.listen([this](ConnectionId, const std::string& text) {
      const json frame = json::parse(text);
      if (frame.at("type") == "order.event") told.push_back(frame);
    });
    drill.connect_all();
    drill.run_for(3);
  }
  std::string ordered(const std::string& client = "c1", const std::string& from = "K1", const std::string& to = "K3") {
    const json reply = drill.create(client, from, to);
    BOOST_REQUIRE_MESSAGE(reply.at("ok") == true, reply.dump());
    return reply["body"]["order_id"];
  }
  /// An order whose drone has not left yet when the wind turns.
  std::string ordered_for_later(double ready_in_s = 300.0) {
    const json reply = drill.ask("M1", "order.create",
                                 {{"client_order_id", "c1"},
                                  {"pickup", {{"pad", "K1"}}},
                                  {"dropoff", {{"pad", "K3"}}},
                                  {"ready_at", format_rfc3339(after(drill.now(), ready_in_s))},
                                  {"parcel", {{"mass_kg", 1.0}}}});
    BOOST_REQUIRE_MESSAGE(reply.at("ok") == true, reply.dump());
    BOOST_REQUIRE((drill.order(reply["body"]["order_id"]).state == OrderState::accepted));
    return reply["body"]["order_id"];
  }
  void blows(const std::string& from, const std::string& to) {
    for (int a = 0; a < 4; ++a) {
      for (int b = 0; b < 4; ++b) {
        drill.refused_legs()[from + "/" + std::to_string(a) + ">" + to + "/" + std::to_string(b)] = kGale;
      }
    }
  }
  void blows_out_of(const std::string& from) {
    for (const char* to : {"K1", "K2", "K3", "K4", "H1", "H2"}) blows(from, to);
  }
  void falls() { drill.refused_legs().clear(); }
  [[nodiscard]] const std::deque<OrderEvent>& events() const { return drill.core().state().merchants.at("M1").events; }
  [[nodiscard]] json get(const std::string& id) { return drill.ask("M1", "order.get", {{"order_id", id}}).at("body"); }
  /// The line of the order in this second's ETA frame; null where there is none.
  [[nodiscard]] json eta(const std::string& id) {
    for (const std::string& frame : drill.core().eta_frames(drill.now(), "M1")) {
      const json read = json::parse(frame);
      for (const json& line : read["body"]["orders"]) {
        if (line["order_id"] == id) return line;
      }
    }
    return nullptr;
  }
  void stuck_in_loading(const std::string& id) {
    BOOST_REQUIRE(drill.run_until(id, OrderState::to_pickup));
    blows_out_of("K1");
    BOOST_REQUIRE(drill.run_until(id, OrderState::loading));
    drill.run_for(120);
    BOOST_REQUIRE((drill.order(id).state == OrderState::loading));
  }
  FleetDrill drill;
  std::vector<json> told;
};

BOOST_FIXTURE_TEST_SUITE(standstill, Storm)

BOOST_AUTO_TEST_CASE(an_order_hung_in_loading_for_ever_because_no_wind_let_its_drone_leave) {
  const std::string id = ordered();
  stuck_in_loading(id);
  // Its merchant is told every second, and where it asks; an event it is not, as the state is the same.
  BOOST_REQUIRE(drill.order(id).standstill.has_value());
  BOOST_TEST(get(id)["standstill"]["cause"] == "wind");
  BOOST_TEST(get(id)["standstill"]["code"] == "weather_hold");
  for (int t = 0; t < 300; ++t) {
    drill.step();
    BOOST_TEST(eta(id).value("cause", "") == "wind");
  }
  BOOST_TEST((events().back().state == OrderState::loading));
  for (std::size_t i = 1; i < events().size(); ++i) BOOST_TEST(is_legal(events()[i - 1].state, events()[i].state));
  // Nothing ends it in time, so the parcel goes back; it cannot either, so the order ends.
  BOOST_TEST(drill.run_until(id, OrderState::returning, kPatience_s));
  BOOST_TEST(drill.run_until(id, OrderState::failed, kPatience_s));
  BOOST_TEST(events().back().code == "weather_hold");
  BOOST_REQUIRE(events().back().refund.has_value());
  BOOST_TEST(events().back().refund->amount_minor == drill.order(id).fee.amount_minor);
  BOOST_TEST(get(id)["refund"]["amount_minor"] == drill.order(id).fee.amount_minor);
  // Once the wind falls the drone flies home, and works again.
  falls();
  drill.run_for(600);
  BOOST_TEST(drill.core().state().flights.empty());
  const std::string next = ordered("c2");
  BOOST_TEST(drill.run_until(next, OrderState::delivered));
}

BOOST_AUTO_TEST_CASE(when_the_wind_falls_it_is_delivered) {
  const std::string id = ordered();
  stuck_in_loading(id);
  falls();
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
  BOOST_TEST(!drill.order(id).standstill.has_value());
  BOOST_TEST(!drill.order(id).refunded);
  BOOST_TEST(!get(id).contains("refund"));
}

BOOST_AUTO_TEST_CASE(a_parcel_that_can_go_back_goes_back) {
  const std::string id = ordered();
  stuck_in_loading(id);
  falls();
  blows("K1", "K3");
  BOOST_TEST(drill.run_until(id, OrderState::returned, 2.0 * kPatience_s));
  BOOST_TEST(events().back().refund.has_value());
  BOOST_TEST((drill.order(id).history.back().state == OrderState::returned));
}

BOOST_AUTO_TEST_CASE(whoever_takes_the_parcel_off_a_drone_that_cannot_leave_has_it_back) {
  const std::string id = ordered();
  stuck_in_loading(id);
  BOOST_REQUIRE(drill.run_until(id, OrderState::returning, kPatience_s));
  PaperDrone& drone = drill.drone(drill.order(id).drone);
  drone.payload_kg = 0.0;
  (void)drone.event("released", drill.now());
  drill.run_for(3);
  BOOST_TEST((drill.order(id).state == OrderState::returned));
  falls();
  drill.run_for(600);
  BOOST_TEST(drill.core().state().flights.empty());
}

BOOST_AUTO_TEST_CASE(the_eta_counts_with_the_wait_and_says_why) {
  const std::string id = ordered();
  const json promised = eta(id);
  stuck_in_loading(id);
  const json line = eta(id);
  BOOST_REQUIRE(line.is_object());
  BOOST_TEST(line["cause"] == "wind");
  const auto at = [](const json& one, const char* key) { return *parse_rfc3339(one[key].get<std::string>()); };
  BOOST_TEST((at(line, "eta") > at(promised, "eta")));
  BOOST_TEST((at(line, "p95") > after(drill.now(), 600.0)));
  BOOST_TEST((at(line, "p05") <= at(line, "p10") && at(line, "p10") <= at(line, "eta")));
  BOOST_TEST((at(line, "eta") <= at(line, "p90") && at(line, "p90") <= at(line, "p95")));
  // It does not creep: between two guesses of how long it lasts the ETA stays.
  int moves = 0;
  json before = eta(id);
  for (int i = 0; i < 200; ++i) {
    drill.step();
    const json now = eta(id);
    if (std::chrono::abs(at(now, "eta") - at(before, "eta")) > std::chrono::seconds(2)) {
      ++moves;
      BOOST_TEST(now["cause"] == "wind");
    }
    before = now;
  }
  BOOST_TEST(moves <= 1);
}

BOOST_AUTO_TEST_CASE(an_order_hung_in_accepted_for_ever_because_its_kiosk_could_not_be_reached) {
  const std::string id = ordered_for_later();
  for (const char* hub : {"H1", "H2"}) blows(hub, "K1");
  drill.run_for(500);
  BOOST_REQUIRE(drill.order(id).standstill.has_value());
  // It is tried on; its merchant does not get an event of every try.
  BOOST_TEST(events().size() < 10U);
  // Its drone serves others meanwhile.
  const std::string other = ordered("c2", "K2", "K3");
  BOOST_TEST(drill.run_until(other, OrderState::delivered));
  BOOST_TEST(drill.run_until(id, OrderState::failed, 2.0 * kPatience_s));
  BOOST_TEST(events().back().refund.has_value());
  BOOST_TEST(events().back().cause == "wind");
}

BOOST_AUTO_TEST_CASE(an_order_whose_kiosk_can_be_reached_again_is_flown) {
  const std::string id = ordered_for_later();
  for (const char* hub : {"H1", "H2"}) blows(hub, "K1");
  drill.run_for(500);
  BOOST_REQUIRE(drill.order(id).standstill.has_value());
  falls();
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
}

BOOST_AUTO_TEST_CASE(an_order_hung_because_the_free_slot_was_the_shut_one_of_its_pad) {
  const std::string id = ordered_for_later(1200.0);  // what was proven has aged by then
  for (const char* to : {"K3/0", "K3/1"}) drill.refused_legs()["K1/0>" + std::string(to)] = kGale;
  BOOST_TEST(drill.run_until(id, OrderState::delivered, 2400.0));
}

BOOST_AUTO_TEST_CASE(patience_is_not_given_anew_by_a_restart) {
  const std::string id = ordered();
  stuck_in_loading(id);
  const UtcTime since = drill.order(id).standstill->since;
  for (int i = 0; i < 4; ++i) {
    drill.restart();
    drill.run_for(120);
    BOOST_REQUIRE(drill.order(id).standstill.has_value());
    BOOST_TEST((drill.order(id).standstill->since == since));
  }
  BOOST_TEST(drill.run_until(id, OrderState::returning, kPatience_s));
  BOOST_TEST(seconds_between(since, drill.now()) < kPatience_s + 60.0);
}

BOOST_AUTO_TEST_CASE(a_weather_hold_is_told_and_does_not_last_for_ever_either) {
  const std::string id = ordered();
  (void)drill.operate(OperatorVerb::weather_hold, "", {.reason = "gusts"});
  drill.run_for(120);
  BOOST_TEST(eta(id)["cause"] == "weather_hold");
  BOOST_TEST(drill.run_until(id, OrderState::failed, kPatience_s + 60.0));
  BOOST_TEST(drill.core().state().flights.empty());
}

BOOST_AUTO_TEST_CASE(deliver_by_ends_the_patience) {
  const json reply = drill.ask("M1", "order.create",
                               {{"client_order_id", "c1"},
                                {"pickup", {{"pad", "K1"}}},
                                {"dropoff", {{"pad", "K3"}}},
                                {"deliver_by", format_rfc3339(after(drill.now(), 700.0))},
                                {"parcel", {{"mass_kg", 1.0}}}});
  BOOST_REQUIRE_MESSAGE(reply.at("ok") == true, reply.dump());
  const std::string id = reply["body"]["order_id"];
  for (const char* hub : {"H1", "H2"}) blows(hub, "K1");
  BOOST_TEST(drill.run_until(id, OrderState::failed, 760.0));
}

BOOST_AUTO_TEST_CASE(a_drone_that_falls_silent_on_the_ground_does_not_keep_its_order_for_ever) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::loading));
  drill.drone(drill.order(id).drone).linked = false;
  for (int t = 0; t < 3 * static_cast<int>(kPatience_s) && !is_terminal(drill.order(id).state); ++t) drill.step();
  BOOST_TEST(is_terminal(drill.order(id).state));
  BOOST_TEST(events().back().cause == "link");
}

BOOST_AUTO_TEST_CASE(a_delivery_that_comes_after_it_was_given_up_does_not_stop_the_service) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::airborne));
  PaperDrone& drone = drill.drone(drill.order(id).drone);
  drone.linked = false;
  BOOST_REQUIRE(drill.run_until(id, OrderState::failed, 2.0 * kPatience_s));
  drill.connect(drone);
  drill.run_for(900);
  BOOST_TEST((drill.order(id).state == OrderState::failed));
  BOOST_TEST(drill.core().state().flights.empty());
}

BOOST_AUTO_TEST_SUITE_END()

/// Storms drawn at random, restarts in between: after the last one every order has ended, and a replay says the same.
BOOST_AUTO_TEST_CASE(after_any_storm_every_order_is_delivered_or_ends_honestly) {
  std::map<OrderState, int> ends;
  const std::uint64_t first_seed = test::seed();
  for (std::uint64_t round = 0; round < 12; ++round) {
    const std::uint64_t seed = first_seed + round;
    BOOST_TEST_CONTEXT("seed " << seed) {
      FleetDrill drill(patient_town(6), seed);
      drill.connect_all();
      drill.run_for(3);
      const std::vector<std::string> pads{"K1", "K2", "K3", "K4"};
      const std::vector<std::string> all{"K1", "K2", "K3", "K4", "H1", "H2"};
      const auto drawn = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(drill.random());
      };
      int orders = 0;
      for (int minute = 0; minute < 60; ++minute) {
        if (minute < 40) {
          const std::string& from = pads[drawn(4)];
          const std::string& to = pads[drawn(4)];
          if (from != to) {
            (void)drill.send("M1", "order.create",
                             {{"client_order_id", "c" + std::to_string(++orders)},
                              {"pickup", {{"pad", from}}},
                              {"dropoff", {{"pad", to}}},
                              {"parcel", {{"mass_kg", 1.0}}}});
          }
        }
        if (drawn(6) == 0) {  // some ways are shut, each slot for itself
          for (int i = 0; i < 120; ++i) {
            drill.refused_legs()[all[drawn(6)] + "/" + std::to_string(drawn(4)) + ">" + all[drawn(6)] + "/" +
                                 std::to_string(drawn(4))] = kGale;
          }
        }
        if (drawn(10) == 0) drill.refused_legs().clear();
        if (drawn(15) == 0) drill.restart();
        for (int t = 0; t < 60; ++t) {
          drill.step();
          BOOST_REQUIRE_MESSAGE(drill.broken_invariant().empty(), drill.broken_invariant());
        }
      }
      // Some of the ways stay shut for good. An order that was told to wait for slots is not late before its promise.
      double longest_s = 0.0;
      for (const auto& [id, order] : drill.core().state().orders) {
        if (!is_terminal(order.state))
          longest_s = std::max(longest_s, seconds_between(drill.now(), order.promise.delivery.p95));
      }
      drill.run_for(longest_s + 4.5 * kPatience_s);
      for (const auto& [id, order] : drill.core().state().orders) {
        ++ends[order.state];
        BOOST_TEST(
            is_terminal(order.state),
            id << " is " << name(order.state) << " since " << format_rfc3339(order.history.back().at)
               << ", stands still since "
               << (order.standstill ? format_rfc3339(order.standstill->since) + ": " + order.standstill->what : "never")
               << ", promised by " << format_rfc3339(order.promise.delivery.p95));
      }
      Core replayed(patient_town(6));
      for (const Record& record : drill.journal()) replayed.replay(record);
      BOOST_TEST(state_hash(replayed.state()) == state_hash(drill.core().state()));
    }
  }
  BOOST_TEST(ends[OrderState::delivered] > 0);
  BOOST_TEST(ends[OrderState::failed] + ends[OrderState::returned] > 0);
}

}  // namespace
}  // namespace swiftlet::dispatch
