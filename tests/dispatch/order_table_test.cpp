#include "dispatch/core/order_table.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

#include "tests/seed.hpp"

namespace swiftlet::dispatch {
namespace {

void accept(DispatchState& state) {
  const std::uint64_t number = ++state.last_order_number;
  const std::string id = "O" + std::to_string(number);
  state.orders.emplace(id, Order{.order_id = id, .number = number});
  state.order_by_number.emplace(number, id);
}

void forget_oldest(DispatchState& state) {
  if (state.order_by_number.empty()) return;
  const auto oldest = state.order_by_number.begin();
  state.orders.erase(oldest->second);
  state.order_by_number.erase(oldest);
}

/// Orders come and are forgotten, some or all of them; whoever asks in between is told what the state knows.
BOOST_AUTO_TEST_CASE(the_order_table_knows_what_the_state_knows) {
  const std::uint64_t first_seed = test::seed();
  for (std::uint64_t seed = first_seed; seed < first_seed + 20; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      std::mt19937_64 random(seed);
      DispatchState state;
      const OrderTable table(state);
      BOOST_TEST(table.find(0) == nullptr);
      for (int step = 0; step < 400; ++step) {
        switch (std::uniform_int_distribution<int>(0, 9)(random)) {
          case 0:
            while (!state.order_by_number.empty()) forget_oldest(state);
            break;
          case 1:
          case 2:
          case 3:
            forget_oldest(state);
            break;
          default:
            accept(state);
        }
        const std::uint64_t number =
            std::uniform_int_distribution<std::uint64_t>(0, state.last_order_number + 2)(random);
        const auto known = state.order_by_number.find(number);
        const Order* expected = known == state.order_by_number.end() ? nullptr : &state.orders.at(known->second);
        BOOST_REQUIRE(table.find(number) == expected);
      }
    }
  }
}

}  // namespace
}  // namespace swiftlet::dispatch
