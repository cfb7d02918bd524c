#include "geo/terrain_under.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace swiftlet::geo {
namespace {

using Pixel = Eigen::Vector2d;

MultiPolygon in_pixels(const PixelLattice& lattice, const MultiPolygon& footprint) {
  MultiPolygon shape = footprint;
  for (Polygon& polygon : shape) {
    for (Enu2& p : polygon.outer) p = lattice.to_pixel(p);
    for (Ring& hole : polygon.holes) {
      for (Enu2& p : hole) p = lattice.to_pixel(p);
    }
  }
  return shape;
}

/// Adds the parameters in (0, 1) at which p + t·step crosses an integer from 0 to last, or the raster's outer edge half
/// a cell beyond them, on either axis.
void add_grid_crossings(const Pixel& p, const Pixel& step, const Enu2& last, std::vector<double>& t) {
  for (int axis = 0; axis < 2; ++axis) {
    if (step[axis] == 0.0) continue;
    const double from = std::max(0.0, std::ceil(std::min(p[axis], p[axis] + step[axis])));
    const double to = std::min(last[axis], std::floor(std::max(p[axis], p[axis] + step[axis])));
    const auto add = [&](double line) {
      const double at = (line - p[axis]) / step[axis];
      if (at > 0.0 && at < 1.0) t.push_back(at);
    };
    for (double line = from; line <= to; line += 1.0) add(line);
    add(-0.5);
    add(last[axis] + 0.5);
  }
}

/// Adds the parameters in (0, 1) at which a-b meets an edge of the footprint.
void add_outline_crossings(const Enu2& a, const Enu2& b, const MultiPolygon& footprint, std::vector<double>& t) {
  const Enu2 d = b - a;
  for_each_edge(footprint, [&](const Enu2& p, const Enu2& q) {
    const Enu2 e = q - p;
    const double turn = d.x() * e.y() - d.y() * e.x();
    if (turn == 0.0) return;
    const Enu2 to_p = p - a;
    const double at = (to_p.x() * e.y() - to_p.y() * e.x()) / turn;
    const double along = (to_p.x() * d.y() - to_p.y() * d.x()) / turn;
    if (at > 0.0 && at < 1.0 && along >= 0.0 && along <= 1.0) t.push_back(at);
  });
}

}  // namespace

TerrainUnder::TerrainUnder(const std::vector<TerrainGrid>& sources, const MultiPolygon& footprint)
    : footprint_(footprint) {
  for (const TerrainGrid& source : sources) {
    Candidate candidate{.grid = &source, .pixels = in_pixels(source.lattice(), footprint), .box = {}};
    candidate.box = bounds(candidate.pixels);
    if (candidate.box.intersects(source.hull().grown(0.51))) candidates_.push_back(std::move(candidate));
  }
  ground_.highest_msl_m = -std::numeric_limits<double>::infinity();
  ground_.lowest_msl_m = std::numeric_limits<double>::infinity();
}

GroundUnder TerrainUnder::find() {
  for_each_edge(footprint_, [&](const Enu2& a, const Enu2& b) { along_footprint_edge(a, b); });
  // Inside a terrain cell a bilinear surface has no extreme, so besides the outline only nodes and rims count.
  for (std::size_t k = 0; k < candidates_.size(); ++k) inside_nodes(k);
  for (std::size_t k = 1; k < candidates_.size(); ++k) along_rim(k);
  return ground_;
}

void TerrainUnder::include(double height_msl_m) {
  ground_.highest_msl_m = std::max(ground_.highest_msl_m, height_msl_m);
  ground_.lowest_msl_m = std::min(ground_.lowest_msl_m, height_msl_m);
}

void TerrainUnder::include_quadratic(double f0, double fm, double f1) {
  include(f0);
  include(f1);
  // Within one terrain cell the height along a line is f0 + b s + a s², s in [0, 1].
  const double a = 2.0 * (f0 + f1 - 2.0 * fm);
  const double b = f1 - f0 - a;
  if (a == 0.0) return;
  const double s = -b / (2.0 * a);
  if (s > 0.0 && s < 1.0) include(f0 - b * b / (4.0 * a));
}

void TerrainUnder::include_along(const Candidate& candidate, const Enu2& a, const Enu2& b, double t0, double t1) {
  const PixelLattice& lattice = candidate.grid->lattice();
  const Pixel p = lattice.to_pixel(a);
  const Pixel step = lattice.to_pixel(b) - p;
  const auto height = [&](double t) { return candidate.grid->height_msl_m(p + t * step); };
  include_quadratic(height(t0), height(0.5 * (t0 + t1)), height(t1));
}

bool TerrainUnder::include_visible(const Enu2& a, const Enu2& b, double t0, double t1, const Candidate* but) {
  bool any = false;
  for (auto candidate = candidates_.rbegin(); candidate != candidates_.rend(); ++candidate) {
    if (&*candidate == but) continue;
    const PixelLattice& lattice = candidate->grid->lattice();
    const Pixel p = lattice.to_pixel(a);
    const Pixel middle = p + 0.5 * (t0 + t1) * (lattice.to_pixel(b) - p);
    const Coverage coverage = candidate->grid->coverage(middle);
    if (coverage == Coverage::none) continue;
    any = true;
    include_along(*candidate, a, b, t0, t1);
    if (coverage == Coverage::interior) break;
  }
  return any;
}

