#include "maps/referee/dem.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::maps::referee {
namespace {

/// The inverse of x' = m0 + m1 x + m2 y, y' = m3 + m4 x + m5 y. Precondition: invertible.
std::array<double, 6> inverse(const std::array<double, 6>& m) {
  const double det = m[1] * m[5] - m[2] * m[4];
  const double xx = m[5] / det;
  const double xy = -m[2] / det;
  const double yx = -m[4] / det;
  const double yy = m[1] / det;
  return {-xx * m[0] - xy * m[3], xx, xy, -yx * m[0] - yy * m[3], yx, yy};
}

Point2 apply(const std::array<double, 6>& m, Point2 p) {
  return {m[0] + m[1] * p.x + m[2] * p.y, m[3] + m[4] * p.x + m[5] * p.y};
}

/// Adds the fractions of a..b at which it takes an integer value from 0 to last.
void add_crossings(double a, double b, int last, std::vector<double>& cuts) {
  if (a == b) return;
  const double lo = std::max(0.0, std::ceil(std::min(a, b)));
  const double hi = std::min(static_cast<double>(last), std::floor(std::max(a, b)));
  for (double k = lo; k <= hi; k += 1.0) {
    const double s = (k - a) / (b - a);
    if (s > 0.0 && s < 1.0) cuts.push_back(s);
  }
}

}  // namespace

Dem::Dem(int columns, int rows, std::vector<double> heights_m, std::array<double, 6> pixel_from_crs)
    : columns_(columns),
      rows_(rows),
      heights_m_(std::move(heights_m)),
      complete_(std::none_of(heights_m_.begin(), heights_m_.end(), [](double h) { return std::isnan(h); })),
      pixel_from_crs_(pixel_from_crs),
      crs_from_pixel_(inverse(pixel_from_crs)) {}

Point2 Dem::pixel(Point2 crs) const { return apply(pixel_from_crs_, crs); }
Point2 Dem::crs(Point2 pixel) const { return apply(crs_from_pixel_, pixel); }

bool Dem::in_hull(Point2 pixel, double slack) const {
  return pixel.x >= -slack && pixel.y >= -slack && pixel.x <= columns_ - 1 + slack && pixel.y <= rows_ - 1 + slack;
}

bool Dem::square_known(int column, int row) const {
  if (column < 0 || row < 0 || column > columns_ - 2 || row > rows_ - 2) return false;
  return !std::isnan(node(column, row) + node(column + 1, row) + node(column, row + 1) + node(column + 1, row + 1));
}

/// Calls test(known, column, row) for every square that comes within slack of the place, those off the raster included.
template <class Test>
void Dem::each_square_near(Point2 pixel, double slack, Test&& test) const {
  const auto clamped = [](double value, int n) { return static_cast<int>(std::clamp(value, -2.0, n + 1.0)); };
  const int c0 = clamped(std::ceil(pixel.x - slack) - 1.0, columns_);
  const int c1 = clamped(std::floor(pixel.x + slack), columns_);
  const int r0 = clamped(std::ceil(pixel.y - slack) - 1.0, rows_);
  const int r1 = clamped(std::floor(pixel.y + slack), rows_);
  for (int r = r0; r <= r1; ++r) {
    for (int c = c0; c <= c1; ++c) test(square_known(c, r), c, r);
  }
}

bool Dem::knows(Point2 pixel, double slack) const {
  bool any = false;
  each_square_near(pixel, slack, [&](bool known, int, int) { any = any || known; });
  return any;
}

bool Dem::knows_all_around(Point2 pixel, double slack) const {
  bool all = true;
  each_square_near(pixel, slack, [&](bool known, int, int) { all = all && known; });
  return all;
}

double Dem::height_m(Point2 pixel, double slack) const {
  double height = span(pixel, pixel, 0.0, 1.0).constant_m;
  if (!std::isnan(height)) return height;
  each_square_near(pixel, slack, [&](bool known, int c, int r) {
    if (!known) return;
    const double u = std::clamp(pixel.x - c, 0.0, 1.0);
    const double v = std::clamp(pixel.y - r, 0.0, 1.0);
    height = (1.0 - v) * ((1.0 - u) * node(c, r) + u * node(c + 1, r)) +
             v * ((1.0 - u) * node(c, r + 1) + u * node(c + 1, r + 1));
  });
  return height;
}

TerrainSpan Dem::span(Point2 a_pixel, Point2 b_pixel, double from, double to) const {
  const auto at = [&](double s) {
    return Point2{std::clamp(a_pixel.x + s * (b_pixel.x - a_pixel.x), 0.0, columns_ - 1.0),
                  std::clamp(a_pixel.y + s * (b_pixel.y - a_pixel.y), 0.0, rows_ - 1.0)};
  };
  const Point2 p = at(from);
  const Point2 q = at(to);
  const Point2 middle = at(0.5 * (from + to));
  const int column = std::min(static_cast<int>(middle.x), columns_ - 2);
  const int row = std::min(static_cast<int>(middle.y), rows_ - 2);
  const double u = p.x - column;
  const double v = p.y - row;
  const double du = q.x - p.x;
  const double dv = q.y - p.y;
  const double h = node(column, row);
  const double hu = node(column + 1, row) - h;
  const double hv = node(column, row + 1) - h;
  const double huv = node(column + 1, row + 1) - h - hu - hv;
  return {.from = from,
          .to = to,
          .constant_m = h + hu * u + hv * v + huv * u * v,
          .linear_m = hu * du + hv * dv + huv * (u * dv + v * du),
          .square_m = huv * du * dv,
          .known = std::isfinite(h + hu + hv + huv)};
}

void Dem::walk(Point2 a_pixel, Point2 b_pixel, std::vector<TerrainSpan>& out) const {
  thread_local std::vector<double> cuts;
  cuts.assign({0.0, 1.0});
  add_crossings(a_pixel.x, b_pixel.x, columns_ - 1, cuts);
  add_crossings(a_pixel.y, b_pixel.y, rows_ - 1, cuts);
  std::sort(cuts.begin(), cuts.end());
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    if (cuts[i] < cuts[i + 1]) out.push_back(span(a_pixel, b_pixel, cuts[i], cuts[i + 1]));
  }
}

double highest_m(const TerrainSpan& span) {
  double best = std::max(span.constant_m, span.constant_m + span.linear_m + span.square_m);
  if (span.square_m < 0.0) {
    const double sigma = -span.linear_m / (2.0 * span.square_m);
    if (sigma > 0.0 && sigma < 1.0) {
      best = std::max(best, span.constant_m + sigma * (span.linear_m + sigma * span.square_m));
    }
  }
  return best;
}

double lowest_m(const TerrainSpan& span) {
  return -highest_m({.constant_m = -span.constant_m, .linear_m = -span.linear_m, .square_m = -span.square_m});
}

}  // namespace swiftlet::maps::referee
