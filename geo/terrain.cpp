#include "geo/terrain.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace swiftlet::geo {
namespace {

using Pixel = Eigen::Vector2d;

/// The parameters in (0, 1) at which p + t·step crosses an integer on either axis, sorted, with 0 and 1 at the ends.
std::vector<double> grid_crossings(const Pixel& p, const Pixel& step) {
  std::vector<double> t{0.0, 1.0};
  for (int axis = 0; axis < 2; ++axis) {
    if (step[axis] == 0.0) continue;
    const double from = std::min(p[axis], p[axis] + step[axis]);
    const double to = std::max(p[axis], p[axis] + step[axis]);
    for (double line = std::ceil(from); line <= to; line += 1.0) {
      const double at = (line - p[axis]) / step[axis];
      if (at > 0.0 && at < 1.0) t.push_back(at);
    }
  }
  std::sort(t.begin(), t.end());
  return t;
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

TerrainModel::TerrainModel(PixelLattice lattice, int columns, int rows, std::vector<float> heights_msl_m)
    : lattice_(std::move(lattice)), columns_(columns), rows_(rows), heights_msl_m_(std::move(heights_msl_m)) {
  if (columns_ < 2 || rows_ < 2 ||
      heights_msl_m_.size() != static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_)) {
    throw std::invalid_argument("TerrainModel: needs at least 2 x 2 cells and as many heights as cells");
  }
}

bool TerrainModel::inside(const Pixel& pixel) const {
  // A nanometre of grace, so that a point given on the hull itself is not lost to rounding.
  constexpr double kGrace = 1e-9;
  return pixel.x() >= -kGrace && pixel.y() >= -kGrace && pixel.x() <= columns_ - 1 + kGrace &&
         pixel.y() <= rows_ - 1 + kGrace;
}

bool TerrainModel::on_raster(const Pixel& pixel) const {
  constexpr double kGrace = 1e-3;  // of a cell: what cutting features to the raster's edge leaves
  return pixel.x() >= -0.5 - kGrace && pixel.y() >= -0.5 - kGrace && pixel.x() <= columns_ - 0.5 + kGrace &&
         pixel.y() <= rows_ - 0.5 + kGrace;
}

double TerrainModel::extended(const Pixel& pixel) const {
  return bilinear(pixel.cwiseMax(Pixel::Zero()).cwiseMin(Pixel(columns_ - 1, rows_ - 1)));
}

double TerrainModel::bilinear(const Pixel& pixel) const {
  const int c = std::clamp(static_cast<int>(std::floor(pixel.x())), 0, columns_ - 2);
  const int r = std::clamp(static_cast<int>(std::floor(pixel.y())), 0, rows_ - 2);
  const double u = pixel.x() - c;
  const double v = pixel.y() - r;
  return (1 - v) * ((1 - u) * node(c, r) + u * node(c + 1, r)) +
         v * ((1 - u) * node(c, r + 1) + u * node(c + 1, r + 1));
}

std::optional<double> TerrainModel::height_msl_m(const Enu2& p_enu) const {
  const Pixel pixel = lattice_.to_pixel(p_enu);
  if (!inside(pixel)) return std::nullopt;
  return bilinear(pixel);
}

std::optional<double> TerrainModel::highest_on_edge(const Enu2& a_enu, const Enu2& b_enu) const {
  const Pixel p = lattice_.to_pixel(a_enu);
  const Pixel q = lattice_.to_pixel(b_enu);
  if (!on_raster(p) || !on_raster(q)) return std::nullopt;
  const Pixel step = q - p;
  const std::vector<double> t = grid_crossings(p, step);
  double highest = std::max(extended(p), extended(q));
  for (std::size_t k = 0; k + 1 < t.size(); ++k) {
    const double f0 = extended(p + t[k] * step);
    const double fm = extended(p + 0.5 * (t[k] + t[k + 1]) * step);
    const double f1 = extended(p + t[k + 1] * step);
    highest = std::max({highest, f0, f1});
    // Within one terrain cell the height along the edge is f0 + b s + a s², s in [0, 1].
    const double a = 2.0 * (f0 + f1 - 2.0 * fm);
    const double b = f1 - f0 - a;
    if (a < 0.0 && b > 0.0 && b < -2.0 * a) highest = std::max(highest, f0 - b * b / (4.0 * a));
  }
  return highest;
}

MultiPolygon TerrainModel::in_pixels(const MultiPolygon& footprint) const {
  MultiPolygon shape = footprint;
  for (Polygon& polygon : shape) {
    for (Enu2& p : polygon.outer) p = lattice_.to_pixel(p);
    for (Ring& hole : polygon.holes) {
      for (Enu2& p : hole) p = lattice_.to_pixel(p);
    }
  }
  return shape;
}

std::optional<double> TerrainModel::highest_msl_m(const MultiPolygon& footprint) const {
  double highest = -std::numeric_limits<double>::infinity();
  bool outside = false;
  for_each_edge(footprint, [&](const Enu2& a, const Enu2& b) {
    const auto h = highest_on_edge(a, b);
    if (h) {
      highest = std::max(highest, *h);
    } else {
      outside = true;
    }
  });
  if (outside || !std::isfinite(highest)) return std::nullopt;

  // Inside a terrain cell a bilinear surface has no interior maximum, so besides the outline only nodes count.
  const MultiPolygon shape = in_pixels(footprint);
  const Box2 box = bounds(shape);
  const int c0 = std::max(0, static_cast<int>(std::ceil(box.min.x())));
  const int c1 = std::min(columns_ - 1, static_cast<int>(std::floor(box.max.x())));
  const int r0 = std::max(0, static_cast<int>(std::ceil(box.min.y())));
  const int r1 = std::min(rows_ - 1, static_cast<int>(std::floor(box.max.y())));
  for (int r = r0; r <= r1; ++r) {
    for (int c = c0; c <= c1; ++c) {
      if (node(c, r) > highest && contains(shape, Enu2(c, r))) highest = node(c, r);
    }
  }
  return highest;
}

bool TerrainModel::touches_raster(const MultiPolygon& footprint) const {
  return distance_m(in_pixels(footprint), Box2{Enu2(-0.5, -0.5), Enu2(columns_ - 0.5, rows_ - 0.5)}) == 0.0;
}

double TerrainModel::interpolation_error_m(const Enu2& centre_enu, double side_m) const {
  const double half = side_m / 2.0;
  Box2 box;
  for (const Enu2& corner : {Enu2(-half, -half), Enu2(half, -half), Enu2(half, half), Enu2(-half, half)}) {
    box.include(lattice_.to_pixel(centre_enu + corner));
  }
  const int c0 = std::clamp(static_cast<int>(std::floor(box.min.x())), 0, columns_ - 2);
  const int c1 = std::clamp(static_cast<int>(std::floor(box.max.x())), 0, columns_ - 2);
  const int r0 = std::clamp(static_cast<int>(std::floor(box.min.y())), 0, rows_ - 2);
  const int r1 = std::clamp(static_cast<int>(std::floor(box.max.y())), 0, rows_ - 2);
  // The range of both partial derivatives over the part of each terrain cell that the square can reach.
  Box2 gradient;
  for (int r = r0; r <= r1; ++r) {
    for (int c = c0; c <= c1; ++c) {
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