bool TerrainUnder::include_extended(const Enu2& a, const Enu2& b, double t0, double t1) {
  for (auto candidate = candidates_.rbegin(); candidate != candidates_.rend(); ++candidate) {
    const PixelLattice& lattice = candidate->grid->lattice();
    const Pixel p = lattice.to_pixel(a);
    const Pixel step = lattice.to_pixel(b) - p;
    const auto extends = [&](double t) { return candidate->grid->extends_to(p + t * step); };
    if (!extends(t0) || !extends(0.5 * (t0 + t1)) || !extends(t1)) continue;
    include_along(*candidate, a, b, t0, t1);
    return true;
  }
  return false;
}

void TerrainUnder::along_footprint_edge(const Enu2& a, const Enu2& b) {
  cuts_.assign({0.0, 1.0});
  for (const Candidate& candidate : candidates_) {
    const Pixel p = candidate.grid->lattice().to_pixel(a);
    add_grid_crossings(p, candidate.grid->lattice().to_pixel(b) - p, candidate.grid->hull().max, cuts_);
  }
  std::sort(cuts_.begin(), cuts_.end());
  for (std::size_t n = 0; n + 1 < cuts_.size(); ++n) {
    if (cuts_[n] == cuts_[n + 1]) continue;
    if (include_visible(a, b, cuts_[n], cuts_[n + 1], nullptr)) {
      ground_.on_terrain = true;
    } else if (!include_extended(a, b, cuts_[n], cuts_[n + 1])) {
      ground_.beyond = true;
    }
  }
}

bool TerrainUnder::hidden(const Enu2& p_enu, std::size_t k) const {
  return std::any_of(candidates_.begin() + static_cast<std::ptrdiff_t>(k) + 1, candidates_.end(), [&](const auto& c) {
    return c.grid->coverage(c.grid->lattice().to_pixel(p_enu)) == Coverage::interior;
  });
}

bool TerrainUnder::covered(const Enu2& p_enu) const {
  return std::any_of(candidates_.begin(), candidates_.end(), [&](const auto& c) {
    return c.grid->coverage(c.grid->lattice().to_pixel(p_enu)) != Coverage::none;
  });
}

void TerrainUnder::inside_nodes(std::size_t k) {
  const Candidate& candidate = candidates_[k];
  const TerrainGrid& grid = *candidate.grid;
  const bool alone = candidates_.size() == 1 && grid.range().complete;
  const auto index = [](double value, int n) {
    return static_cast<int>(std::clamp(value, -1.0, static_cast<double>(n)));
  };
  const int c0 = std::max(0, index(std::ceil(candidate.box.min.x()), grid.columns()));
  const int c1 = std::min(grid.columns() - 1, index(std::floor(candidate.box.max.x()), grid.columns()));
  const int r0 = std::max(0, index(std::ceil(candidate.box.min.y()), grid.rows()));
  const int r1 = std::min(grid.rows() - 1, index(std::floor(candidate.box.max.y()), grid.rows()));
  for (int r = r0; r <= r1; ++r) {
    for (int c = c0; c <= c1; ++c) {
      const double h = grid.node(c, r);
      const bool within = ground_.on_terrain && h <= ground_.highest_msl_m && h >= ground_.lowest_msl_m;
      if (within || !contains(candidate.pixels, Enu2(c, r))) continue;
      if (!alone) {
        const Enu2 p_enu = grid.lattice().to_local(Pixel(c, r));
        if (!std::isfinite(h) || grid.coverage(Pixel(c, r)) == Coverage::none) {
          if (!covered(p_enu)) ground_.beyond = true;
          continue;
        }
        if (hidden(p_enu, k)) continue;
      }
      ground_.on_terrain = true;
      include(h);
    }
  }
}

void TerrainUnder::along_rim(std::size_t k) {
  const Candidate& candidate = candidates_[k];
  const TerrainGrid& grid = *candidate.grid;
  const auto known = [&](int c, int r) {
    return c >= 0 && r >= 0 && c < grid.columns() - 1 && r < grid.rows() - 1 && grid.known(c, r);
  };
  const TerrainGrid::Squares touched = grid.squares_touching(candidate.box);
  for (int r = touched.r0; r <= touched.r1; ++r) {
    for (int c = touched.c0; c <= touched.c1; ++c) {
      if (!known(c, r)) continue;
      if (!known(c, r - 1)) along_rim_edge(k, Pixel(c, r), Pixel(c + 1, r));
      if (!known(c, r + 1)) along_rim_edge(k, Pixel(c, r + 1), Pixel(c + 1, r + 1));
      if (!known(c - 1, r)) along_rim_edge(k, Pixel(c, r), Pixel(c, r + 1));
      if (!known(c + 1, r)) along_rim_edge(k, Pixel(c + 1, r), Pixel(c + 1, r + 1));
    }
  }
}

/// Where a source that wins ends, what lies under its rim comes into view.
void TerrainUnder::along_rim_edge(std::size_t k, const Pixel& from, const Pixel& to) {
  const PixelLattice& lattice = candidates_[k].grid->lattice();
  const Enu2 a = lattice.to_local(from);
  const Enu2 b = lattice.to_local(to);
  cuts_.assign({0.0, 1.0});
  add_outline_crossings(a, b, footprint_, cuts_);
  for (const Candidate& candidate : candidates_) {
    const Pixel p = candidate.grid->lattice().to_pixel(a);
    add_grid_crossings(p, candidate.grid->lattice().to_pixel(b) - p, candidate.grid->hull().max, cuts_);
  }
  std::sort(cuts_.begin(), cuts_.end());
  for (std::size_t n = 0; n + 1 < cuts_.size(); ++n) {
    const double middle = 0.5 * (cuts_[n] + cuts_[n + 1]);
    if (cuts_[n] == cuts_[n + 1] || !contains(footprint_, a + middle * (b - a))) continue;
    include_visible(a, b, cuts_[n], cuts_[n + 1], &candidates_[k]);
  }
}

}  // namespace swiftlet::geo
