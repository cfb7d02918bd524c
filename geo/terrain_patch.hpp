#pragma once

#include <algorithm>

namespace swiftlet::geo {

/// A bilinear surface over one cell, in the cell's own coordinates u, v in [0, 1].
struct TerrainPatch {
  double sw, se, nw, ne;

  [[nodiscard]] double at(double u, double v) const {
    return (1 - v) * ((1 - u) * sw + u * se) + v * ((1 - u) * nw + u * ne);
  }
  /// Along a segment the surface is a parabola whose second coefficient is twist · du · dv.
  [[nodiscard]] double twist() const { return sw + ne - se - nw; }
};

/// The least value on s in [0, 1] of the parabola with f(0) = f0, f(1) = f1 and second coefficient a.
[[nodiscard]] inline double parabola_min(double f0, double f1, double a) {
  const double b = f1 - f0 - a;
  if (a > 0.0 && b < 0.0 && b > -2.0 * a) return f0 - b * b / (4.0 * a);
  return std::min(f0, f1);
}

}  // namespace swiftlet::geo
