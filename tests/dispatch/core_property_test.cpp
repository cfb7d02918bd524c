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
  explicit RandomDay(std::uint64_t seed) : drill_(drill::small_town(5), seed) {
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

  FleetDrill drill_;
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
  RandomDay day(test::seed() + 100);
  day.run(1200);
  day.drill().lost_share() = 0.0;
  day.drill().connect_all();
  day.drill().run_for(5400);
  for (const auto& [id, order] : day.drill().core().state().orders) {
    BOOST_TEST(is_terminal(order.state), id << " is still " << name(order.state));
  }
  BOOST_TEST(day.drill().core().state().flights.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
