#include "sim/parallel_chunks.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

namespace swiftlet::sim {
BOOST_AUTO_TEST_SUITE(parallel_chunks_test)

BOOST_AUTO_TEST_CASE(every_index_is_worked_on_once) {
  for (const unsigned threads : {1U, 2U, 5U}) {
    std::vector<std::atomic<int>> seen(1003);
    parallel_chunks(seen.size(), 17, threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t k = begin; k < end; ++k) ++seen[k];
    });
    for (const auto& times : seen) BOOST_TEST_REQUIRE(times == 1);
  }
}

// A damaged tile of the airspace, met in another thread than the caller's, ended the whole program.
BOOST_AUTO_TEST_CASE(an_exception_in_any_thread_comes_out_of_the_call) {
  for (const unsigned threads : {1U, 2U, 5U}) {
    std::atomic<int> begun{0};
    const auto work = [&](std::size_t begin, std::size_t) {
      ++begun;
      if (begin == 400) throw std::runtime_error("tile");
    };
    BOOST_CHECK_EXCEPTION(parallel_chunks(1'000'000, 1, threads, work), std::runtime_error,
                          [](const std::runtime_error& error) { return std::string(error.what()) == "tile"; });
    BOOST_TEST(begun < 1'000'000);
  }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace swiftlet::sim
