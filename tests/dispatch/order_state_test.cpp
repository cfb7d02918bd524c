#include "dispatch/protocol/order_state.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <string>

namespace swiftlet::dispatch {
namespace {

using enum OrderState;

// Drawn here a second time, as words, so that a slip in the bit table shows.
const std::map<std::string, std::set<std::string>> kLegal{
    {"accepted", {"assigned", "cancelled", "failed"}},
    {"assigned", {"accepted", "to_pickup", "cancelled", "failed"}},
    {"to_pickup", {"accepted", "loading", "cancelled", "failed"}},
    {"loading", {"accepted", "airborne", "returning", "cancelled", "failed"}},
    {"airborne", {"holding", "arriving", "returning", "diverted", "failed"}},
    {"holding", {"airborne", "arriving", "returning", "diverted", "failed"}},
    {"arriving", {"holding", "delivered", "returning", "diverted", "failed"}},
    {"returning", {"returned", "delivered", "failed"}},
    {"diverted", {"delivered", "returned", "failed"}},
    {"delivered", {}},
    {"returned", {}},
    {"cancelled", {}},
    {"failed", {}}};

BOOST_AUTO_TEST_SUITE(order_state_machine)

BOOST_AUTO_TEST_CASE(every_pair_of_states_is_legal_or_not_as_drawn) {
  for (int a = 0; a < kOrderStates; ++a) {
    for (int b = 0; b < kOrderStates; ++b) {
      const auto from = static_cast<OrderState>(a);
      const auto to = static_cast<OrderState>(b);
      const bool drawn = kLegal.at(std::string(name(from))).contains(std::string(name(to)));
      BOOST_TEST(is_legal(from, to) == drawn, name(from) << " to " << name(to));
    }
  }
}

BOOST_AUTO_TEST_CASE(terminal_states_are_the_contracts) {
  for (int a = 0; a < kOrderStates; ++a) {
    const auto state = static_cast<OrderState>(a);
    const bool ends = state == delivered || state == returned || state == cancelled || state == failed;
    BOOST_TEST(is_terminal(state) == ends, name(state));
  }
}

BOOST_AUTO_TEST_CASE(names_read_back) {
  for (int a = 0; a < kOrderStates; ++a) {
    const auto state = static_cast<OrderState>(a);
    BOOST_TEST((order_state(name(state)) == state));
  }
  BOOST_TEST(!order_state("flying").has_value());
  BOOST_TEST(!order_state("").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
