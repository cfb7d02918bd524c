#include "planner/column_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "geo/composed_tiles.hpp"
#include "geo/disjoint_sets.hpp"
#include "planner/band_profile.hpp"
#include "planner/terminal.hpp"

namespace swiftlet::planner {
namespace {

struct Move {
  int di;
  int dj;
};
constexpr std::array<Move, 8> kMoves{{{1, 0}, {0, 1}, {-1, 0}, {0, -1}, {1, 1}, {-1, 1}, {-1, -1}, {1, -1}}};
constexpr std::uint8_t kNoMove = 255;
/// A climb can be flown along with the cruise if it begins early enough, so only part of its time is charged.
constexpr double kClimbShare = 0.3;
/// The estimate of what lies ahead is stretched by this much: the search looks at a tenth of the columns, and what it
/// finds, once the string is pulled, takes 0.8 % longer on the hardest requests of the bundled region. The lower bound
/// of an answer does not come from here.
constexpr float kEagerness = 1.1F;
/// Twice the profile's margin on both sides, and some for floats: what is found here must leave taut_profile an
/// opening.
constexpr float kOpening_m = 0.02F;

/// The view's bands over blocks of 2^kLevel × 2^kLevel cells: what is free in a block's is free in every cell of it.
constexpr int kLevel = 1;

bool leaves_opening(const geo::HeightBand& band) {
  return band.floor_msl_m + kOpening_m <= band.ceiling_msl_m - kOpening_m;
}

geo::GridFrame blocks_of(const geo::GridFrame& cells) {
  constexpr int kSide = 1 << kLevel;
  geo::GridFrame blocks = cells;
  blocks.cell_m = cells.cell_m * kSide;
  blocks.nx = (cells.nx + kSide - 1) / kSide;
  blocks.ny = (cells.ny + kSide - 1) / kSide;
  return blocks;
}

struct Column {
  float cost_s;
  float z_msl_m;
  std::uint32_t search;  ///< the search that wrote this column; older ones are stale
  std::uint8_t came_by;
  bool closed;
};

struct OpenColumn {
  float estimate_s;
  float cost_s;
  std::uint32_t cell;
  /// For a heap with the least estimate on top; among equals the one that has come farther, then by place.
  bool operator<(const OpenColumn& other) const {
    if (estimate_s != other.estimate_s) return estimate_s > other.estimate_s;
    if (cost_s != other.cost_s) return cost_s < other.cost_s;
    return cell > other.cell;
  }
};

/// Arrays that outlive a search: clearing millions of columns would cost more than most searches.
struct Workspace {
  std::vector<Column> columns;
  std::vector<OpenColumn> open;
  std::uint32_t search = 0;

  void begin(std::size_t cells) {
    if (columns.size() != cells || search == std::numeric_limits<std::uint32_t>::max()) {
      columns.assign(cells, Column{});
      search = 0;
    }
    ++search;
    open.clear();
  }
};

class ColumnSearch {
 public:
  ColumnSearch(const geo::AirspaceView& view, const FlightLimits& limits, Workspace& work,
               const std::optional<RiskWeight>& people)
      : view_(view), grid_(blocks_of(view.grid())), work_(work), people_(people) {
    if (people_) {
      least_weight_ = static_cast<float>(people_->base_per_km2 + people_->risk->least_in_per_km2(view.grid().extent()));
    }
    for (std::size_t m = 0; m < kMoves.size(); ++m) {
      const geo::Enu2 step(kMoves[m].di, kMoves[m].dj);
      const double speed = limits.ground_speed_m_s(step.normalized());
      step_s_[m] = static_cast<float>(speed > 0.0 ? step.norm() * grid_.cell_m / speed
                                                  : std::numeric_limits<double>::infinity());
      float& least = m < 4 ? least_straight_s_ : least_diagonal_s_;
      least = std::min(least, step_s_[m]);
    }
    climb_s_per_m_ = static_cast<float>(kClimbShare / limits.vehicle.climb_speed_m_s);
    sink_s_per_m_ = static_cast<float>(kClimbShare / limits.vehicle.descent_speed_m_s);
  }

  bool run(CellIndex start, float z_start, CellIndex goal, std::span<const Cut> cuts, SearchBudget& budget) {
    goal_ = goal;
    work_.begin(grid_.cell_count());
    for (const Cut& cut : cuts) close_along(cut);
    reach(start.i, start.j, 0.0F, z_start, kNoMove);
    while (!work_.open.empty()) {
      std::pop_heap(work_.open.begin(), work_.open.end());
      const OpenColumn next = work_.open.back();
      work_.open.pop_back();
      Column& column = work_.columns[next.cell];
      if (column.closed) continue;
      column.closed = true;
      const int i = static_cast<int>(next.cell % static_cast<std::uint32_t>(grid_.nx));
      const int j = static_cast<int>(next.cell / static_cast<std::uint32_t>(grid_.nx));
      if (i == goal.i && j == goal.j) return true;
      if (!budget.spend()) return false;
      expand(i, j, column.cost_s, column.z_msl_m);
    }
    return false;
  }

