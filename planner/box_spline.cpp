#include "planner/box_spline.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::planner {
namespace {

constexpr double kLeastHalfWidth_m = 1e-4;
/// Bends are spread over about this length: as far as the string that pulls the curve straight lets them.
constexpr double kTension_m = 20.0;
/// Gates nearer to one another count as so far apart. A step between two would have to be flown at a crawl, so it is
/// far less than what any slope does between gates a metre apart.
constexpr double kShortest_m = 0.1;
constexpr int kMostSweeps = 30;
/// How far a step aims at, of the way that is left: near where the last one was free to go, not as near where it was
/// not.
constexpr double kFirstAim = 0.2;
constexpr double kNearestAim = 0.05;

/// A row of a symmetric matrix with two bands beside the diagonal.
struct Row {
  double diagonal = 0.0;
  double next = 0.0;   ///< to the unknown after this one
  double after = 0.0;  ///< to the one after that
};

struct Unknown {
  double lo, hi;
  double z;
  double low_force, high_force;             ///< multipliers of the bounds
  double constant = 0.0;                    ///< of the gradient, from the fixed ends
  double per_below = 0.0, per_above = 0.0;  ///< 1 / the room that is left to either bound
  double step = 0.0, low_step = 0.0, high_step = 0.0;
};

/// Solves (matrix) x = right by L D Lᵀ; the result is left in `right`.
void solve(std::vector<Row>& m, std::vector<double>& right) {
  const std::size_t n = m.size();
  for (std::size_t k = 0; k < n; ++k) {
    const double inverse = 1.0 / m[k].diagonal;
    const double l1 = m[k].next * inverse;
    const double l2 = m[k].after * inverse;
    if (k + 1 < n) {
      m[k + 1].diagonal -= l1 * m[k].next;
      m[k + 1].next -= l1 * m[k].after;
      right[k + 1] -= l1 * right[k];
    }
    if (k + 2 < n) {
      m[k + 2].diagonal -= l2 * m[k].after;
      right[k + 2] -= l2 * right[k];
    }
    m[k].next = l1;
    m[k].after = l2;
    right[k] *= inverse;
  }
  for (std::size_t k = n; k-- > 0;) {
    if (k + 1 < n) right[k] -= m[k].next * right[k + 1];
    if (k + 2 < n) right[k] -= m[k].after * right[k + 2];
  }
}

class BoxSpline {
 public:
  BoxSpline(const std::vector<Gate>& gates, double scale) : gates_(gates), n_(gates.size() - 2) {
    unknowns_.resize(n_);
    stiffness_.resize(n_);
    for (std::size_t k = 0; k < n_; ++k) {
      const Gate& g = gates[k + 1];
      const double middle = 0.5 * (g.lo + g.hi);
      const double half = std::max(0.5 * (g.hi - g.lo), kLeastHalfWidth_m);
      unknowns_[k] = {
          .lo = middle - half, .hi = middle + half, .z = middle, .low_force = 1.0 / half, .high_force = 1.0 / half};
    }
    for (std::size_t k = 0; k < n_; ++k) add_curvature(k, scale);
    for (std::size_t k = 0; k <= n_; ++k) add_slope(k, scale * kTension_m);
  }

  void run(double precision) {
    std::vector<Row> matrix(n_);
    std::vector<double> right(n_);
    // Begin with what springs to the gates' middles give, kept inside.
    for (std::size_t k = 0; k < n_; ++k) {
      const Unknown& u = unknowns_[k];
      const double spring = 4.0 / ((u.hi - u.lo) * (u.hi - u.lo));
      matrix[k] = stiffness_[k];
      matrix[k].diagonal += spring;
      right[k] = spring * u.z - u.constant;
    }
    solve(matrix, right);
    for (std::size_t k = 0; k < n_; ++k) {
      Unknown& u = unknowns_[k];
      const double rim = 0.1 * (u.hi - u.lo);
      u.z = std::clamp(right[k], u.lo + rim, u.hi - rim);
    }
    double mu = 1.0;
    for (std::size_t k = 0; k < n_; ++k)
      mu = std::max(mu, 0.5 * std::abs(gradient(k)) * (unknowns_[k].hi - unknowns_[k].lo));
    for (Unknown& u : unknowns_) {
      u.low_force = mu / (u.z - u.lo);
      u.high_force = mu / (u.hi - u.z);
    }
    double aim = kFirstAim;
    for (int sweep = 0; sweep < kMostSweeps && mu > precision; ++sweep) {
      const double target = aim * mu;
      for (std::size_t k = 0; k < n_; ++k) {
        Unknown& u = unknowns_[k];
        u.per_below = 1.0 / (u.z - u.lo);
        u.per_above = 1.0 / (u.hi - u.z);
        matrix[k] = stiffness_[k];
        matrix[k].diagonal += u.low_force * u.per_below + u.high_force * u.per_above;
        right[k] = target * (u.per_below - u.per_above) - gradient(k);
      }
      solve(matrix, right);
      // Of the step, as much as takes no room and no force more than 0.99 of the way to zero.
      double fastest = 0.99;
      for (std::size_t k = 0; k < n_; ++k) {
        Unknown& u = unknowns_[k];
        const double down = right[k] * u.per_below;
        const double up = right[k] * u.per_above;
        u.step = right[k];
        u.low_step = target * u.per_below - u.low_force * (1.0 + down);
        u.high_step = target * u.per_above - u.high_force * (1.0 - up);
        fastest = std::max({fastest, -down, up, -u.low_step / u.low_force, -u.high_step / u.high_force});
      }
      const double reach = 0.99 / fastest;
      aim = std::max(kNearestAim, (1.0 - reach) * (1.0 - reach));
      mu = 0.0;
      for (Unknown& u : unknowns_) {
        u.z += reach * u.step;
        u.low_force += reach * u.low_step;
        u.high_force += reach * u.high_step;
        mu += u.low_force * (u.z - u.lo) + u.high_force * (u.hi - u.z);
      }
      mu /= 2.0 * static_cast<double>(n_);
    }
  }

