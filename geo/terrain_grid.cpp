#include "geo/terrain_grid.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace swiftlet::geo {
namespace {

using Pixel = Eigen::Vector2d;

/// What rounding may move a place by, in cells: a hundredth of a millimetre on cells of 10 m.
constexpr double kGrace_px = 1e-6;

HeightRange scanned(const FlatArray<float>& heights_msl_m) {
  heights_msl_m.touch_all();
  HeightRange range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(), true};
  for (const float h : heights_msl_m) {
    if (std::isfinite(h)) {
      range.lowest_msl_m = std::min(range.lowest_msl_m, static_cast<double>(h));
      range.highest_msl_m = std::max(range.highest_msl_m, static_cast<double>(h));
    } else {
      range.complete = false;
    }
  }
  return range;
}

}  // namespace

Pixel PixelLattice::to_pixel(const Enu2& p_enu) const {
  const Enu2 g = (p_enu - origin) / spacing_m;
  const int i = std::clamp(static_cast<int>(std::floor(g.x())), 0, nx - 2);
  const int j = std::clamp(static_cast<int>(std::floor(g.y())), 0, ny - 2);
  const double u = g.x() - i;
  const double v = g.y() - j;
  const auto at = [&](int a, int b) -> const Pixel& {
    return pixel[static_cast<std::size_t>(b) * static_cast<std::size_t>(nx) + static_cast<std::size_t>(a)];
  };
  return (1 - v) * ((1 - u) * at(i, j) + u * at(i + 1, j)) + v * ((1 - u) * at(i, j + 1) + u * at(i + 1, j + 1));
}

Enu2 PixelLattice::to_local(const Pixel& wanted) const {
  // The map is close to affine, so Newton's steps converge at once.
  Enu2 p = origin + 0.5 * spacing_m * Enu2(nx - 1, ny - 1);
  constexpr double kStep_m = 1.0;
  for (int k = 0; k < 12; ++k) {
    const Pixel here = to_pixel(p);
    const Pixel miss = wanted - here;
    Eigen::Matrix2d slope;
    slope.col(0) = (to_pixel(p + Enu2(kStep_m, 0.0)) - here) / kStep_m;
    slope.col(1) = (to_pixel(p + Enu2(0.0, kStep_m)) - here) / kStep_m;
    const Enu2 move = slope.inverse() * miss;
    p += move;
    if (move.norm() < 1e-9) break;
  }
  return p;
}

TerrainGrid::TerrainGrid(PixelLattice lattice, int columns, int rows, FlatArray<float> heights_msl_m)
    : lattice_(std::move(lattice)),
      columns_(columns),
      rows_(rows),
      heights_msl_m_(std::move(heights_msl_m)),
      range_(scanned(heights_msl_m_)) {
  check_size();
}

TerrainGrid::TerrainGrid(PixelLattice lattice, int columns, int rows, FlatArray<float> heights_msl_m,
                         const HeightRange& range)
    : lattice_(std::move(lattice)),
      columns_(columns),
      rows_(rows),
      heights_msl_m_(std::move(heights_msl_m)),
      range_(range) {
  check_size();
}

void TerrainGrid::check_size() const {
  if (columns_ < 2 || rows_ < 2 ||
      heights_msl_m_.size() != static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_)) {
    throw std::invalid_argument("TerrainGrid: needs at least 2 x 2 cells and as many heights as cells");
  }
}

TerrainGrid::Squares TerrainGrid::squares_touching(const Box2& pixels) const {
  // Clamped before they become integers: a far place may be any number of cells away.
  const auto first = [](double value, int n) {
    return static_cast<int>(std::clamp(std::ceil(value) - 1.0, 0.0, static_cast<double>(n)));
  };
  const auto last = [](double value, int n) {
    return static_cast<int>(std::clamp(std::floor(value), -1.0, static_cast<double>(n)));
  };
  return {first(pixels.min.x(), columns_ - 1), std::min(last(pixels.max.x(), columns_ - 1), columns_ - 2),
          first(pixels.min.y(), rows_ - 1), std::min(last(pixels.max.y(), rows_ - 1), rows_ - 2)};
}

