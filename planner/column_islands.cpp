#include "planner/column_islands.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace swiftlet::planner {
namespace {

constexpr std::uint32_t kNone = ColumnGrid::kNone;

/// Calls visit(neighbour) for the columns beyond the sides of one, each as often as it has stretches in common.
template <class Visit>
void for_each_beside(const ColumnGrid& grid, const ColumnGrid::Column& c, const Visit& visit) {
  for (const int x : {c.x - 1, c.x + c.side}) {
    for (int y = c.y; y < c.y + c.side; y = grid.end_along_y(x, y)) {
      if (const std::uint32_t n = grid.at(x, y); n != kNone) visit(n);
    }
  }
  for (const int y : {c.y - 1, c.y + c.side}) {
    for (int x = c.x; x < c.x + c.side; x = grid.end_along_x(x, y)) {
      if (const std::uint32_t n = grid.at(x, y); n != kNone) visit(n);
    }
  }
}

}  // namespace

ColumnIslands::ColumnIslands(ColumnGrid grid, Trust trust) : grid_(std::move(grid)), joined_(grid_.columns().size()) {
  join_sides();
  if (trust == Trust::possible) join_corners();
  number();
}

void ColumnIslands::join(std::uint32_t a, std::uint32_t b) {
  if (a == kNone || b == kNone || a == b || !grid_.passable(a, b)) return;
  joined_.join(a, b);
}

void ColumnIslands::join_sides() {
  const auto& all = grid_.columns();
  for (std::uint32_t n = 0; n < all.size(); ++n) {
    const ColumnGrid::Column& c = all[n];
    // East and north are enough: the others come from there.
    const int x = c.x + c.side;
    const int y = c.y + c.side;
    for (int at = c.y; at < y; at = grid_.end_along_y(x, at)) join(n, grid_.at(x, at));
    for (int at = c.x; at < x; at = grid_.end_along_x(at, y)) join(n, grid_.at(at, y));
  }
}

void ColumnIslands::join_corners() {
  const auto& all = grid_.columns();
  for (std::uint32_t n = 0; n < all.size(); ++n) {
    const ColumnGrid::Column& c = all[n];
    // Every point where two columns touch is a corner of at least one of them.
    for (const auto& [inside_x, beyond_x] : {std::pair(c.x, c.x - 1), std::pair(c.x + c.side - 1, c.x + c.side)}) {
      for (const auto& [inside_y, beyond_y] : {std::pair(c.y, c.y - 1), std::pair(c.y + c.side - 1, c.y + c.side)}) {
        join(n, grid_.at(beyond_x, beyond_y));
        join(grid_.at(inside_x, beyond_y), grid_.at(beyond_x, inside_y));
      }
    }
  }
}

void ColumnIslands::number() {
  island_of_ = std::move(joined_).roots();
  std::vector<std::uint32_t> number_of(island_of_.size(), kNone);
  const double unit_m = grid_.unit_m();
  for (std::uint32_t n = 0; n < island_of_.size(); ++n) {
    std::uint32_t& number = number_of[island_of_[n]];
    if (number == kNone) {
      number = static_cast<std::uint32_t>(areas_m2_.size());
      areas_m2_.push_back(0.0);
    }
    const double side_m = grid_.columns()[n].side * unit_m;
    areas_m2_[number] += side_m * side_m;
    island_of_[n] = number;
  }
}

std::uint32_t ColumnIslands::largest() const {
  return static_cast<std::uint32_t>(std::max_element(areas_m2_.begin(), areas_m2_.end()) - areas_m2_.begin());
}

std::optional<std::uint32_t> ColumnIslands::at(const geo::Enu2& p_enu) const {
  const std::uint32_t column = grid_.column_at(p_enu);
  return column == kNone ? std::nullopt : std::optional(island_of_[column]);
}

std::vector<std::uint32_t> ColumnIslands::around(const geo::Enu2& p_enu, double reach_m) const {
  // No column is narrower than a unit, so that steps of at most a unit miss none.
  const int steps = static_cast<int>(std::ceil(2.0 * reach_m / grid_.unit_m()));
  std::vector<std::uint32_t> islands;
  for (int j = 0; j <= steps; ++j) {
    for (int i = 0; i <= steps; ++i) {
      const geo::Enu2 off = geo::Enu2::Constant(-reach_m) + 2.0 * reach_m / steps * geo::Enu2(i, j);
      if (const auto island = at(p_enu + off)) islands.push_back(*island);
    }
  }
  std::sort(islands.begin(), islands.end());
  islands.erase(std::unique(islands.begin(), islands.end()), islands.end());
  return islands;
}

namespace {

/// Grows the islands of whole cells through the fine columns between them, all at once, and notes where two meet.
class Joining {
 public:
  Joining(const ColumnIslands& whole, const ColumnGrid& fine)
      : whole_(whole), fine_(fine), label_(fine.columns().size(), kNone), from_(fine.columns().size(), kNone) {}

  std::vector<bool> run() {
    constexpr int kUnits = ColumnGrid::kUnitsPerCell;
    cells_.assign(static_cast<std::size_t>(fine_.width() / kUnits) * static_cast<std::size_t>(fine_.height() / kUnits),
                  false);
    std::vector<std::uint32_t> now;
    std::vector<std::uint32_t> next;
    for (std::uint32_t n = 0; n < label_.size(); ++n) {
      const std::uint32_t cell = whole_.grid().at(fine_.columns()[n].x, fine_.columns()[n].y);
      if (cell == kNone) continue;
      label_[n] = whole_.of(cell);
      now.push_back(n);
    }
    while (!now.empty()) {
      for (const std::uint32_t n : now) {
        for_each_beside(fine_, fine_.columns()[n], [&](std::uint32_t beside) {
          if (!fine_.passable(n, beside)) return;
          if (label_[beside] == kNone) {
            label_[beside] = label_[n];
            from_[beside] = n;
            next.push_back(beside);
          } else if (label_[beside] != label_[n]) {
            meet(n, beside);
          }
        });
      }
      std::swap(now, next);
      next.clear();
    }
    return std::move(cells_);
  }

 private:
  /// One way for each pair of islands in each neighbourhood.
  void meet(std::uint32_t a, std::uint32_t b) {
    constexpr int kNeighbourhood = 16 * ColumnGrid::kUnitsPerCell;
    const auto [low, high] = std::minmax(label_[a], label_[b]);
    const ColumnGrid::Column& here = fine_.columns()[a];
    if (!met_.emplace(low, high, here.x / kNeighbourhood, here.y / kNeighbourhood).second) return;
    for (std::uint32_t end : {a, b}) {
      for (; end != kNone; end = from_[end]) mark(fine_.columns()[end]);
    }
  }

  void mark(const ColumnGrid::Column& c) {
    constexpr int kUnits = ColumnGrid::kUnitsPerCell;
    cells_[static_cast<std::size_t>(c.y / kUnits) * static_cast<std::size_t>(fine_.width() / kUnits) +
           static_cast<std::size_t>(c.x / kUnits)] = true;
  }

  const ColumnIslands& whole_;
  const ColumnGrid& fine_;
  std::vector<std::uint32_t> label_;  ///< the island that a fine column belongs to or was reached from
  std::vector<std::uint32_t> from_;   ///< the column that it was reached from
  std::vector<bool> cells_;
  std::set<std::tuple<std::uint32_t, std::uint32_t, int, int>> met_;
};

}  // namespace

std::vector<bool> cells_that_join(const ColumnIslands& whole, const ColumnGrid& fine) {
  return Joining(whole, fine).run();
}

}  // namespace swiftlet::planner
