// Random days: orders, cancellations, lost messages, drones that vanish and forget, crashes. Whatever happens, what
// must hold holds, and the journal alone gives the same state.
#include <boost/test/unit_test.hpp>

#include "tests/dispatch/fleet_drill.hpp"
#include "tests/seed.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::FleetDrill;
using nlohmann::json;

class RandomDay {
 public:
  /// Every other day operators interfere, winds blow drones away and batteries fail.
  explicit RandomDay(std::uint64_t seed) : drill_(drill::small_town(5), seed), chaos_(seed % 2 == 0) {
    drill_.lost_share() = seed % 3 == 0 ? 0.2 : 0.0;
    drill_.connect_all();
  }

  void run(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      const double dice = share();
      if (dice < 0.03) {
        order();
      } else if (dice < 0.04) {
        cancel();
      } else if (dice < 0.042) {
        drill_.reset(any_drone());
      } else if (dice < 0.044) {
        any_drone().linked = false;
      } else if (dice < 0.050) {
        for (drill::PaperDrone& drone : drill_.drones()) {
          if (!drone.linked) drill_.connect(drone);
        }
      } else if (dice < 0.053) {
        drill_.restart();
      } else if (dice < 0.058) {
        if (chaos_) operate();
      } else if (dice < 0.070) {
        if (chaos_) open_all();
      } else if (dice < 0.071) {
        if (chaos_) any_drone().off_route_deg = 0.0005;
      } else if (dice < 0.0715) {
        if (chaos_) any_drone().battery_wh = 200.0 * share();
      }
      drill_.step();
      const std::string broken = drill_.broken_invariant();
      BOOST_REQUIRE_MESSAGE(broken.empty(), broken);
    }
  }

  [[nodiscard]] std::string replayed_hash() const {
    Core fresh(drill::small_town(5));
    for (const Record& record : drill_.journal()) {
      const auto read = parse_record(record.at, kind(record.body), serialise(record.body));
      BOOST_REQUIRE_MESSAGE(read.has_value(), kind(record.body));
      fresh.replay(*read);
    }
    return state_hash(fresh.state());
  }

  /// Whatever operators have closed is open again.
  void open_all() {
    for (drill::PaperDrone& drone : drill_.drones()) {
      drone.battery_wh.reset();
      drone.off_route_deg = 0.0;
      // Somebody fetches those that came down in the open.
      const auto known = drill_.core().state().drones.find(drone.id);
      if (known != drill_.core().state().drones.end() && !known->second.withdrawn.empty()) drill_.reset(drone);
    }
    const Gates gates = drill_.core().state().gates;
    for (const auto& [pad, why] : gates.closed_pads) (void)drill_.operate(OperatorVerb::open_pad, pad);
    for (const auto& [merchant, why] : gates.paused_merchants) {
      (void)drill_.operate(OperatorVerb::resume_merchant, merchant);
    }
    (void)drill_.operate(OperatorVerb::weather_clear, "");
    (void)drill_.operate(OperatorVerb::ground_resume, "");
    for (const auto& [id, drone] : drill_.core().state().drones) {
      if (!drone.maintenance.empty()) (void)drill_.operate(OperatorVerb::reinstate_drone, id);
    }
    for (const auto& [id, flight] : std::map(drill_.core().state().flights)) {
      if (flight.steer == Steer::hold) (void)drill_.operate(OperatorVerb::resume, id);
    }
    for (const auto& [id, order] : drill_.core().state().orders) {
      if (!order.only_drone.empty()) (void)drill_.operate(OperatorVerb::cancel, id);
    }
  }
  [[nodiscard]] int operated() const { return operated_; }

  [[nodiscard]] FleetDrill& drill() { return drill_; }
  [[nodiscard]] const std::vector<std::string>& acknowledged() const { return acknowledged_; }

 private:
  double share() { return std::uniform_real_distribution<double>(0.0, 1.0)(drill_.random()); }
  std::string any_pad() {
    static const std::vector<std::string> kPads{"H1", "K1", "K2", "K3", "K4"};
    return kPads[std::uniform_int_distribution<std::size_t>(0, kPads.size() - 1)(drill_.random())];
  }
  drill::PaperDrone& any_drone() {
    return drill_.drones()[std::uniform_int_distribution<std::size_t>(0, drill_.drones().size() - 1)(drill_.random())];
  }
  void order() {
    const json reply =
        drill_.create("c" + std::to_string(++orders_), any_pad(), any_pad(), share() < 0.5 ? "M1" : "M2");
    if (reply.is_object() && reply.at("ok") == true) acknowledged_.push_back(reply["body"]["order_id"]);
  }
  void cancel() {
    if (acknowledged_.empty()) return;
    const std::string id =
        acknowledged_[std::uniform_int_distribution<std::size_t>(0, acknowledged_.size() - 1)(drill_.random())];
    (void)drill_.ask(drill_.order(id).merchant, "order.cancel", {{"order_id", id}, {"reason", "random"}});
  }

  /// Any verb at anything that has a name. What the preview says is what is then done, and it changes nothing.
  void operate() {
    OperatorCommand command{.command_id = "day" + std::to_string(++operated_), .by = "olga"};
    command.verb = static_cast<OperatorVerb>(std::uniform_int_distribution<int>(0, 20)(drill_.random()));
    if (command.verb == OperatorVerb::insert_zone || command.verb == OperatorVerb::remove_zone) return;
    std::vector<std::string> names{"M1", "M2", any_pad(), any_drone().id, any_drone().id, "nobody"};
    for (const auto& [id, flight] : drill_.core().state().flights) names.push_back(id);
    for (const std::string& id : acknowledged_) names.push_back(id);
    command.target = names[std::uniform_int_distribution<std::size_t>(0, names.size() - 1)(drill_.random())];
    command.args.pad = any_pad();
    if (share() < 0.3) command.args.drone = any_drone().id;
    const std::string before = state_hash(drill_.core().state());
    const OperatorResult seen = drill_.core().preview(drill_.now(), command);
    BOOST_TEST(state_hash(drill_.core().state()) == before);
    const OperatorResult done = drill_.operate(command.verb, command.target, command.args);
    BOOST_TEST(done.error.has_value() == seen.error.has_value());
    BOOST_REQUIRE(done.effects.size() == seen.effects.size());
    for (std::size_t i = 0; i < done.effects.size(); ++i) BOOST_TEST(done.effects[i].text == seen.effects[i].text);
    if (done.error) BOOST_TEST(state_hash(drill_.core().state()) == before);
  }

  FleetDrill drill_;
  bool chaos_;
  int operated_ = 0;
  int orders_ = 0;
  std::vector<std::string> acknowledged_;
};

