#include "geo/leaning_floor.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

#include "geo/airspace_view.hpp"
#include "geo/composed_tiles.hpp"
#include "tests/geo/hilly_town.hpp"
#include "tests/seed.hpp"

namespace geo = swiftlet::geo;
using geo::FloorPatch;
using geo::LeaningFloor;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// How far the plane is above a patch, at each of its corners.
std::array<double, 4> above(const LeaningFloor& floor, const FloorPatch& patch, const geo::ZPlace& at) {
  return {floor.msl_m(at.i, at.j) - patch.sw, floor.msl_m(at.i + 1, at.j) - patch.se,
          floor.msl_m(at.i, at.j + 1) - patch.nw, floor.msl_m(at.i + 1, at.j + 1) - patch.ne};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(leaning_floor)

BOOST_AUTO_TEST_CASE(no_corner_of_a_cell_stands_above_it_and_one_touches_it) {
  std::mt19937_64 rng(swiftlet::test::seed());
  std::uniform_real_distribution<float> height(-50.0F, 400.0F);
  for (const std::size_t count : {4U, 16U, 64U}) {
    for (int round = 0; round < 300; ++round) {
      std::vector<FloorPatch> cells;
      for (std::size_t n = 0; n < count; ++n) cells.push_back({height(rng), height(rng), height(rng), height(rng)});
      const LeaningFloor floor = LeaningFloor::over(cells);
      double least = kInfinity;
      for (std::size_t n = 0; n < count; ++n) {
        for (const double gap : above(floor, cells[n], geo::z_place(n))) least = std::min(least, gap);
      }
      BOOST_TEST(least >= 0.0);
      BOOST_TEST(least <= 1e-3);
    }
  }
}

BOOST_AUTO_TEST_CASE(over_a_slope_it_lies_on_it) {
  std::vector<FloorPatch> cells;
  const auto slope = [](int i, int j) { return static_cast<float>(200.0 + 0.75 * i - 1.25 * j); };
  for (std::size_t n = 0; n < 64; ++n) {
    const auto [i, j] = geo::z_place(n);
    cells.push_back({slope(i, j), slope(i + 1, j), slope(i, j + 1), slope(i + 1, j + 1)});
  }
  const LeaningFloor floor = LeaningFloor::over(cells);
  BOOST_TEST(floor.per_cell_east * LeaningFloor::kStep_m == 0.75);
  BOOST_TEST(floor.per_cell_north * LeaningFloor::kStep_m == -1.25);
  BOOST_TEST(floor.msl_m(3.5, 2.25) - (200.0 + 0.75 * 3.5 - 1.25 * 2.25) <= 1e-4);
}

BOOST_AUTO_TEST_CASE(over_a_closed_cell_there_is_none) {
  std::vector<FloorPatch> cells(16, FloorPatch::level(100.0F));
  cells[7] = FloorPatch::level(kInfinity);
  BOOST_TEST(LeaningFloor::over(cells).msl_m(1.0, 2.0) == std::numeric_limits<double>::infinity());
}

BOOST_AUTO_TEST_CASE(in_a_view_it_is_nowhere_below_the_exact_floor) {
  std::mt19937_64 rng(swiftlet::test::seed());
  const auto town = swiftlet::test::hilly_town(rng, 25);
  const geo::AirspaceView view(town, {.policy = {}, .from = {}, .to = {}, .authorisations = {}});
  const geo::GridFrame& grid = view.grid();
  std::uniform_real_distribution<double> part(0.0, 1.0);
  int judged = 0;
  for (int level = 1; level <= geo::TileBands::kLastLeaning; ++level) {
    const int side = 1 << level;
    for (int j = 0; j + side <= grid.ny; j += side) {
      for (int i = 0; i + side <= grid.nx; i += side) {
        const LeaningFloor& floor = view.tiles().leaning(level, i >> level, j >> level);
        const double u = side * part(rng);
        const double v = side * part(rng);
        const auto exact = view.band_at(grid.origin + grid.cell_m * geo::Enu2(i + u, j + v));
        if (std::isinf(floor.corner_msl_m)) continue;
        ++judged;
        BOOST_REQUIRE(exact);
        // Above the ceiling it proves nothing: there obstacles have closed the cell.
        const double least = floor.msl_m(u, v);
        BOOST_TEST((least >= exact->floor_msl_m || least > exact->ceiling_msl_m),
                   "level " << level << " block " << i << ' ' << j);
      }
    }
  }
  BOOST_TEST(judged > 1000);
}

BOOST_AUTO_TEST_SUITE_END()