  /// Cells from start to goal.
  [[nodiscard]] std::vector<CellIndex> cells_to(CellIndex goal) const {
    std::vector<CellIndex> cells{goal};
    while (true) {
      const std::uint8_t by = work_.columns[grid_.index(cells.back().i, cells.back().j)].came_by;
      if (by == kNoMove) break;
      cells.push_back({cells.back().i - kMoves[by].di, cells.back().j - kMoves[by].dj});
    }
    std::reverse(cells.begin(), cells.end());
    return cells;
  }

 private:
  struct Band {
    float lo = std::numeric_limits<float>::infinity();
    float hi = -std::numeric_limits<float>::infinity();
  };

  [[nodiscard]] Band band(int i, int j) const {
    if (i < 0 || j < 0 || i >= grid_.nx || j >= grid_.ny) return {};
    const geo::HeightBand& b = view_.tiles().band(kLevel, i, j);
    return {b.floor_msl_m + kOpening_m, b.ceiling_msl_m - kOpening_m};
  }
  static Band overlap(Band a, Band b) { return {std::max(a.lo, b.lo), std::min(a.hi, b.hi)}; }

  [[nodiscard]] float weight(int i, int j) const {
    return people_ ? static_cast<float>(people_->at(grid_.centre(i, j))) : 1.0F;
  }

  /// Closes every block that the cut passes, and the one beside each step from corner to corner.
  void close_along(const Cut& cut) {
    const int steps = 1 + static_cast<int>(4.0 * (cut.to - cut.from).norm() / grid_.cell_m);
    std::optional<CellIndex> last;
    for (int k = 0; k <= steps; ++k) {
      const auto at = cell_at(grid_, cut.from + static_cast<double>(k) / steps * (cut.to - cut.from));
      if (!at) continue;
      close(*at);
      if (last && last->i != at->i && last->j != at->j) close({last->i, at->j});
      last = at;
    }
  }
  void close(const CellIndex& cell) {
    work_.columns[grid_.index(cell.i, cell.j)] = {0.0F, 0.0F, work_.search, kNoMove, true};
  }

  void expand(int i, int j, float cost, float z) {
    const Band here = band(i, j);
    const float weight_here = weight(i, j);
    std::array<Band, 8> next;
    for (std::size_t m = 0; m < kMoves.size(); ++m) next[m] = overlap(here, band(i + kMoves[m].di, j + kMoves[m].dj));
    for (std::size_t m = 0; m < kMoves.size(); ++m) {
      // A diagonal passes a corner of the grid, where all four cells meet.
      const Band through = m < 4 ? next[m] : overlap(next[m], overlap(next[m - 4], next[(m - 3) % 4]));
      if (!(through.lo <= through.hi)) continue;
      const float z_there = std::clamp(z, through.lo, through.hi);
      const float rise = z_there - z;
      const float vertical = rise > 0.0F ? rise * climb_s_per_m_ : -rise * sink_s_per_m_;
      const float weight_m = 0.5F * (weight_here + weight(i + kMoves[m].di, j + kMoves[m].dj));
      reach(i + kMoves[m].di, j + kMoves[m].dj, cost + weight_m * (step_s_[m] + vertical), z_there,
            static_cast<std::uint8_t>(m));
    }
  }

  void reach(int i, int j, float cost, float z, std::uint8_t by) {
    const std::size_t cell = grid_.index(i, j);
    Column& column = work_.columns[cell];
    if (column.search == work_.search && (column.closed || column.cost_s <= cost)) return;
    column = {cost, z, work_.search, by, false};
    const int dx = std::abs(goal_.i - i);
    const int dy = std::abs(goal_.j - j);
    const int diagonal = std::min(dx, dy);
    const float least_diagonal = std::min(least_diagonal_s_, 2.0F * least_straight_s_);
    const float ahead =
        static_cast<float>(diagonal) * least_diagonal + static_cast<float>(dx + dy - 2 * diagonal) * least_straight_s_;
    work_.open.push_back({cost + kEagerness * least_weight_ * ahead, cost, static_cast<std::uint32_t>(cell)});
    std::push_heap(work_.open.begin(), work_.open.end());
  }

