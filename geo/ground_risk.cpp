#include "geo/ground_risk.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "geo/lattice_crossings.hpp"

namespace swiftlet::geo {
namespace {

/// The cell along one axis that holds x (in cells from the grid's corner), or the nearest.
int cell_at(double x, int count) { return static_cast<int>(std::clamp(std::floor(x), 0.0, count - 1.0)); }

}  // namespace

std::vector<GroundRisk::Level> GroundRisk::levels_of(const GridFrame& grid) {
  std::vector<Level> levels;
  std::size_t first = 0;
  for (int nx = grid.nx, ny = grid.ny; nx > 0 && ny > 0; nx = (nx + 1) / 2, ny = (ny + 1) / 2) {
    levels.push_back({first, nx, ny});
    first += static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny);
    if (nx == 1 && ny == 1) break;
  }
  return levels;
}

std::size_t GroundRisk::pyramid_size(const GridFrame& grid) {
  const auto levels = levels_of(grid);
  return levels.empty() ? 0 : levels.back().first + 1;
}

std::vector<float> GroundRisk::pyramid_of(const GridFrame& grid, std::vector<float> per_km2) {
  if (per_km2.size() != grid.cell_count()) throw std::invalid_argument("a ground risk with cells without density");
  std::vector<float> out = std::move(per_km2);
  out.reserve(pyramid_size(grid));
  const auto levels = levels_of(grid);
  for (std::size_t k = 1; k < levels.size(); ++k) {
    const Level& below = levels[k - 1];
    const auto cell = [&](int i, int j) {
      return out[below.first +
                 static_cast<std::size_t>(std::min(j, below.ny - 1)) * static_cast<std::size_t>(below.nx) +
                 static_cast<std::size_t>(std::min(i, below.nx - 1))];
    };
    for (int j = 0; j < levels[k].ny; ++j) {
      for (int i = 0; i < levels[k].nx; ++i) {
        out.push_back(
            std::min({cell(2 * i, 2 * j), cell(2 * i + 1, 2 * j), cell(2 * i, 2 * j + 1), cell(2 * i + 1, 2 * j + 1)}));
      }
    }
  }
  return out;
}

GroundRisk::GroundRisk(const GridFrame& grid, FlatArray<float> pyramid_per_km2)
    : grid_(grid), levels_(levels_of(grid)), pyramid_per_km2_(std::move(pyramid_per_km2)) {
  if (grid.nx < 1 || grid.ny < 1 || !(grid.cell_m > 0.0) || pyramid_per_km2_.size() != pyramid_size(grid)) {
    throw std::invalid_argument("a ground risk that does not fit its grid");
  }
}

bool operator==(const GroundRisk& a, const GroundRisk& b) {
  const auto x = a.pyramid_per_km2();
  const auto y = b.pyramid_per_km2();
  return a.grid_.origin == b.grid_.origin && a.grid_.cell_m == b.grid_.cell_m && a.grid_.nx == b.grid_.nx &&
         std::equal(x.begin(), x.end(), y.begin(), y.end());
}

double GroundRisk::at(const Level& level, int i, int j) const {
  const std::size_t n =
      level.first + static_cast<std::size_t>(j) * static_cast<std::size_t>(level.nx) + static_cast<std::size_t>(i);
  pyramid_per_km2_.touch(n);
  return pyramid_per_km2_[n];
}

double GroundRisk::density_per_km2(const Enu2& p_enu) const {
  if (empty()) return 0.0;
  const Enu2 cell = (p_enu - grid_.origin) / grid_.cell_m;
  return at(levels_[0], cell_at(cell.x(), grid_.nx), cell_at(cell.y(), grid_.ny));
}

double GroundRisk::mean_along_per_km2(const Enu2& a_enu, const Enu2& b_enu) const {
  if (empty()) return 0.0;
  LatticeCrossings crossings(grid_.origin, grid_.cell_m, a_enu, b_enu);
  double mean = 0.0;
  for (double s0 = 0.0; s0 < 1.0;) {
    crossings.pass(s0);
    const double s1 = crossings.next();
    mean += (s1 - s0) * density_per_km2(a_enu + 0.5 * (s0 + s1) * (b_enu - a_enu));
    s0 = s1;
  }
  return mean;
}

double GroundRisk::least_in_per_km2(const Box2& box) const {
  if (empty()) return 0.0;
  const Enu2 low = (box.min - grid_.origin) / grid_.cell_m;
  const Enu2 high = (box.max - grid_.origin) / grid_.cell_m;
  const int i0 = cell_at(low.x(), grid_.nx);
  const int i1 = cell_at(high.x(), grid_.nx);
  const int j0 = cell_at(low.y(), grid_.ny);
  const int j1 = cell_at(high.y(), grid_.ny);
  constexpr int kFew = 4;
  int k = 0;
  while (k + 1 < static_cast<int>(levels_.size()) && std::max((i1 >> k) - (i0 >> k), (j1 >> k) - (j0 >> k)) >= kFew) {
    ++k;
  }
  double least = std::numeric_limits<double>::infinity();
  for (int j = j0 >> k; j <= j1 >> k; ++j) {
    for (int i = i0 >> k; i <= i1 >> k; ++i) least = std::min(least, at(levels_[static_cast<std::size_t>(k)], i, j));
  }
  return least;
}

}  // namespace swiftlet::geo
