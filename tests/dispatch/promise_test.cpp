// Promises and ETAs against what then comes.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "tests/dispatch/town_drill.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::TownDrill;
using nlohmann::json;

BOOST_FIXTURE_TEST_SUITE(dispatch_core, TownDrill)

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

/// Eight drones at rest, and two slots at either end.
struct FewSlots {
  drill::FleetDrill drill{drill::small_town(8), 11};
  FewSlots() {
    drill.connect_all();
    drill.run_for(3);
  }
};

BOOST_FIXTURE_TEST_CASE(promises_of_drones_at_rest_did_not_know_the_queue_at_the_pads, FewSlots) {
  std::vector<std::string> ids;
  for (int n = 0; n < 8; ++n) {
    const json reply = drill.create("c" + std::to_string(n), "K1", "K3");
    BOOST_REQUIRE_MESSAGE(reply.at("ok") == true, reply.dump());
    ids.push_back(reply["body"]["order_id"]);
  }
  for (const std::string& id : ids) {
    BOOST_REQUIRE(drill.run_until(id, OrderState::delivered, 7200.0));
    const Order& order = drill.order(id);
    const double takes_s = seconds_between(order.created_at(), *order.delivered_at);
    BOOST_TEST(std::abs(seconds_between(order.promise.delivery.eta, *order.delivered_at)) < 60.0 + 0.15 * takes_s,
               id << ": promised " << format_rfc3339(order.promise.delivery.eta) << ", delivered "
                  << format_rfc3339(*order.delivered_at));
  }
}

BOOST_FIXTURE_TEST_CASE(what_the_pads_cannot_serve_within_half_an_hour_is_refused_with_its_reason, FewSlots) {
  std::vector<std::string> ids;
  std::string refusal;
  for (int n = 0; n < 80; ++n) {
    const json reply = drill.create("c" + std::to_string(n), "K1", "K3");
    if (reply.at("ok") == true) {
      ids.push_back(reply["body"]["order_id"]);
    } else {
      refusal = reply["error"]["code"];
      BOOST_TEST(reply["error"]["retryable"] == true);
      BOOST_TEST(refusal == "pad_full");
    }
  }
  BOOST_TEST(refusal == "pad_full");
  BOOST_TEST(ids.size() >= 8U);
  const json quote = drill.ask("M1", "quote", TownDrill::wish("K1", "K3"))["body"];
  BOOST_TEST(quote["serviceable"] == false);
  BOOST_TEST(quote["reason"]["code"] == "pad_full");
  BOOST_TEST((drill.ask("M1", "quote", TownDrill::wish("K2", "K4"))["body"]["serviceable"] == true));
  for (const std::string& id : ids) BOOST_TEST(drill.run_until(id, OrderState::delivered, 7200.0));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
