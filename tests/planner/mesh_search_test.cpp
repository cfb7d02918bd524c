#include "planner/mesh_search.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>

#include "planner/corner_merging.hpp"
#include "tests/scenarios/drawn_airspace.hpp"
#include "tests/scenarios/flown.hpp"
#include "tests/seed.hpp"

namespace geo = swiftlet::geo;
using namespace swiftlet::planner;
using geo::Enu2;

namespace {

constexpr int kColumns = 14;
constexpr int kRows = 9;

/// Walls and houses at random: courtyards, slits and corners that graze.
swiftlet::test::Drawing random_world(std::mt19937_64& random) {
  std::string map;
  for (int r = 0; r < kRows; ++r) {
    for (int c = 0; c < kColumns; ++c) map += random() % 100 < 22 ? '#' : '.';
    map += '\n';
  }
  return swiftlet::test::draw(map);
}

std::shared_ptr<const geo::AirspaceView> view_of(const swiftlet::test::Drawing& world) {
  geo::Policy policy;
  // Narrow enough for ways between the walls.
  policy.lateral_clearance_m = 4.0;
  return std::make_shared<const geo::AirspaceView>(world.airspace, geo::ViewOptions{.policy = policy,
                                                                                    .from = swiftlet::test::kMondayNoon,
                                                                                    .to = swiftlet::test::kMondayNoon,
                                                                                    .authorisations = {}});
}

/// The slow way: all corners, all straights between them, every run of closed cells asked.
class SlowSearch {
 public:
  SlowSearch(const geo::AirspaceView& view, ColumnMesh::Trust trust) : grid_(view.grid()) {
    const auto open = [&](int i, int j) {
      if (i < 0 || j < 0 || i >= grid_.nx || j >= grid_.ny) return false;
      // Cells that the edge of the terrain runs through are open in part; the others beyond it are not.
      if (!view.airspace().bounds.flyable(i, j)) {
        return trust == ColumnMesh::Trust::possible && view.airspace().terrain.may_touch(view.grid().cell(i, j)) &&
               view.optimistic_band(i, j).floor_msl_m <=
                   view.airspace().terrain.highest_msl_m() + view.options().policy.max_height_agl_m;
      }
      const auto band = trust == ColumnMesh::Trust::proven ? view.safe_band(i, j) : view.optimistic_band(i, j);
      return band.floor_msl_m + (trust == ColumnMesh::Trust::proven ? 0.04 : 0.0) <= band.ceiling_msl_m;
    };
    for (int j = -1; j <= grid_.ny; ++j) {
      for (int i = -1; i <= grid_.nx; ++i) {
        if (open(i, j)) continue;
        const int from = i;
        while (i <= grid_.nx && !open(i, j)) ++i;
        closed_.push_back({Enu2(from, j), Enu2(i, j + 1)});
      }
    }
    // Runs both ways: a straight along the seam of two runs is inside one that crosses it.
    for (int i = -1; i <= grid_.nx; ++i) {
      for (int j = -1; j <= grid_.ny; ++j) {
        if (open(i, j)) continue;
        const int from = j;
        while (j <= grid_.ny && !open(i, j)) ++j;
        closed_.push_back({Enu2(i, from), Enu2(i + 1, j)});
      }
    }
    for (int j = 0; j <= grid_.ny; ++j) {
      for (int i = 0; i <= grid_.nx; ++i) {
        const bool sw = open(i - 1, j - 1);
        const bool se = open(i, j - 1);
        const bool nw = open(i - 1, j);
        const bool ne = open(i, j);
        const int closed = (sw ? 0 : 1) + (se ? 0 : 1) + (nw ? 0 : 1) + (ne ? 0 : 1);
        if (closed == 2 && sw == ne) touches_in_a_point = true;
        if (closed == 1 || (closed == 2 && sw == ne)) corners_.emplace_back(i, j);
      }
    }
  }

  /// Metres; infinite where there is no way.
  [[nodiscard]] double shortest_m(const Enu2& start, const Enu2& goal) const {
    std::vector<Enu2> points = corners_;
    points.push_back((start - grid_.origin) / grid_.cell_m);
    points.push_back((goal - grid_.origin) / grid_.cell_m);
    const std::size_t n = points.size();
    std::vector<double> far(n, std::numeric_limits<double>::infinity());
    std::vector<bool> done(n, false);
    far[n - 2] = 0.0;
    while (true) {
      std::size_t next = n;
      for (std::size_t k = 0; k < n; ++k) {
        if (!done[k] && std::isfinite(far[k]) && (next == n || far[k] < far[next])) next = k;
      }
      if (next == n || next == n - 1) return far[n - 1] * grid_.cell_m;
      done[next] = true;
      for (std::size_t k = 0; k < n; ++k) {
        const double there = far[next] + (points[k] - points[next]).norm();
        if (!done[k] && there < far[k] && in_sight(points[next], points[k])) far[k] = there;
      }
    }
  }

