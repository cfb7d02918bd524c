#include "planner/exposure_bound.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace swiftlet::planner {
namespace {

using geo::Enu2;

/// Cells along the longer side of the box.
constexpr int kMostCells = 160;
/// Densities that only touch a cell's border do not count in it: its edges count with the lesser of both sides anyway.
constexpr double kInside = 1e-7;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// The greatest rise of a sum of both functions, a times one and b times the other, that slopes no more than 1
/// anywhere. Their slopes fill a square and a square turned by 45°; what they add up to is longest in the corners of an
/// octagon: (a + √2 b)² + a² ≤ 1.
double best_sum(double rise_a, double rise_b) {
  constexpr double kHalf = 0.5 * std::numbers::sqrt2;
  if (rise_b <= kHalf * rise_a) return kHalf * rise_a;
  if (rise_a <= kHalf * rise_b) return kHalf * rise_b;
  return std::sqrt(rise_a * rise_a + rise_b * rise_b - std::numbers::sqrt2 * rise_a * rise_b);
}

/// A square grid over the box, turned by an angle, with the least density of each cell.
class TurnedGrid {
 public:
  TurnedGrid(const geo::GroundRisk& risk, const geo::Box2& box, double angle)
      : east_(std::cos(angle), std::sin(angle)), north_(-std::sin(angle), std::cos(angle)) {
    geo::Box2 around;
    for (const double x : {box.min.x(), box.max.x()}) {
      for (const double y : {box.min.y(), box.max.y()}) around.include(turned({x, y}));
    }
    const Enu2 size = around.max - around.min;
    side_m_ = std::max(risk.grid().cell_m, size.maxCoeff() / kMostCells);
    corner_ = around.min;
    nx_ = 1 + static_cast<int>(size.x() / side_m_);
    ny_ = 1 + static_cast<int>(size.y() / side_m_);
    density_.reserve(static_cast<std::size_t>(nx_) * static_cast<std::size_t>(ny_));
    for (int j = 0; j < ny_; ++j) {
      for (int i = 0; i < nx_; ++i) {
        geo::Box2 cell;
        for (const int dj : {0, 1}) {
          for (const int di : {0, 1}) cell.include(place(i + di, j + dj));
        }
        // Nothing flies where the cell is all outside.
        density_.push_back(cell.intersects(box) ? risk.least_in_per_km2(cell.grown(-kInside * side_m_)) : kInfinity);
      }
    }
  }

  /// How much the cost of walking grows from one place to the other at least, whatever moves them by moved_m.
  [[nodiscard]] double rise(const Enu2& from_enu, const Enu2& to_enu, double moved_m) const {
    const Enu2 from = to_units(from_enu);
    const Enu2 to = to_units(to_enu);
    const std::vector<double> cost = walk(from, to);
    const double moved = std::numbers::sqrt2 * moved_m / side_m_;
    return side_m_ * (at(cost, to) - at(cost, from) - moved * (steepest(to) + steepest(from)));
  }

 private:
  struct Open {
    double cost;
    int i, j;
    bool operator<(const Open& other) const {
      if (cost != other.cost) return cost > other.cost;
      return j != other.j ? j > other.j : i > other.i;
    }
  };

  [[nodiscard]] Enu2 turned(const Enu2& p_enu) const { return {east_.dot(p_enu), north_.dot(p_enu)}; }
  [[nodiscard]] Enu2 to_units(const Enu2& p_enu) const { return (turned(p_enu) - corner_) / side_m_; }
  [[nodiscard]] Enu2 place(int i, int j) const {
    const Enu2 p = corner_ + side_m_ * Enu2(i, j);
    return p.x() * east_ + p.y() * north_;
  }
  [[nodiscard]] double density(int i, int j) const {
    if (i < 0 || j < 0 || i >= nx_ || j >= ny_) return kInfinity;
    return density_[static_cast<std::size_t>(j) * static_cast<std::size_t>(nx_) + static_cast<std::size_t>(i)];
  }
  [[nodiscard]] std::size_t node(int i, int j) const {
    return static_cast<std::size_t>(j) * static_cast<std::size_t>(nx_ + 1) + static_cast<std::size_t>(i);
  }
  [[nodiscard]] std::array<int, 2> cell_of(const Enu2& p) const {
    return {std::clamp(static_cast<int>(p.x()), 0, nx_ - 1), std::clamp(static_cast<int>(p.y()), 0, ny_ - 1)};
  }