  const geo::AirspaceView& view_;
  geo::GridFrame grid_;
  Workspace& work_;
  CellIndex goal_;
  std::array<float, 8> step_s_{};
  float least_straight_s_ = std::numeric_limits<float>::infinity();
  float least_diagonal_s_ = std::numeric_limits<float>::infinity();
  float climb_s_per_m_ = 0.0F;
  float sink_s_per_m_ = 0.0F;
  std::optional<RiskWeight> people_;
  float least_weight_ = 1.0F;
};

/// The open block nearest to a place, within a few; the place's own where it is open.
std::optional<CellIndex> open_block(const geo::AirspaceView& view, const geo::GridFrame& blocks, const geo::Enu2& p) {
  constexpr int kRings = 3;
  const auto at = cell_at(blocks, p);
  if (!at) return std::nullopt;
  std::optional<CellIndex> nearest;
  double best = std::numeric_limits<double>::infinity();
  for (int j = std::max(0, at->j - kRings); j <= std::min(blocks.ny - 1, at->j + kRings); ++j) {
    for (int i = std::max(0, at->i - kRings); i <= std::min(blocks.nx - 1, at->i + kRings); ++i) {
      const geo::HeightBand& band = view.tiles().band(kLevel, i, j);
      const double away = i == at->i && j == at->j ? 0.0 : (blocks.centre(i, j) - p).norm();
      if (!leaves_opening(band) || away >= best) continue;
      best = away;
      nearest = CellIndex{i, j};
    }
  }
  return nearest;
}

}  // namespace

BlockIslands::BlockIslands(const geo::AirspaceView& view, const std::function<void()>& each_row) : view_(&view) {
  const geo::GridFrame blocks = blocks_of(view.grid());
  geo::DisjointSets joined(blocks.cell_count());
  const auto band = [&](int i, int j) { return view.tiles().band(kLevel, i, j); };
  const auto join = [&](int i, int j, int to_i, int to_j) {
    geo::HeightBand both = band(i, j);
    both.cut_to(band(to_i, to_j));
    if (!leaves_opening(both)) return;
    joined.join(static_cast<std::uint32_t>(blocks.index(i, j)), static_cast<std::uint32_t>(blocks.index(to_i, to_j)));
  };
  for (int j = 0; j < blocks.ny; ++j) {
    each_row();
    for (int i = 0; i < blocks.nx; ++i) {
      if (i > 0) join(i, j, i - 1, j);
      if (j > 0) join(i, j, i, j - 1);
    }
  }
  island_of_ = std::move(joined).roots();
}

bool BlockIslands::connect(const geo::Enu2& start_enu, const geo::Enu2& goal_enu) const {
  const geo::GridFrame blocks = blocks_of(view_->grid());
  const auto from = open_block(*view_, blocks, start_enu);
  const auto to = open_block(*view_, blocks, goal_enu);
  return from && to && island_of_[blocks.index(from->i, from->j)] == island_of_[blocks.index(to->i, to->j)];
}

Cut cut_across(const geo::AirspaceView& view, const geo::Enu2& p_enu, const geo::Enu2& along_enu) {
  constexpr double kLongest_m = 1500.0;
  constexpr double kGrazed_m = 8.0;
  const geo::GridFrame blocks = blocks_of(view.grid());
  const geo::Enu2 across(-along_enu.y(), along_enu.x());
  const auto end = [&](double side) {
    const double step_m = 0.5 * blocks.cell_m;
    double reached_m = 0.0;
    bool begun = false;
    for (double away_m = 0.0; away_m < kLongest_m; away_m += step_m) {
      const auto cell = cell_at(blocks, p_enu + side * away_m * across);
      if (!cell) break;
      const geo::HeightBand& band = view.tiles().band(kLevel, cell->i, cell->j);
      const bool open = leaves_opening(band);
      // A track that grazes something stands in a block that is closed.
      if (!open && (begun || away_m > kGrazed_m)) break;
      begun = begun || open;
      reached_m = away_m;
    }
    return geo::Enu2(p_enu + side * reached_m * across);
  };
  return {end(1.0), end(-1.0)};
}

std::optional<std::vector<geo::Enu2>> column_track(const geo::AirspaceView& view, const FlightLimits& limits,
                                                   const geo::Enu3& start_enu, const geo::Enu3& goal_enu,
                                                   SearchBudget& budget, const std::optional<RiskWeight>& people,
                                                   std::span<const Cut> cuts) {
  thread_local Workspace work;
  const geo::Enu2 start(start_enu.x(), start_enu.y());
  const geo::Enu2 goal(goal_enu.x(), goal_enu.y());
  const geo::GridFrame blocks = blocks_of(view.grid());
  const auto from = open_block(view, blocks, start);
  const auto to = open_block(view, blocks, goal);
  if (!from || !to) return std::nullopt;
  ColumnSearch search(view, limits, work, people);
  if (!search.run(*from, static_cast<float>(start_enu.z()), *to, cuts, budget)) return std::nullopt;
  const std::vector<CellIndex> cells = search.cells_to(*to);
  std::vector<geo::Enu2> track{start};
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const bool end = k == 0 || k + 1 == cells.size();
    const bool bend = !end && (cells[k].i - cells[k - 1].i != cells[k + 1].i - cells[k].i ||
                               cells[k].j - cells[k - 1].j != cells[k + 1].j - cells[k].j);
    // The first and last blocks' centres keep the legs to the ends inside those blocks.
    if (end || bend) track.push_back(blocks.centre(cells[k].i, cells[k].j));
  }
  track.push_back(goal);
  track.erase(
      std::unique(track.begin(), track.end(), [](const auto& a, const auto& b) { return (a - b).norm() < 1e-3; }),
      track.end());
  if ((track.back() - goal).norm() > 0.0) track.back() = goal;
  return track;
}

}  // namespace swiftlet::planner
