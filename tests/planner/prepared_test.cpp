#include "planner/prepared.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <vector>

namespace {

using namespace std::chrono_literals;
using swiftlet::planner::Abandoned;
using swiftlet::planner::Prepared;
using Clock = std::chrono::steady_clock;

}  // namespace

BOOST_AUTO_TEST_SUITE(prepared)

BOOST_AUTO_TEST_CASE(it_is_made_once_whoever_asks) {
  std::atomic<int> made{0};
  const Prepared<int> answer([&](const std::atomic<bool>&) {
    std::this_thread::sleep_for(20ms);
    return ++made;
  });
  BOOST_TEST(!answer.ready());
  std::vector<std::jthread> askers;
  std::atomic<int> sum{0};
  for (int k = 0; k < 8; ++k) {
    askers.emplace_back([&, k] { sum += k % 2 == 0 ? answer.get() : *answer.get_by(Clock::now() + 20s); });
  }
  askers.clear();
  BOOST_TEST(made == 1);
  BOOST_TEST(sum == 8);
  BOOST_TEST(answer.ready());
}

BOOST_AUTO_TEST_CASE(who_has_a_deadline_does_not_wait_longer_and_the_next_one_finds_it_made) {
  std::atomic<bool> go_on{false};
  const Prepared<int> answer([&](const std::atomic<bool>&) {
    while (!go_on) std::this_thread::sleep_for(1ms);
    return 7;
  });
  const auto began = Clock::now();
  BOOST_TEST(answer.get_by(began + 30ms) == nullptr);
  BOOST_TEST((Clock::now() - began >= 30ms));
  go_on = true;
  BOOST_TEST(answer.get() == 7);
}

BOOST_AUTO_TEST_CASE(what_nobody_waits_for_any_more_is_given_up) {
  std::atomic<bool> given_up_seen{false};
  {
    const Prepared<int> answer([&](const std::atomic<bool>& given_up) -> int {
      while (!given_up) std::this_thread::sleep_for(1ms);
      given_up_seen = true;
      throw Abandoned{};
    });
    BOOST_TEST(answer.get_by(Clock::now()) == nullptr);
  }
  BOOST_TEST(given_up_seen);
}

BOOST_AUTO_TEST_CASE(what_goes_wrong_is_told_to_everybody) {
  const Prepared<int> answer([](const std::atomic<bool>&) -> int { throw std::runtime_error("broken"); });
  BOOST_CHECK_THROW(static_cast<void>(answer.get()), std::runtime_error);
  BOOST_CHECK_THROW(static_cast<void>(answer.get_by(Clock::now() + 10s)), std::runtime_error);
  BOOST_TEST(!answer.ready());
}

BOOST_AUTO_TEST_SUITE_END()
