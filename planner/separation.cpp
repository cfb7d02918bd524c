#include "planner/separation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "planner/terminal.hpp"

namespace swiftlet::planner {
namespace {

using geo::AirspaceView;

bool overlap(const AirspaceView::Band& a, const AirspaceView::Band& b) {
  return std::max(a.floor_msl_m, b.floor_msl_m) <= std::min(a.ceiling_msl_m, b.ceiling_msl_m);
}

/// Optimistic bands, held between the lowest and the highest altitude that the policy allows anywhere: at the edge of
/// the extent a cell has no terrain bounds of its own, and would otherwise be open to the sky over any wall.
class HeldBands {
 public:
  explicit HeldBands(const AirspaceView& view) : view_(view) {
    const geo::TerrainModel& terrain = view.airspace().terrain;
    lowest_ = terrain.lowest_msl_m() + view.options().policy.min_height_agl_m - AirspaceView::kProofMargin_m;
    highest_ = terrain.highest_msl_m() + view.options().policy.max_height_agl_m + AirspaceView::kProofMargin_m;
  }

  [[nodiscard]] AirspaceView::Band at(int i, int j) const {
    const AirspaceView::Band band = view_.optimistic_band(i, j);
    return {std::max(band.floor_msl_m, lowest_), std::min(band.ceiling_msl_m, highest_)};
  }

 private:
  const AirspaceView& view_;
  double lowest_;
  double highest_;
};

/// The cells that may connect with `from`.
class Island {
 public:
  Island(const AirspaceView& view, const HeldBands& bands, CellIndex from)
      : view_(view), member_(view.grid().cell_count(), false) {
    const geo::GridFrame& grid = view.grid();
    std::vector<CellIndex> open{from};
    member_[grid.index(from.i, from.j)] = true;
    while (!open.empty()) {
      const CellIndex cell = open.back();
      open.pop_back();
      ++size_;
      const AirspaceView::Band here = bands.at(cell.i, cell.j);
      for (int j = std::max(0, cell.j - 1); j <= std::min(grid.ny - 1, cell.j + 1); ++j) {
        for (int i = std::max(0, cell.i - 1); i <= std::min(grid.nx - 1, cell.i + 1); ++i) {
          const std::size_t n = grid.index(i, j);
          if (member_[n] || !overlap(here, bands.at(i, j))) continue;
          member_[n] = true;
          open.push_back({i, j});
        }
      }
    }
  }

  [[nodiscard]] bool holds(CellIndex c) const { return member_[view_.grid().index(c.i, c.j)]; }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// The cell just outside the island that is nearest to a place.
  [[nodiscard]] std::optional<CellIndex> shore_nearest_to(const geo::Enu2& p_enu) const {
    const geo::GridFrame& grid = view_.grid();
    std::optional<CellIndex> nearest;
    double best = std::numeric_limits<double>::infinity();
    for (int j = 0; j < grid.ny; ++j) {
      for (int i = 0; i < grid.nx; ++i) {
        if (member_[grid.index(i, j)] || !beside(i, j)) continue;
        const double d = (grid.centre(i, j) - p_enu).norm();
        if (d < best) {
          best = d;
          nearest = CellIndex{i, j};
        }
      }
    }
    return nearest;
  }

 private:
  [[nodiscard]] bool beside(int i, int j) const {
    const geo::GridFrame& grid = view_.grid();
    for (int nj = std::max(0, j - 1); nj <= std::min(grid.ny - 1, j + 1); ++nj) {
      for (int ni = std::max(0, i - 1); ni <= std::min(grid.nx - 1, i + 1); ++ni) {
        if (member_[grid.index(ni, nj)]) return true;
      }
    }
    return false;
  }

