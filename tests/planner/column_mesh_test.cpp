#include "planner/column_mesh.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>

#include "planner/band_profile.hpp"
#include "planner/column_islands.hpp"
#include "planner/mesh_search.hpp"
#include "tests/scenarios/drawn_airspace.hpp"
#include "tests/scenarios/flown.hpp"
#include "tests/seed.hpp"

namespace geo = swiftlet::geo;
using namespace swiftlet::planner;
using geo::Enu2;

namespace {

/// Walls and houses at random, and a clearance at random: slits from nothing to some metres between them.
std::shared_ptr<const geo::AirspaceView> random_view(std::mt19937_64& random) {
  std::string map;
  for (int r = 0; r < 7; ++r) {
    for (int c = 0; c < 10; ++c) {
      const auto roll = random() % 100;
      map += roll < 20 ? '#' : roll < 30 ? '4' : '.';
    }
    map += '\n';
  }
  geo::Policy policy;
  policy.max_height_agl_m = 60.0;
  policy.lateral_clearance_m = 8.0 + static_cast<double>(random() % 2500) * 1e-3;
  return std::make_shared<const geo::AirspaceView>(swiftlet::test::draw(map).airspace,
                                                   geo::ViewOptions{.policy = policy,
                                                                    .from = swiftlet::test::kMondayNoon,
                                                                    .to = swiftlet::test::kMondayNoon,
                                                                    .authorisations = {}});
}

Enu2 random_place(const geo::AirspaceView& view, std::mt19937_64& random) {
  const geo::Box2 extent = view.grid().extent();
  const auto share = [&] { return static_cast<double>(random() >> 11) * 0x1.0p-53; };
  const double x = share();
  const double y = share();
  return extent.min + Enu2(x, y).cwiseProduct(extent.max - extent.min);
}

SearchBudget plenty() { return {std::numeric_limits<std::int64_t>::max(), std::nullopt}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(column_mesh)

BOOST_AUTO_TEST_CASE(ways_from_portal_to_portal_are_open_in_random_worlds) {
  std::mt19937_64 random(swiftlet::test::seed() + 10);
  int ways = 0;
  for (int world = 0; world < 25; ++world) {
    const auto view = random_view(random);
    const ColumnMesh mesh(ColumnGrid(*view, Trust::proven, {}), Trust::proven);
    for (int pair = 0; pair < 25; ++pair) {
      const Enu2 start = random_place(*view, random);
      const Enu2 goal = random_place(*view, random);
      SearchBudget budget = plenty();
      const MeshAnswer answer = shortest_way(mesh, start, goal, {}, budget);
      if (!answer.path) continue;
      ++ways;
      std::vector<Enu2> points{start};
      points.insert(points.end(), answer.path->through.begin(), answer.path->through.end());
      points.push_back(goal);
      double length_m = 0.0;
      for (std::size_t k = 0; k + 1 < points.size(); ++k) {
        length_m += (points[k + 1] - points[k]).norm();
        BOOST_TEST(leg_is_open(*view, points[k], points[k + 1]), "world " << world << ", pair " << pair << ": "
                                                                          << points[k].transpose() << " to "
                                                                          << points[k + 1].transpose());
      }
      BOOST_TEST(length_m <= answer.path->length_m + 0.2 * static_cast<double>(points.size()));
    }
  }
  BOOST_TEST(ways >= 20);
}

BOOST_AUTO_TEST_CASE(cells_divided_where_they_join_connect_what_all_quarters_connect) {
  std::mt19937_64 random(swiftlet::test::seed() + 11);
  int together = 0;
  int apart = 0;
  int joined = 0;
  for (int world = 0; world < 40; ++world) {
    const auto view = random_view(random);
    const double cell_m = view->grid().cell_m;
    const ColumnIslands fine(ColumnGrid(*view, Trust::proven, {}), Trust::proven);
    const ColumnIslands whole(ColumnGrid(*view, Trust::proven, {.finest_m = cell_m}), Trust::proven);
    const std::vector<bool> divided = cells_that_join(whole, fine.grid());
    const ColumnMesh mixed(ColumnGrid(*view, Trust::proven, {.divided = &divided}), Trust::proven);
    const ColumnIslands possible(ColumnGrid(*view, Trust::possible, {}), Trust::possible);
    for (int pair = 0; pair < 120; ++pair) {
      const Enu2 a = random_place(*view, random);
      const Enu2 b = random_place(*view, random);
      if (fine.at(a) && fine.at(a) == fine.at(b)) BOOST_TEST((possible.at(a) && possible.at(a) == possible.at(b)));
      if (!whole.at(a) || !whole.at(b)) continue;
      const bool connect = fine.at(a) == fine.at(b);
      BOOST_TEST(mixed.connected(mixed.rectangle_at(a), mixed.rectangle_at(b)) == connect,
                 "world " << world << ": " << a.transpose() << " and " << b.transpose());
      (connect ? together : apart) += 1;
      if (connect && whole.at(a) != whole.at(b)) ++joined;
    }
  }
  BOOST_TEST_MESSAGE(together << " together, " << joined << " of them by quarters alone; " << apart << " apart");
  BOOST_TEST(together >= 50);
  BOOST_TEST(apart >= 5);
  BOOST_TEST(joined >= 5);
}

BOOST_AUTO_TEST_CASE(a_possible_mesh_of_whole_cells_is_never_longer_than_a_proven_one_of_quarters) {
  std::mt19937_64 random(swiftlet::test::seed() + 12);
  int compared = 0;
  for (int world = 0; world < 25; ++world) {
    const auto view = random_view(random);
    const ColumnMesh proven(ColumnGrid(*view, Trust::proven, {}), Trust::proven);
    const ColumnMesh possible(ColumnGrid(*view, Trust::possible, {.finest_m = view->grid().cell_m}), Trust::possible);
    const ColumnMesh possible_quarters(ColumnGrid(*view, Trust::possible, {}), Trust::possible);
    for (int pair = 0; pair < 25; ++pair) {
      const Enu2 start = random_place(*view, random);
      const Enu2 goal = random_place(*view, random);
      SearchBudget budget = plenty();
      const MeshAnswer flown = shortest_way(proven, start, goal, {}, budget);
      if (!flown.path) continue;
      ++compared;
      const MeshAnswer cells = shortest_way(possible, start, goal, {}, budget);
      const MeshAnswer quarters = shortest_way(possible_quarters, start, goal, {}, budget);
      BOOST_REQUIRE(cells.path.has_value());
      BOOST_REQUIRE(quarters.path.has_value());
      BOOST_TEST(quarters.path->length_m <= flown.path->length_m + 1e-6);
      BOOST_TEST(cells.path->length_m <= quarters.path->length_m + 1e-6);
    }
  }
  BOOST_TEST(compared >= 20);
}

BOOST_AUTO_TEST_SUITE_END()
