#include "geo/terrain.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "geo/terrain_under.hpp"

namespace swiftlet::geo {
namespace {

Box2 pixels_of(const PixelLattice& lattice, const Box2& square) {
  Box2 pixels;
  for (const Enu2& corner :
       {square.min, Enu2(square.max.x(), square.min.y()), Enu2(square.min.x(), square.max.y()), square.max}) {
    pixels.include(lattice.to_pixel(corner));
  }
  return pixels;
}

template <class Visit>
void for_each_known(const TerrainGrid& source, const Box2& pixels, Visit&& visit) {
  const TerrainGrid::Squares touched = source.squares_touching(pixels);
  for (int r = touched.r0; r <= touched.r1; ++r) {
    for (int c = touched.c0; c <= touched.c1; ++c) {
      if (source.known(c, r)) visit(c, r);
    }
  }
}

/// How much of the box is known.
struct Known {
  bool any = false;
  bool all = false;
};

Known known_squares(const TerrainGrid& source, const Box2& pixels) {
  constexpr double kGrace_px = 1e-9;  // a square given on the hull itself is not lost to rounding
  if (!pixels.intersects(source.hull())) return {};
  const TerrainGrid::Squares touched = source.squares_touching(pixels);
  const Box2 hull = source.hull().grown(kGrace_px);
  const bool inside = hull.contains(pixels.min) && hull.contains(pixels.max);
  if (source.range().complete) return {.any = !touched.empty(), .all = inside};
  long known = 0;
  for_each_known(source, pixels, [&](int, int) { ++known; });
  const long all = static_cast<long>(touched.c1 - touched.c0 + 1) * (touched.r1 - touched.r0 + 1);
  return {.any = known > 0, .all = inside && known == all};
}

}  // namespace

TerrainModel::TerrainModel(std::vector<TerrainGrid> sources) : sources_(std::move(sources)) {
  for (const TerrainGrid& source : sources_) {
    lowest_msl_m_ = std::min(lowest_msl_m_, source.range().lowest_msl_m);
    highest_msl_m_ = std::max(highest_msl_m_, source.range().highest_msl_m);
  }
}

TerrainModel::TerrainModel(PixelLattice lattice, int columns, int rows, FlatArray<float> heights_msl_m)
    : TerrainModel(std::vector{TerrainGrid(std::move(lattice), columns, rows, std::move(heights_msl_m))}) {}

std::optional<double> TerrainModel::height_msl_m(const Enu2& p_enu) const {
  for (auto source = sources_.rbegin(); source != sources_.rend(); ++source) {
    const Eigen::Vector2d pixel = source->lattice().to_pixel(p_enu);
    if (source->coverage(pixel) != Coverage::none) return source->height_msl_m(pixel);
  }
  return std::nullopt;
}

GroundUnder TerrainModel::ground_under(const MultiPolygon& footprint) const {
  return TerrainUnder(sources_, footprint).find();
}

std::optional<SquareBounds> TerrainModel::bounds_over(const Box2& square) const {
  double highest = -std::numeric_limits<double>::infinity();
  double lowest = std::numeric_limits<double>::infinity();
  bool stepped = false;  // a source that wins ends inside the square
  for (auto source = sources_.rbegin(); source != sources_.rend(); ++source) {
    const Box2 pixels = pixels_of(source->lattice(), square);
    const Known known = known_squares(*source, pixels);
    if (!known.any) continue;
    SquareBounds out{};
    if (known.all && !stepped) {
      const double error = source->interpolation_error_m(pixels);
      const std::array corners{square.min, Enu2(square.max.x(), square.min.y()), Enu2(square.min.x(), square.max.y()),
                               square.max};
      for (std::size_t k = 0; k < corners.size(); ++k) {
        const double h = source->height_msl_m(source->lattice().to_pixel(corners[k]));
        out.hi_msl_m[k] = h + error;
        out.lo_msl_m[k] = h - error;
      }
      return out;
    }
    stepped = true;
    for_each_known(*source, pixels, [&](int c, int r) {
      for (const double h :
           {source->node(c, r), source->node(c + 1, r), source->node(c, r + 1), source->node(c + 1, r + 1)}) {
        highest = std::max(highest, h);
        lowest = std::min(lowest, h);
      }
    });
    if (!known.all) continue;
    out.hi_msl_m.fill(highest);
    out.lo_msl_m.fill(lowest);
    return out;
  }
  return std::nullopt;
}

bool TerrainModel::may_touch(const Box2& square) const {
  return std::any_of(sources_.begin(), sources_.end(), [&](const TerrainGrid& source) {
    return known_squares(source, pixels_of(source.lattice(), square)).any;
  });
}

}  // namespace swiftlet::geo
