// Slots at drop-offs: taken when the parcel is aboard, by flights that must not shut each other out.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <random>

#include "dispatch/core/slot_claims.hpp"
#include "tests/dispatch/town_drill.hpp"
#include "tests/seed.hpp"

namespace swiftlet::dispatch {
namespace {

using drill::FleetDrill;
using drill::TownDrill;
using nlohmann::json;

struct SlotDrill : TownDrill {
  std::string ordered_between(const std::string& from, const std::string& to) {
    const json reply = drill.create("s" + std::to_string(++orders), from, to);
    BOOST_REQUIRE_MESSAGE(reply.at("ok") == true, reply.dump());
    return reply["body"]["order_id"];
  }
  [[nodiscard]] const Flight& flight_of(const std::string& id) const {
    return drill.core().state().flights.at(drill.order(id).flight_id);
  }
  /// Whoever does what it does there goes on for so much longer.
  void keep_busy(const std::string& id, double seconds) {
    drill::PaperDrone& drone = drill.drone(drill.order(id).drone);
    drone.ready_at = after(drill.now(), seconds);
    if (drone.task_ends_at) drone.task_ends_at = drone.ready_at;
  }
  int orders = 0;
};

BOOST_FIXTURE_TEST_SUITE(dispatch_core, SlotDrill)

BOOST_AUTO_TEST_CASE(the_slot_at_the_drop_off_is_taken_once_the_parcel_is_aboard) {
  const std::string id = ordered();
  const DispatchState& state = drill.core().state();
  BOOST_REQUIRE(drill.run_until(id, OrderState::loading));
  for (const char* slot : {"K3/0", "K3/1"}) BOOST_TEST(state.holder(slot).empty());
  BOOST_REQUIRE(drill.run_until(id, OrderState::airborne));
  BOOST_TEST(state.holder(flight_of(id).leg().to.key()) == drill.order(id).drone);
}

BOOST_AUTO_TEST_CASE(a_parcel_aboard_waits_where_it_is_until_its_drop_off_is_free) {
  const std::vector<std::string> first{ordered_between("K1", "K3"), ordered_between("K1", "K3")};
  drill.run_for(60);
  const std::string id = ordered_between("K2", "K3");
  for (int s = 0; s < 900; ++s) {
    drill.step();
    // Whoever they deliver to does not come.
    for (const std::string& stays : first) {
      if (drill.drone(drill.order(stays).drone).purpose == "deliver") keep_busy(stays, 100.0);
    }
  }
  BOOST_REQUIRE(flight_of(id).waits_for_dropoff());
  BOOST_TEST((drill.order(id).state == OrderState::loading));
  BOOST_TEST(!drill.core().state().holder("K2/0").empty());
  drill.restart();
  drill.run_for(5);
  BOOST_REQUIRE(flight_of(id).waits_for_dropoff());
  BOOST_TEST(drill.run_until(id, OrderState::delivered));
  for (const std::string& stayed : first) BOOST_TEST((drill.order(stayed).state == OrderState::delivered));
}

BOOST_AUTO_TEST_CASE(a_parcel_taken_off_a_drone_that_waits_for_its_drop_off_is_not_delivered) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::loading));
  BOOST_REQUIRE(!drill.operate(OperatorVerb::close_pad, "K3").error);
  drill.run_for(60);
  BOOST_REQUIRE(flight_of(id).waits_for_dropoff());
  drill::PaperDrone& drone = drill.drone(drill.order(id).drone);
  drone.purpose = "deliver";  // whose hands are at it is all the same to it
  drone.task_ends_at = drill.now();
  drill.run_for(10);
  BOOST_TEST((drill.order(id).state == OrderState::failed));
  BOOST_TEST(!drill.order(id).proof.has_value());
  drill.run_for(600);
  BOOST_TEST(drill.core().state().flights.empty());
  drill.restart();
}

BOOST_AUTO_TEST_CASE(whoever_waits_for_a_drop_off_is_given_up_where_that_stays_closed) {
  const std::string id = ordered();
  BOOST_REQUIRE(drill.run_until(id, OrderState::loading));
  BOOST_REQUIRE(!drill.operate(OperatorVerb::close_pad, "K3").error);
  BOOST_TEST(drill.run_until(id, OrderState::returned, 3.0 * 3600.0));
  for (const char* slot : {"K1/0", "K1/1", "K3/0", "K3/1"}) BOOST_TEST(drill.core().state().holder(slot).empty());
}

BOOST_AUTO_TEST_CASE(crowded_kiosks_deliver_to_each_other_whatever_the_kitchens_do) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      FleetDrill busy(drill::small_town(8), seed);
      busy.connect_all();
      const auto draw = [&](std::size_t below) {
        return std::uniform_int_distribution<std::size_t>(0, below - 1)(busy.random());
      };
      std::vector<std::string> ids;
      for (int s = 0; s < 9000; ++s) {
        if (s < 1500 && s % 50 == 0) {
          const std::size_t from = draw(4);
          const std::size_t to = (from + 1 + draw(3)) % 4;
          const json reply =
              busy.create("c" + std::to_string(s), "K" + std::to_string(from + 1), "K" + std::to_string(to + 1));
          if (reply.at("ok") == true) ids.push_back(reply["body"]["order_id"]);
        }
        // A kitchen is late, nobody knows why.
        drill::PaperDrone& drone = busy.drones()[draw(8)];
        if (draw(40) == 0 && drone.purpose == "pickup" && s < 3000) {
          drone.ready_at = after(busy.now(), 600.0);
          if (drone.task_ends_at) drone.task_ends_at = drone.ready_at;
        }
        busy.step();
        BOOST_REQUIRE(busy.broken_invariant().empty());
      }
      BOOST_TEST(ids.size() > 15U);
      for (const std::string& id : ids) {
        BOOST_TEST((busy.order(id).state == OrderState::delivered), id << " " << name(busy.order(id).state));
      }
    }
  }
}