Coverage TerrainGrid::coverage(const Pixel& pixel) const {
  const Box2 around{pixel - Pixel::Constant(kGrace_px), pixel + Pixel::Constant(kGrace_px)};
  const Squares touched = squares_touching(around);
  if (touched.empty() || !around.intersects(hull())) return Coverage::none;
  bool all = hull().contains(around.min) && hull().contains(around.max);
  bool any = false;
  for (int r = touched.r0; r <= touched.r1; ++r) {
    for (int c = touched.c0; c <= touched.c1; ++c) {
      const bool here = known(c, r);
      all = all && here;
      any = any || here;
    }
  }
  return all ? Coverage::interior : any ? Coverage::edge : Coverage::none;
}

bool TerrainGrid::extends_to(const Pixel& pixel) const {
  constexpr double kEdgeGrace_px = 1e-3;  // what cutting features to the raster's edge leaves
  const double reach = 0.5 + kEdgeGrace_px;
  if (!(pixel.x() >= -reach && pixel.y() >= -reach && pixel.x() <= columns_ - 1 + reach &&
        pixel.y() <= rows_ - 1 + reach)) {
    return false;
  }
  return coverage(pixel.cwiseMax(hull().min).cwiseMin(hull().max)) != Coverage::none;
}

double TerrainGrid::height_msl_m(const Pixel& pixel) const {
  const Pixel p = pixel.cwiseMax(hull().min).cwiseMin(hull().max);
  int c = std::clamp(static_cast<int>(std::floor(p.x())), 0, columns_ - 2);
  int r = std::clamp(static_cast<int>(std::floor(p.y())), 0, rows_ - 2);
  if (!known(c, r)) {  // on the rim of the known terrain: the height there is that of the known neighbour
    const Squares touched =
        squares_touching({p - Pixel::Constant(2.0 * kGrace_px), p + Pixel::Constant(2.0 * kGrace_px)});
    for (int b = touched.r0; b <= touched.r1; ++b) {
      for (int a = touched.c0; a <= touched.c1; ++a) {
        if (!known(a, b)) continue;
        c = a;
        r = b;
      }
    }
  }
  const double u = p.x() - c;
  const double v = p.y() - r;
  return (1 - v) * ((1 - u) * node(c, r) + u * node(c + 1, r)) +
         v * ((1 - u) * node(c, r + 1) + u * node(c + 1, r + 1));
}

double TerrainGrid::interpolation_error_m(const Box2& box) const {
  const int c0 = std::clamp(static_cast<int>(std::floor(box.min.x())), 0, columns_ - 2);
  const int c1 = std::clamp(static_cast<int>(std::floor(box.max.x())), 0, columns_ - 2);
  const int r0 = std::clamp(static_cast<int>(std::floor(box.min.y())), 0, rows_ - 2);
  const int r1 = std::clamp(static_cast<int>(std::floor(box.max.y())), 0, rows_ - 2);
  // The range of both partial derivatives over the part of each terrain cell that the square can reach.
  Box2 gradient;
  for (int r = r0; r <= r1; ++r) {
    for (int c = c0; c <= c1; ++c) {
      if (!known(c, r)) continue;  // touched by a rim only
      const double south = node(c + 1, r) - node(c, r);
      const double north = node(c + 1, r + 1) - node(c, r + 1);
      const double west = node(c, r + 1) - node(c, r);
      const double east = node(c + 1, r + 1) - node(c + 1, r);
      const double u0 = std::clamp(box.min.x() - c, 0.0, 1.0);
      const double u1 = std::clamp(box.max.x() - c, 0.0, 1.0);
      const double v0 = std::clamp(box.min.y() - r, 0.0, 1.0);
      const double v1 = std::clamp(box.max.y() - r, 0.0, 1.0);
      gradient.include(Enu2(south + v0 * (north - south), west + u0 * (east - west)));
      gradient.include(Enu2(south + v1 * (north - south), west + u1 * (east - west)));
    }
  }
  // Interpolation is exact for affine functions. Against the affine function with the middle gradient the slope
  // differs by at most half the gradient's range, and the corners' weighted distance from a point is at most half
  // the width of the square along each axis.
  const Enu2 spread = 0.5 * (gradient.max - gradient.min);
  const Enu2 reach = 0.5 * (box.max - box.min);
  return spread.dot(reach);
}

}  // namespace swiftlet::geo