  [[nodiscard]] std::vector<double> heights() const {
    std::vector<double> out;
    out.reserve(n_ + 2);
    out.push_back(gates_.front().lo);
    for (const Unknown& u : unknowns_) out.push_back(u.z);
    out.push_back(gates_.back().lo);
    return out;
  }

 private:
  /// Of the piece before gate k + 1. Gates that stand nearly on one another would make the matrix stiff.
  [[nodiscard]] double length(std::size_t k) const { return std::max(kShortest_m, gates_[k + 1].s_m - gates_[k].s_m); }

  /// The squared curvature at gate k + 1, weighted by the length that it stands for.
  void add_curvature(std::size_t k, double scale) {
    const double before = length(k);
    const double after = length(k + 1);
    const double share = 0.5 * (before + after);
    const double a = 1.0 / (before * share);
    const double c = 1.0 / (after * share);
    const double b = -a - c;
    const double w = share / (scale * scale);
    stiffness_[k].diagonal += w * b * b;
    if (k > 0) {
      stiffness_[k - 1].diagonal += w * a * a;
      stiffness_[k - 1].next += w * a * b;
    }
    if (k + 1 < n_) {
      stiffness_[k + 1].diagonal += w * c * c;
      stiffness_[k].next += w * b * c;
    }
    if (k > 0 && k + 1 < n_) stiffness_[k - 1].after += w * a * c;
    if (k == 0) {
      const double end = gates_.front().lo;
      unknowns_[0].constant += w * a * b * end;
      if (n_ > 1) unknowns_[1].constant += w * a * c * end;
    }
    if (k + 1 == n_) {
      const double end = gates_.back().lo;
      unknowns_[k].constant += w * c * b * end;
      if (k > 0) unknowns_[k - 1].constant += w * c * a * end;
    }
  }

  /// The squared slope of the piece before gate k + 1.
  void add_slope(std::size_t k, double scale) {
    const double w = 1.0 / (length(k) * scale * scale);
    if (k < n_) stiffness_[k].diagonal += w;
    if (k > 0) stiffness_[k - 1].diagonal += w;
    if (k > 0 && k < n_) stiffness_[k - 1].next -= w;
    if (k == 0) unknowns_[0].constant -= w * gates_.front().lo;
    if (k == n_) unknowns_[n_ - 1].constant -= w * gates_.back().lo;
  }

  [[nodiscard]] double gradient(std::size_t k) const {
    double g = unknowns_[k].constant + stiffness_[k].diagonal * unknowns_[k].z;
    if (k + 1 < n_) g += stiffness_[k].next * unknowns_[k + 1].z;
    if (k + 2 < n_) g += stiffness_[k].after * unknowns_[k + 2].z;
    if (k > 0) g += stiffness_[k - 1].next * unknowns_[k - 1].z;
    if (k > 1) g += stiffness_[k - 2].after * unknowns_[k - 2].z;
    return g;
  }

  const std::vector<Gate>& gates_;
  std::size_t n_;
  std::vector<Unknown> unknowns_;
  std::vector<Row> stiffness_;
};

}  // namespace

std::vector<double> least_curvature(const std::vector<Gate>& gates, double curvature_scale_1_m, double precision) {
  if (gates.size() < 3) return {gates.front().lo, gates.back().lo};
  BoxSpline spline(gates, curvature_scale_1_m);
  spline.run(precision);
  return spline.heights();
}

}  // namespace swiftlet::planner
