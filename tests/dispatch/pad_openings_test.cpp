#include "dispatch/core/pad_openings.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <utility>
#include <vector>

#include "tests/dispatch/paper_town.hpp"

namespace swiftlet::dispatch {
namespace {

BOOST_AUTO_TEST_SUITE(dispatch_core)

BOOST_AUTO_TEST_CASE(a_pad_is_never_held_by_more_than_it_has_slots) {
  const FleetConfig config = drill::small_town(4);
  const FleetIndex index(config);
  for (unsigned seed = 1; seed <= 200; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      std::mt19937_64 random(seed);
      const auto draw_s = [&](double most_s) { return std::uniform_real_distribution(0.0, most_s)(random); };
      PadOpenings pads(index);
      std::vector<std::pair<double, double>> held;
      const int flights = static_cast<int>(random() % 3);
      for (int k = 0; k < flights; ++k) {
        held.emplace_back(0.0, draw_s(300.0));
        pads.hold(index.spots_for_orders("K1")[static_cast<std::size_t>(k)], held.back().second);
      }
      for (int k = 0; k < 12; ++k) {
        const double wanted_s = draw_s(600.0);
        const double for_s = 1.0 + draw_s(300.0);
        const double from_s = pads.open_s("K1", wanted_s, for_s);
        BOOST_TEST(from_s >= wanted_s);
        held.emplace_back(from_s, from_s + for_s);
        pads.take("K1", from_s, held.back().second);
      }
      for (const auto& [at_s, until_s] : held) {
        const auto there = std::count_if(
            held.begin(), held.end(), [&, at = at_s](const auto& one) { return one.first <= at && at < one.second; });
        BOOST_TEST(there <= 2);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(who_needs_a_slot_later_leaves_the_one_that_is_open_now) {
  const FleetConfig config = drill::small_town(4);
  const FleetIndex index(config);
  PadOpenings pads(index);
  pads.hold(index.spots_for_orders("K1")[0], 100.0);
  pads.take("K1", 150.0, 400.0);  // the slot that opens at 100 s serves it as well as the other
  BOOST_TEST(pads.open_s("K1", 0.0, 1000.0) == 0.0);
}

BOOST_AUTO_TEST_CASE(a_slot_serves_somebody_before_whom_it_is_kept_for) {
  const FleetConfig config = drill::small_town(4);
  const FleetIndex index(config);
  PadOpenings pads(index);
  for (int k = 0; k < 2; ++k) pads.take("K1", 200.0, 300.0);
  BOOST_TEST(pads.open_s("K1", 0.0, 200.0) == 0.0);
  BOOST_TEST(pads.open_s("K1", 0.0, 201.0) == 300.0);
  BOOST_TEST(pads.open_s("K1", 10.0, 191.0) == 300.0);
}

BOOST_AUTO_TEST_CASE(a_sortie_departs_so_that_both_its_slots_are_open_when_it_needs_them) {
  const FleetConfig config = drill::small_town(4);
  const FleetIndex index(config);
  for (unsigned seed = 1; seed <= 300; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      std::mt19937_64 random(seed);
      const auto draw_s = [&](double most_s) { return std::uniform_real_distribution(0.0, most_s)(random); };
      PadOpenings pads(index);
      std::vector<std::pair<double, double>> at_pickup;
      std::vector<std::pair<double, double>> at_dropoff;
      for (int k = 0; k < 20; ++k) {
        const SlotNeeds needs{.pickup_pad = "K1",
                              .dropoff_pad = "K3",
                              .out_s = draw_s(200.0),
                              .ready_s = draw_s(900.0) - 300.0,
                              .loading_s = draw_s(60.0),
                              .leaving_s = draw_s(20.0),
                              .delivering_s = 1.0 + draw_s(200.0)};
        const double wanted_s = draw_s(600.0);
        const double departs_s = pads.departure_s(needs, wanted_s);
        BOOST_TEST(departs_s >= wanted_s);
        at_pickup.emplace_back(departs_s, needs.leaves_pickup_s(departs_s));
        at_dropoff.emplace_back(needs.loaded_s(departs_s) + 1e-5, needs.leaves_dropoff_s(departs_s));
        pads.take(needs, departs_s);
      }
      for (const auto& held : {at_pickup, at_dropoff}) {
        for (const auto& one : held) {
          const auto there = std::count_if(held.begin(), held.end(), [&](const auto& other) {
            return other.first <= one.first && one.first < other.second;
          });
          BOOST_TEST(there <= 2);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(bare_points_homes_and_unknown_pads_have_no_queue) {
  const FleetConfig config = drill::small_town(8);
  const FleetIndex index(config);
  PadOpenings pads(index);
  pads.hold({.pad = {}, .slot = 0, .at = {4.81, 45.76}}, 100.0);
  pads.hold({.pad = "H1", .slot = 0, .at = {4.80, 45.75}}, 100.0);
  pads.take("", 0.0, 100.0);
  pads.take("nowhere", 0.0, 100.0);
  for (const char* pad : {"", "H1", "nowhere"}) BOOST_TEST(pads.open_s(pad, 5.0, 60.0) == 5.0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
