#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "geo/local_frame.hpp"

namespace swiftlet::geo {

/// Where a segment crosses the lines of a square lattice, as parameters in (0, 1], ascending; 1 comes last, for ever.
/// Each is worked out on its own, so that errors do not add up along the segment.
class LatticeCrossings {
 public:
  LatticeCrossings(const Enu2& origin, double spacing_m, const Enu2& a, const Enu2& b) {
    for (int axis = 0; axis < 2; ++axis) {
      Axis& line = axes_[axis];
      const double step = (b[axis] - a[axis]) / spacing_m;
      if (step == 0.0 || !std::isfinite(step)) continue;
      line.from = (a[axis] - origin[axis]) / spacing_m;
      line.per_step = 1.0 / step;
      line.direction = step > 0.0 ? 1.0 : -1.0;
      line.next_line = step > 0.0 ? std::floor(line.from) + 1.0 : std::ceil(line.from) - 1.0;
    }
  }

  [[nodiscard]] double next() const { return std::min({axes_[0].at(), axes_[1].at(), 1.0}); }
  /// Passes over everything up to t.
  void pass(double t) {
    for (Axis& line : axes_) {
      while (line.at() <= t) line.next_line += line.direction;
    }
  }

 private:
  struct Axis {
    double from = 0.0;
    double per_step = std::numeric_limits<double>::infinity();
    double direction = 0.0;  ///< 0: never crossed
    double next_line = 0.0;

    [[nodiscard]] double at() const {
      return direction == 0.0 ? std::numeric_limits<double>::infinity() : (next_line - from) * per_step;
    }
  };
  Axis axes_[2];
};

}  // namespace swiftlet::geo