  /// The greatest density of the cell and those around it.
  [[nodiscard]] double steepest(const Enu2& p) const {
    const auto [i, j] = cell_of(p);
    double most = 0.0;
    for (int dj = -1; dj <= 1; ++dj) {
      for (int di = -1; di <= 1; ++di) {
        if (const double d = density(i + di, j + dj); std::isfinite(d)) most = std::max(most, d);
      }
    }
    return most;
  }

  [[nodiscard]] double at(const std::vector<double>& cost, const Enu2& p) const {
    const auto [i, j] = cell_of(p);
    const double u = p.x() - i;
    const double v = p.y() - j;
    return (1 - v) * ((1 - u) * cost[node(i, j)] + u * cost[node(i + 1, j)]) +
           v * ((1 - u) * cost[node(i, j + 1)] + u * cost[node(i + 1, j + 1)]);
  }

  /// The cost of every node that matters, from the one nearest to the start; those beyond cost as much as the dearest
  /// of the goal's cell.
  [[nodiscard]] std::vector<double> walk(const Enu2& from, const Enu2& to) const {
    std::vector<double> cost(static_cast<std::size_t>(nx_ + 1) * static_cast<std::size_t>(ny_ + 1), kInfinity);
    std::vector<Open> open;
    const auto reach = [&](int i, int j, double c) {
      if (!(c < cost[node(i, j)])) return;
      cost[node(i, j)] = c;
      open.push_back({c, i, j});
      std::push_heap(open.begin(), open.end());
    };
    const auto [gi, gj] = cell_of(to);
    int ends_left = 4;
    reach(std::clamp(static_cast<int>(std::lround(from.x())), 0, nx_),
          std::clamp(static_cast<int>(std::lround(from.y())), 0, ny_), 0.0);
    double last = 0.0;
    while (!open.empty() && ends_left > 0) {
      std::pop_heap(open.begin(), open.end());
      const auto [c, i, j] = open.back();
      open.pop_back();
      if (c > cost[node(i, j)]) continue;
      last = c;
      if ((i == gi || i == gi + 1) && (j == gj || j == gj + 1)) --ends_left;
      if (i > 0) reach(i - 1, j, c + std::min(density(i - 1, j - 1), density(i - 1, j)));
      if (i < nx_) reach(i + 1, j, c + std::min(density(i, j - 1), density(i, j)));
      if (j > 0) reach(i, j - 1, c + std::min(density(i - 1, j - 1), density(i, j - 1)));
      if (j < ny_) reach(i, j + 1, c + std::min(density(i - 1, j), density(i, j)));
    }
    for (double& c : cost) c = std::min(c, last);
    return cost;
  }

  Enu2 east_, north_;
  Enu2 corner_ = Enu2::Zero();  ///< in turned coordinates
  double side_m_ = 1.0;
  int nx_ = 1;
  int ny_ = 1;
  std::vector<double> density_;
};

}  // namespace

double least_exposure(const geo::GroundRisk& risk, const geo::Box2& box, const Enu2& from_enu, const Enu2& to_enu,
                      double moved_m) {
  if (risk.empty()) return 0.0;
  const auto rise = [&](double angle) {
    return std::max(0.0, TurnedGrid(risk, box, angle).rise(from_enu, to_enu, moved_m));
  };
  return best_sum(rise(0.0), rise(std::numbers::pi / 4.0));
}

}  // namespace swiftlet::planner
