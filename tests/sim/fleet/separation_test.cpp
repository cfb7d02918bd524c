#include "sim/fleet/separation.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "sim/motion/random_stream.hpp"
#include "tests/seed.hpp"

namespace swiftlet::sim {

BOOST_AUTO_TEST_SUITE(separation)

BOOST_AUTO_TEST_CASE(the_grid_finds_the_pairs_that_asking_every_pair_finds) {
  const std::uint64_t first = test::seed();
  SeparationWatch watch(ProtectedZone{});
  std::vector<SeparationWatch::Contact> contacts;
  for (std::uint64_t seed = first; seed < first + 60; ++seed) {
    RandomStream random(seed);
    const auto count = static_cast<std::size_t>(random.uniform(0.0, 400.0));
    const double side_m = random.uniform(20.0, 1500.0);
    std::vector<SeparationWatch::Aircraft> aircraft;
    for (std::uint32_t k = 0; k < count; ++k) {
      aircraft.push_back({k * 3 + 1, static_cast<float>(random.uniform(-side_m, side_m)),
                          static_cast<float>(random.uniform(-side_m, side_m)),
                          static_cast<float>(random.uniform(0.0, 60.0))});
    }
    watch.look(aircraft, contacts);
    std::size_t near = 0;
    std::size_t intrusions = 0;
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = a + 1; b < count; ++b) {
        const double across =
            std::hypot(aircraft[a].east_m - aircraft[b].east_m, aircraft[a].north_m - aircraft[b].north_m);
        const double up = std::abs(static_cast<double>(aircraft[a].up_m) - static_cast<double>(aircraft[b].up_m));
        near += across < SeparationWatch::kLook_m;
        intrusions += across < 20.0 && up < 10.0;
      }
    }
    BOOST_TEST_CONTEXT("seed " << seed) {
      BOOST_TEST(contacts.size() == near);
      BOOST_TEST(static_cast<std::size_t>(std::count_if(contacts.begin(), contacts.end(),
                                                        [](const auto& c) { return c.intrusion; })) == intrusions);
      std::sort(contacts.begin(), contacts.end());
      for (std::size_t k = 1; k < contacts.size(); ++k) {
        BOOST_CHECK(contacts[k - 1].a != contacts[k].a || contacts[k - 1].b != contacts[k].b);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(an_intrusion_counts_once_until_the_pair_has_parted) {
  SeparationRecord record;
  const SeparationWatch::Contact close{.a = 1, .b = 2, .distance_m = 12.0, .intrusion = true};
  const SeparationWatch::Contact near{.a = 1, .b = 2, .distance_m = 25.0, .intrusion = false};
  record.take({close}, 1.0);
  record.take({close}, 1.0);
  record.take({near}, 1.0);
  record.take({close}, 1.0);
  BOOST_TEST(record.intrusions() == 2U);
  BOOST_TEST(record.steps_in_intrusion() == 3U);
  BOOST_TEST(record.least_m() == 12.0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::sim