  bool touches_in_a_point = false;

 private:
  [[nodiscard]] bool in_sight(const Enu2& a, const Enu2& b) const {
    return std::none_of(closed_.begin(), closed_.end(), [&](const geo::Box2& box) {
      double from = 0.0;
      double to = 1.0;
      for (const int axis : {0, 1}) {
        const double d = b[axis] - a[axis];
        if (d == 0.0) {
          if (a[axis] <= box.min[axis] || a[axis] >= box.max[axis]) return false;
          continue;
        }
        const double t0 = (box.min[axis] - a[axis]) / d;
        const double t1 = (box.max[axis] - a[axis]) / d;
        from = std::max(from, std::min(t0, t1));
        to = std::min(to, std::max(t0, t1));
      }
      return to - from > 1e-9;
    });
  }

  const geo::GridFrame& grid_;
  std::vector<geo::Box2> closed_;
  std::vector<Enu2> corners_;
};

SearchBudget plenty() { return {std::numeric_limits<std::int64_t>::max(), std::nullopt}; }

ColumnMesh whole_cells(const geo::AirspaceView& view, ColumnMesh::Trust trust) {
  return ColumnMesh(ColumnGrid(view, trust, {.finest_m = view.grid().cell_m}), trust);
}

Enu2 random_place(const ColumnMesh& mesh, std::mt19937_64& random) {
  const auto& r = mesh.rectangles()[random() % mesh.rectangles().size()];
  const auto share = [&] { return static_cast<double>(random() >> 11) * 0x1.0p-53; };
  return mesh.to_enu({r.x0 + share() * (r.x1 - r.x0), r.y0 + share() * (r.y1 - r.y0)});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mesh_search)

BOOST_AUTO_TEST_CASE(ways_are_as_short_as_the_slow_search_finds_them_in_random_worlds) {
  std::mt19937_64 random(swiftlet::test::seed());
  int connected = 0;
  int parted = 0;
  for (int world = 0; world < 12; ++world) {
    const auto drawing = random_world(random);
    const auto view = view_of(drawing);
    for (const auto trust : {ColumnMesh::Trust::proven, ColumnMesh::Trust::possible}) {
      const ColumnMesh mesh = whole_cells(*view, trust);
      const SlowSearch slow(*view, trust);
      for (int pair = 0; pair < 20; ++pair) {
        const Enu2 start = random_place(mesh, random);
        const Enu2 goal = random_place(mesh, random);
        SearchBudget budget = plenty();
        const MeshAnswer answer = shortest_way(mesh, start, goal, {}, budget);
        const double reference_m = slow.shortest_m(start, goal);
        BOOST_TEST_CONTEXT("trust " << static_cast<int>(trust) << " world " << world << " pair " << pair << " from "
                                    << start.transpose() << " to " << goal.transpose()) {
          if (slow.touches_in_a_point) {
            // Proven ways do not pass where cells touch in a point only; possible ones may be shorter there.
            const double length_m = answer.path ? answer.path->length_m : std::numeric_limits<double>::infinity();
            if (trust == ColumnMesh::Trust::proven) BOOST_TEST(length_m >= reference_m - 1e-6);
            if (trust == ColumnMesh::Trust::possible) BOOST_TEST(length_m <= reference_m + 1e-6);
            continue;
          }
          BOOST_TEST(answer.path.has_value() == std::isfinite(reference_m));
          (answer.path ? connected : parted) += 1;
          if (!answer.path) {
            BOOST_TEST(std::isinf(answer.bound_m));
            continue;
          }
          BOOST_TEST(std::abs(answer.path->length_m - reference_m) < 1e-6);
          BOOST_TEST(std::abs(answer.bound_m - answer.path->length_m) < 1e-6);
          // The corners tell the same way.
          double along_m = 0.0;
          Enu2 last = start;
          for (const std::int32_t id : answer.path->corners) {
            const auto& c = mesh.corners()[static_cast<std::size_t>(id)];
            const Enu2 p = mesh.to_enu(Enu2(c.x, c.y));
            along_m += (p - last).norm();
            last = p;
          }
          along_m += (goal - last).norm();
          BOOST_TEST(std::abs(along_m - answer.path->length_m) < 1e-6);
        }
      }
    }
  }
  BOOST_TEST_MESSAGE(connected << " connected, " << parted << " parted");
  BOOST_TEST(connected >= 100);
}

BOOST_AUTO_TEST_CASE(a_way_along_a_wall_turns_where_the_wall_ends) {
  // The wall's edge is cut by the sides of rectangles; a ray that ran along it saw nothing of what opens behind.
  const auto drawing = swiftlet::test::draw(R"(
    ..............
    ..............
    .....####.....
    ..............
    .....#...#....
    ..............)");
  const auto view = view_of(drawing);
  const ColumnMesh mesh = whole_cells(*view, ColumnMesh::Trust::possible);
  const SlowSearch slow(*view, ColumnMesh::Trust::possible);
  std::mt19937_64 random(swiftlet::test::seed());
  for (int pair = 0; pair < 200; ++pair) {
    const Enu2 start = random_place(mesh, random);
    const Enu2 goal = random_place(mesh, random);
    SearchBudget budget = plenty();
    const MeshAnswer answer = shortest_way(mesh, start, goal, {}, budget);
    BOOST_REQUIRE(answer.path.has_value());
    BOOST_TEST(std::abs(answer.path->length_m - slow.shortest_m(start, goal)) < 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(a_search_that_is_cut_still_gives_a_bound_and_an_eager_one_a_way_within_its_factor) {
  std::mt19937_64 random(swiftlet::test::seed() + 1);
  int compared = 0;
  for (int world = 0; world < 20; ++world) {
    const auto drawing = random_world(random);
    const auto view = view_of(drawing);
    const ColumnMesh mesh = whole_cells(*view, ColumnMesh::Trust::possible);
    const Enu2 start = random_place(mesh, random);
    const Enu2 goal = random_place(mesh, random);
    SearchBudget budget = plenty();
    const MeshAnswer exact = shortest_way(mesh, start, goal, {}, budget);
    if (!exact.path) continue;
    ++compared;
    for (const std::int64_t most : {0, 1, 5, 25, 125}) {
      const MeshAnswer cut = shortest_way(mesh, start, goal, {.most_expansions = most}, budget);
      BOOST_TEST(cut.bound_m <= exact.path->length_m + 1e-6);
      BOOST_TEST(cut.bound_m >= 0.0);
    }
    const MeshAnswer eager = shortest_way(mesh, start, goal, {.eagerness = 1.5}, budget);
    BOOST_REQUIRE(eager.path.has_value());
    BOOST_TEST(eager.path->length_m >= exact.path->length_m - 1e-6);
    BOOST_TEST(eager.path->length_m <= 1.6 * exact.path->length_m);
    BOOST_TEST(eager.bound_m <= exact.path->length_m + 1e-6);
  }
  BOOST_TEST(compared >= 8);
}

BOOST_AUTO_TEST_CASE(merged_corners_stay_open_and_are_not_slower) {
  std::mt19937_64 random(swiftlet::test::seed() + 2);
  const FlightLimits limits(swiftlet::test::courier(), geo::Wind{});
  const auto time_s = [&](const std::vector<Enu2>& track) {
    double time = 0.0;
    for (std::size_t k = 0; k + 1 < track.size(); ++k) {
      time += (track[k + 1] - track[k]).norm() / limits.vehicle.cruise_speed_m_s;
      if (k > 0) time += corner_loss_s(limits, track[k - 1], track[k], track[k + 1]);
    }
    return time;
  };
  int compared = 0;
  for (int world = 0; world < 30; ++world) {
    const auto drawing = random_world(random);
    const auto view = view_of(drawing);
    const ColumnMesh mesh = whole_cells(*view, ColumnMesh::Trust::proven);
    const Enu2 start = random_place(mesh, random);
    const Enu2 goal = random_place(mesh, random);
    SearchBudget budget = plenty();
    const MeshAnswer answer = shortest_way(mesh, start, goal, {}, budget);
    if (!answer.path) continue;
    std::vector<Enu2> track{start};
    for (const std::int32_t id : answer.path->corners) {
      const auto& c = mesh.corners()[static_cast<std::size_t>(id)];
      track.emplace_back(mesh.to_enu(Enu2(c.x, c.y)) + 0.05 * Enu2(c.out_x, c.out_y));
    }
    track.push_back(goal);
    bool open = true;
    for (std::size_t k = 0; k + 1 < track.size(); ++k) open = open && leg_is_open(*view, track[k], track[k + 1]);
    if (!open) continue;
    ++compared;
    const std::vector<Enu2> merged = merged_corners(*view, limits, track);
    BOOST_TEST(merged.front() == start);
    BOOST_TEST(merged.back() == goal);
    BOOST_TEST(time_s(merged) <= time_s(track) + 1e-9);
    for (std::size_t k = 0; k + 1 < merged.size(); ++k) BOOST_TEST(leg_is_open(*view, merged[k], merged[k + 1]));
  }
  BOOST_TEST(compared >= 8);
}

BOOST_AUTO_TEST_SUITE_END()
