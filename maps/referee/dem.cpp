#include "maps/referee/dem.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::maps::referee {
namespace {

/// What cutting features to the raster's edge may leave over.
constexpr double kEdgeGrace_px = 1e-3;

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

double maximum(const TerrainSpan& span) {
  double best = std::max(span.constant_m, span.constant_m + span.linear_m + span.square_m);
  if (span.square_m < 0.0) {
    const double sigma = -span.linear_m / (2.0 * span.square_m);
    if (sigma > 0.0 && sigma < 1.0) {
      best = std::max(best, span.constant_m + sigma * (span.linear_m + sigma * span.square_m));
    }
  }
  return best;
}

}  // namespace

Dem::Dem(int columns, int rows, std::vector<double> heights_m, std::array<double, 6> pixel_from_crs)
    : columns_(columns),
      rows_(rows),
      heights_m_(std::move(heights_m)),
      pixel_from_crs_(pixel_from_crs),
      crs_from_pixel_(inverse(pixel_from_crs)) {}

Point2 Dem::pixel(Point2 crs) const { return apply(pixel_from_crs_, crs); }
Point2 Dem::crs(Point2 pixel) const { return apply(crs_from_pixel_, pixel); }

bool Dem::in_hull(Point2 pixel, double slack) const {
  return pixel.x >= -slack && pixel.y >= -slack && pixel.x <= columns_ - 1 + slack && pixel.y <= rows_ - 1 + slack;
}

std::optional<double> Dem::height_m(Point2 pixel) const {
  const TerrainSpan here = span(pixel, pixel, 0.0, 1.0);
  return here.known ? std::optional(here.constant_m) : std::nullopt;
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

void Dem::include_edges(const Part& part, GroundUnder& ground, std::vector<TerrainSpan>& spans) const {
  for (const Ring& ring : part.rings) {
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
      const Point2 a = ring[i];
      const Point2 b = ring[i + 1];
      if (!in_hull(a, 0.5 + kEdgeGrace_px)) ground.leaves_raster = true;
      spans.clear();
      walk(a, b, spans);
      for (const TerrainSpan& span : spans) {
        const double middle = 0.5 * (span.from + span.to);
        if (in_hull({a.x + middle * (b.x - a.x), a.y + middle * (b.y - a.y)}, 0.0)) ground.meets_hull = true;
        if (span.known) {
          ground.highest_m = std::max(ground.highest_m, maximum(span));
        } else {
          ground.lacks_data = true;
        }
      }
    }
  }
}

void Dem::include_nodes(const Part& part, GroundUnder& ground) const {
  const Box box = bounds(part);
  const int first = static_cast<int>(std::clamp(std::ceil(box.min_y), 0.0, static_cast<double>(rows_)));
  const int last = static_cast<int>(std::clamp(std::floor(box.max_y), -1.0, rows_ - 1.0));
  std::vector<double> crossings;
  for (int row = first; row <= last; ++row) {
    crossings.clear();
    for (const Ring& ring : part.rings) {
      for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
        const Point2 a = ring[i];
        const Point2 b = ring[i + 1];
        if ((a.y > row) == (b.y > row)) continue;
        crossings.push_back(a.x + (row - a.y) / (b.y - a.y) * (b.x - a.x));
      }
    }
    std::sort(crossings.begin(), crossings.end());
    for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
      const double from = std::max(0.0, std::ceil(crossings[i]));
      const double to = std::min(columns_ - 1.0, std::floor(crossings[i + 1]));
      for (double column = from; column <= to; column += 1.0) {
        ground.meets_hull = true;
        const double height = node(static_cast<int>(column), row);
        if (std::isnan(height)) {
          ground.lacks_data = true;
        } else {
          ground.highest_m = std::max(ground.highest_m, height);
        }
      }
    }
  }
}

GroundUnder Dem::ground_under(const std::vector<Part>& parts_pixel) const {
  GroundUnder ground{.highest_m = -std::numeric_limits<double>::infinity()};
  std::vector<TerrainSpan> spans;
  for (const Part& part : parts_pixel) {
    include_edges(part, ground, spans);
    include_nodes(part, ground);
  }
  return ground;
}

}  // namespace swiftlet::maps::referee