/// Flights that come and go by the records alone: no clock, no forecast, whatever may happen happens in any order. Each
/// can go to the slot that it has in view and to no other.
class Kiosks {
 public:
  explicit Kiosks(std::uint64_t seed) : context_(drill::small_town(8)), random_(seed) {}

  /// Something that can happen does; false where nothing can, though flights are under way.
  bool step(bool more_orders) {
    std::vector<std::function<void()>> possible;
    for (const auto& [id, flight] : context_.state().flights) {
      if (!flight.waits_for_dropoff() && flight.leg_index == 1) {
        possible.emplace_back([this, id = id] { fly_home(id); });
      } else if (flight.waits_for_dropoff() && context_.held.leave_free(flight.leg().to, 0.0)) {
        possible.emplace_back([this, id = id] { take(id); });
      } else if (flight.leg_index == 0) {
        possible.emplace_back([this, id = id] { context_.commit(LegEnded{.flight_id = id}); });
      }
    }
    const bool stuck = possible.empty() && !context_.state().flights.empty();
    if (more_orders) possible.emplace_back([this] { assign(); });
    if (!possible.empty()) possible[draw(possible.size())]();
    return !stuck;
  }
  [[nodiscard]] bool all_home() const { return context_.state().flights.empty(); }
  [[nodiscard]] std::uint64_t flown() const { return context_.state().last_flight_number; }
  [[nodiscard]] std::size_t most_at_once() const { return most_at_once_; }

 private:
  std::size_t draw(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }

  void assign() {
    const std::size_t from = draw(4);
    const Stop pickup{.pad = "K" + std::to_string(from + 1), .at = {}};
    const Stop dropoff{.pad = "K" + std::to_string((from + 1 + draw(3)) % 4 + 1), .at = {}};
    const auto idle = std::find_if(context_.config.drones.begin(), context_.config.drones.end(), [&](const auto& one) {
      return context_.state().flight_of_drone(one.id) == nullptr;
    });
    const auto spot = free_spot(context_, pickup);
    if (idle == context_.config.drones.end() || !spot) return;
    std::vector<Spot> reserved{*spot};
    const std::vector<Spot> goals = dropoffs_by_promise(context_, dropoff.pad);
    const auto sure = std::find_if(goals.begin(), goals.end(),
                                   [&](const Spot& goal) { return surely_gets_dropoff(context_, *spot, goal); });
    Spot goal = sure != goals.end() ? *sure : Spot{};
    if (sure == goals.end()) {
      const auto both = free_spot(context_, dropoff);
      if (!both) return;
      reserved.push_back(goal = *both);
    }
    const std::string order = "O" + std::to_string(++orders_);
    context_.commit(OrderAccepted{
        .order_id = order, .merchant = "M1", .client_order_id = order, .wish = {.pickup = pickup, .dropoff = dropoff}});
    const Spot home = context_.home_of(*idle);
    context_.commit(FlightAssigned{.flight_id = "F" + std::to_string(orders_),
                                   .order_id = order,
                                   .drone = idle->id,
                                   .legs = {{.purpose = LegPurpose::pickup, .from = home, .to = *spot},
                                            {.purpose = LegPurpose::deliver, .from = *spot, .to = goal},
                                            {.purpose = LegPurpose::home, .from = goal, .to = home}},
                                   .reserved = reserved});
    context_.move_order(order, OrderState::assigned);
    most_at_once_ = std::max(most_at_once_, context_.state().flights.size());
  }

  void take(const std::string& id) {
    const Flight& flight = context_.state().flights.at(id);
    const std::vector<Leg> legs(flight.legs.begin() + 1, flight.legs.end());
    context_.commit(DropoffTaken{.flight_id = id, .legs = legs});
  }

  void take_off(const std::string& id) {
    const std::string drone = context_.state().flights.at(id).drone;
    const DroneLedger& ledger = context_.state().drones.at(drone);
    context_.commit(MissionIssued{.flight_id = id, .mission_no = ledger.mission_no + 1});
    context_.commit(DroneReported{
        .drone = drone, .event_no = ledger.last_event_no + 1, .kind = DroneEventKind::takeoff, .happened_at = {}});
  }

  void fly_home(const std::string& id) {
    take_off(id);
    context_.commit(LegEnded{.flight_id = id});
    take_off(id);
    context_.commit(FlightEnded{.flight_id = id});
  }

  CoreContext context_;
  std::mt19937_64 random_;
  std::uint64_t orders_ = 0;
  std::size_t most_at_once_ = 0;
};

BOOST_AUTO_TEST_CASE(whatever_happens_first_some_flight_can_always_go_on) {
  const std::uint64_t first = test::seed();
  for (std::uint64_t seed = first; seed < first + 200; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      Kiosks kiosks(seed);
      for (int k = 0; k < 400; ++k) BOOST_REQUIRE(kiosks.step(true));
      for (int k = 0; k < 100; ++k) BOOST_REQUIRE(kiosks.step(false));
      BOOST_TEST(kiosks.all_home());
      BOOST_TEST(kiosks.flown() > 50U);
      BOOST_TEST(kiosks.most_at_once() >= 4U);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
