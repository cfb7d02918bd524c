#include "planner/column_search.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>

#include "tests/scenarios/drawn_airspace.hpp"
#include "tests/scenarios/flown.hpp"
#include "tests/seed.hpp"

namespace geo = swiftlet::geo;
using namespace swiftlet::planner;
using geo::Enu3;

BOOST_AUTO_TEST_SUITE(column_search)

BOOST_AUTO_TEST_CASE(islands_of_blocks_connect_just_what_the_search_finds_in_random_worlds) {
  std::mt19937_64 random(swiftlet::test::seed() + 40);
  int connected = 0;
  int apart = 0;
  for (int world = 0; world < 20; ++world) {
    std::string map;
    for (int r = 0; r < 8; ++r) {
      for (int c = 0; c < 12; ++c) {
        const auto roll = random() % 100;
        map += roll < 25 ? '#' : roll < 55 ? '4' : roll < 70 ? 'O' : '.';
      }
      map += '\n';
    }
    const auto drawing = swiftlet::test::draw(map);
    geo::Policy policy;
    policy.min_height_agl_m = 20.0 + static_cast<double>(random() % 35);
    policy.max_height_agl_m = 66.0;
    policy.lateral_clearance_m = 4.0 + static_cast<double>(random() % 4);
    const geo::AirspaceView view(drawing.airspace, {.policy = policy,
                                                    .from = swiftlet::test::kMondayNoon,
                                                    .to = swiftlet::test::kMondayNoon,
                                                    .authorisations = {}});
    const FlightLimits limits(swiftlet::test::courier(), FlightAir(geo::Wind{}));
    const BlockIslands islands(view);
    const geo::Box2 extent = view.grid().extent();
    const auto place = [&] {
      const auto share = [&] { return static_cast<double>(random() >> 11) * 0x1.0p-53; };
      const double x = share();
      const double y = share();
      const geo::Enu2 p = extent.min + geo::Enu2(x, y).cwiseProduct(extent.max - extent.min);
      return Enu3(p.x(), p.y(), 150.0);
    };
    for (int pair = 0; pair < 20; ++pair) {
      const Enu3 start = place();
      const Enu3 goal = place();
      SearchBudget budget(std::numeric_limits<std::int64_t>::max(), std::nullopt);
      const bool found = column_track(view, limits, start, goal, budget).has_value();
      BOOST_TEST(islands.connect(start.head<2>(), goal.head<2>()) == found, "world " << world << ", pair " << pair);
      ++(found ? connected : apart);
    }
  }
  BOOST_TEST(connected >= 20);
  BOOST_TEST(apart >= 20);
}

BOOST_AUTO_TEST_SUITE_END()