BOOST_AUTO_TEST_SUITE(random_days)

BOOST_AUTO_TEST_CASE(invariants_hold_and_the_journal_replays_to_the_same_hash) {
  const std::uint64_t first = test::seed();
  int delivered = 0;
  for (std::uint64_t seed = first; seed < first + 12; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      RandomDay day(seed);
      day.run(2400);
      BOOST_TEST(day.replayed_hash() == state_hash(day.drill().core().state()));
      for (const std::string& id : day.acknowledged()) BOOST_TEST(day.drill().core().state().orders.contains(id));
      for (const auto& [id, order] : day.drill().core().state().orders) {
        delivered += order.state == OrderState::delivered ? 1 : 0;
      }
    }
  }
  BOOST_TEST(delivered > 50);  // the days are not empty
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_day) {
  RandomDay a(42);
  RandomDay b(42);
  a.run(900);
  b.run(900);
  BOOST_TEST(state_hash(a.drill().core().state()) == state_hash(b.drill().core().state()));
  BOOST_TEST(a.drill().journal().size() == b.drill().journal().size());
}

BOOST_AUTO_TEST_CASE(left_in_peace_every_order_ends_and_every_drone_comes_home) {
  RandomDay day(test::seed() + 101);  // an even one by default: with everything that can happen
  day.run(1200);
  day.drill().lost_share() = 0.0;
  day.drill().connect_all();
  day.open_all();
  day.drill().run_for(5400);
  for (const auto& [id, order] : day.drill().core().state().orders) {
    BOOST_TEST(is_terminal(order.state), id << " is still " << name(order.state));
  }
  BOOST_TEST(day.drill().core().state().flights.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