  const AirspaceView& view_;
  std::vector<bool> member_;
  std::size_t size_ = 0;
};

ErrorCause cause_at(const AirspaceView& view, const geo::Enu2& p, double z_msl_m) {
  if (const geo::Geozone* zone = view.blocking_zone({p.x(), p.y(), z_msl_m})) return {"geozone", zone->id};
  const geo::Obstacle* highest = nullptr;
  for (const std::size_t k : view.obstacles_near(p, view.options().policy.lateral_clearance_m + view.grid().cell_m)) {
    const geo::Obstacle& obstacle = view.airspace().obstacles[k];
    if (highest == nullptr || obstacle.top_msl_m > highest->top_msl_m) highest = &obstacle;
  }
  if (highest != nullptr) return {highest->kind, highest->id};
  return {"terrain", ""};
}

}  // namespace

namespace {

Separation separated_at(const AirspaceView& view, const geo::Enu2& p) {
  const geo::Policy& policy = view.options().policy;
  const double ground = view.airspace().terrain.height_msl_m(p).value_or(0.0);
  const double z = ground + 0.5 * (policy.min_height_agl_m + policy.max_height_agl_m);
  return Separation{.where = view.airspace().frame.to_geo({p.x(), p.y(), z}), .cause = cause_at(view, p, z)};
}

/// The place just outside the island of `inside` that is nearest to `from`, among closed places beside rectangles.
geo::Enu2 shore_of(const ColumnMesh& mesh, std::uint32_t inside, const geo::Enu2& from) {
  const geo::Enu2 target = mesh.to_units(from);
  const int half = ColumnMesh::kUnitsPerCell / 2;
  geo::Enu2 nearest = target;
  double best = std::numeric_limits<double>::infinity();
  const auto& all = mesh.rectangles();
  for (const ColumnMesh::Rectangle& r : all) {
    if (r.island != all[inside].island) continue;
    const geo::Enu2 held(std::clamp(target.x(), static_cast<double>(r.x0), static_cast<double>(r.x1)),
                         std::clamp(target.y(), static_cast<double>(r.y0), static_cast<double>(r.y1)));
    if ((held - target).squaredNorm() >= best) continue;
    const auto ask = [&](int x, int y) {
      const geo::Enu2 p(x, y);
      const double d = (p - target).squaredNorm();
      if (d >= best || mesh.rectangle_at(mesh.to_enu(p)) != ColumnMesh::kNone) return;
      best = d;
      nearest = p;
    };
    for (int x = r.x0 + half; x < r.x1; x += ColumnMesh::kUnitsPerCell) {
      ask(x, r.y0 - half);
      ask(x, r.y1 + half);
    }
    for (int y = r.y0 + half; y < r.y1; y += ColumnMesh::kUnitsPerCell) {
      ask(r.x0 - half, y);
      ask(r.x1 + half, y);
    }
  }
  return mesh.to_enu(nearest);
}

}  // namespace

std::optional<Separation> find_separation(const SearchSpace& space, const geo::Enu2& start_enu,
                                          const geo::Enu2& goal_enu) {
  const AirspaceView& view = *space.view;
  const std::uint32_t from = space.possible.rectangle_at(start_enu);
  const std::uint32_t to = space.possible.rectangle_at(goal_enu);
  if (from != ColumnMesh::kNone && to != ColumnMesh::kNone && !space.possible.connected(from, to)) {
    const bool goal_is_enclosed = space.possible.island_size(to) <= space.possible.island_size(from);
    return separated_at(
        view, goal_is_enclosed ? shore_of(space.possible, to, start_enu) : shore_of(space.possible, from, goal_enu));
  }
  const auto start = cell_at(view.grid(), start_enu);
  const auto goal = cell_at(view.grid(), goal_enu);
  if (!start || !goal) return std::nullopt;
  const HeldBands bands(view);
  const Island of_goal(view, bands, *goal);
  if (of_goal.holds(*start)) return std::nullopt;
  const Island of_start(view, bands, *start);
  const bool goal_is_enclosed = of_goal.size() <= of_start.size();
  const Island& enclosed = goal_is_enclosed ? of_goal : of_start;
  const geo::Enu2& outside = goal_is_enclosed ? start_enu : goal_enu;
  const CellIndex shore = enclosed.shore_nearest_to(outside).value_or(*goal);
  return separated_at(view, view.grid().centre(shore.i, shore.j));
}

}  // namespace swiftlet::planner
