#pragma once

#include <optional>
#include <vector>

#include "maps/referee/plane.hpp"

namespace swiftlet::maps::referee {

/// A map of the corners of a raster's pixels to another plane, exact at every so many corners and bilinear between
/// them: over 50 m that is exact to a tenth of a millimetre. Corner (c, r) is the first corner of pixel (c, r).
class PixelNet {
 public:
  /// `exact` maps a list of corners, given as columns and rows, in place; false where it cannot.
  template <class Exact>
  [[nodiscard]] static std::optional<PixelNet> make(int columns, int rows, int step, Exact&& exact) {
    PixelNet net(columns, rows, step);
    if (!exact(net.knots_)) return std::nullopt;
    return net;
  }

  [[nodiscard]] Point2 at(double column, double row) const;
  [[nodiscard]] int step() const { return step_; }

 private:
  PixelNet(int columns, int rows, int step);

  int step_;
  int across_;
  int down_;
  std::vector<Point2> knots_;
};

}  // namespace swiftlet::maps::referee
