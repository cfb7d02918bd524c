#include "maps/referee/pixel_net.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::maps::referee {

PixelNet::PixelNet(int columns, int rows, int step)
    : step_(step), across_((columns + step - 1) / step + 1), down_((rows + step - 1) / step + 1) {
  for (int j = 0; j < down_; ++j) {
    for (int i = 0; i < across_; ++i) {
      knots_.push_back({static_cast<double>(i) * step, static_cast<double>(j) * step});
    }
  }
}

Point2 PixelNet::at(double column, double row) const {
  const double x = column / step_;
  const double y = row / step_;
  const int i = std::clamp(static_cast<int>(std::floor(x)), 0, across_ - 2);
  const int j = std::clamp(static_cast<int>(std::floor(y)), 0, down_ - 2);
  const auto knot = [&](int a, int b) {
    return knots_[static_cast<std::size_t>(b) * static_cast<std::size_t>(across_) + static_cast<std::size_t>(a)];
  };
  const double u = x - i;
  const double v = y - j;
  const Point2 p = knot(i, j);
  const Point2 q = knot(i + 1, j);
  const Point2 s = knot(i, j + 1);
  const Point2 t = knot(i + 1, j + 1);
  return {(1 - v) * ((1 - u) * p.x + u * q.x) + v * ((1 - u) * s.x + u * t.x),
          (1 - v) * ((1 - u) * p.y + u * q.y) + v * ((1 - u) * s.y + u * t.y)};
}

}  // namespace swiftlet::maps::referee
