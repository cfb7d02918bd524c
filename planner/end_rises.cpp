#include "planner/end_rises.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <queue>

#include "planner/terminal.hpp"

namespace swiftlet::planner {
namespace {

constexpr double kStep_m = 0.5;
constexpr int kAnyFloor = std::numeric_limits<int>::min();

struct Reached {
  int floor_steps;  ///< the highest floor on the way, in steps above the datum, rounded down
  float away_m;     ///< of the cell's farthest corner from the place
  int di, dj;       ///< from the place's cell
  /// For a heap with the lowest on top; among equals the one farthest away.
  bool operator<(const Reached& other) const {
    if (floor_steps != other.floor_steps) return floor_steps > other.floor_steps;
    if (away_m != other.away_m) return away_m < other.away_m;
    return std::pair(dj, di) > std::pair(other.dj, other.di);
  }
};

/// The cells around a place out to its reach, and which of them have been reached.
class Surroundings {
 public:
  Surroundings(const geo::AirspaceView& view, const geo::Enu2& place_enu, CellIndex middle, int cells)
      : view_(view),
        place_(place_enu),
        middle_(middle),
        cells_(cells),
        seen_(static_cast<std::size_t>(2 * cells + 1) * static_cast<std::size_t>(2 * cells + 1), false) {}

  [[nodiscard]] bool is_rim(const Reached& cell) const {
    return std::max(std::abs(cell.di), std::abs(cell.dj)) == cells_;
  }

  /// Adds a cell unless it was reached before, is off the grid, or nothing can be free in it.
  void reach(int di, int dj, int from_steps, std::priority_queue<Reached>& open) {
    const geo::GridFrame& grid = view_.grid();
    const int i = middle_.i + di;
    const int j = middle_.j + dj;
    if (i < 0 || j < 0 || i >= grid.nx || j >= grid.ny) return;
    const auto place = static_cast<std::size_t>(dj + cells_) * static_cast<std::size_t>(2 * cells_ + 1) +
                       static_cast<std::size_t>(di + cells_);
    if (seen_[place]) return;
    seen_[place] = true;
    int steps = kAnyFloor;
    // A vertical over the place may pass through the cells beside it, whatever their floors.
    if (std::max(std::abs(di), std::abs(dj)) > 1) {
      const auto band = view_.optimistic_band(i, j);
      if (!band.open()) return;
      steps = std::max(from_steps, static_cast<int>(std::floor(band.floor_msl_m / kStep_m)));
    }
    const geo::Enu2 apart = (grid.centre(i, j) - place_).cwiseAbs();
    const double away_m = std::hypot(apart.x() + 0.5 * grid.cell_m, apart.y() + 0.5 * grid.cell_m);
    open.push({.floor_steps = steps, .away_m = static_cast<float>(away_m), .di = di, .dj = dj});
  }

 private:
  const geo::AirspaceView& view_;
  const geo::Enu2 place_;
  const CellIndex middle_;
  const int cells_;
  std::vector<bool> seen_;
};

}  // namespace

std::vector<Rise> rises_around(const geo::AirspaceView& view, const geo::Enu2& place_enu, double reach_m) {
  std::vector<Rise> rises;
  const auto middle = cell_at(view.grid(), place_enu);
  if (!middle) return rises;
  const int cells = static_cast<int>(std::floor(reach_m / view.grid().cell_m)) - 1;
  if (cells < 2) return rises;
  Surroundings around(view, place_enu, *middle, cells);
  std::priority_queue<Reached> open;
  around.reach(0, 0, kAnyFloor, open);
  int highest_steps = kAnyFloor;
  double farthest_m = 0.0;
  while (!open.empty()) {
    const Reached cell = open.top();
    open.pop();
    if (cell.floor_steps > highest_steps) {
      rises.push_back({.least_msl_m = cell.floor_steps * kStep_m, .within_m = farthest_m});
      highest_steps = cell.floor_steps;
    }
    if (around.is_rim(cell)) break;
    farthest_m = std::max(farthest_m, double{cell.away_m});
    for (int dj = -1; dj <= 1; ++dj) {
      for (int di = -1; di <= 1; ++di) around.reach(cell.di + di, cell.dj + dj, cell.floor_steps, open);
    }
  }
  return rises;
}

}  // namespace swiftlet::planner
