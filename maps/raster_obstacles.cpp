#include "maps/raster_obstacles.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

namespace swiftlet::maps {
namespace {

using Pixel = Eigen::Vector2d;

constexpr double kLongest_m = 100.0;  ///< of a prism: so far the edges of pixels are straight in any projection of use
constexpr double kStraight_m = 50.0;  ///< of an edge of a single pixel

/// A block of pixels with one top.
struct Block {
  int c0, c1, r0, r1;
  double top_msl_m;
};

/// The outline of a block in the local frame.
geo::Ring outline(const geo::PixelLattice& lattice, const Block& block) {
  const std::array corners{Pixel(block.c0 - 0.5, block.r0 - 0.5), Pixel(block.c1 + 0.5, block.r0 - 0.5),
                           Pixel(block.c1 + 0.5, block.r1 + 0.5), Pixel(block.c0 - 0.5, block.r1 + 0.5)};
  std::array<geo::Enu2, 4> at;
  for (std::size_t k = 0; k < 4; ++k) at[k] = lattice.to_local(corners[k]);
  geo::Ring ring;
  for (std::size_t k = 0; k < 4; ++k) {
    const std::size_t next = (k + 1) % 4;
    ring.push_back(at[k]);
    const double pieces =
        (at[next] - at[k]).norm() <= kLongest_m ? 1.0 : std::ceil((at[next] - at[k]).norm() / kStraight_m);
    for (double n = 1.0; n < pieces; n += 1.0) {
      ring.push_back(lattice.to_local(corners[k] + n / pieces * (corners[next] - corners[k])));
    }
  }
  return ring;
}

/// Joins neighbours of equal top, row by row, and gives out the blocks as obstacles.
class BlockBuilder {
 public:
  BlockBuilder(const geo::TerrainGrid& grid, std::string kind, std::vector<geo::Obstacle>& out)
      : grid_(grid), kind_(std::move(kind)), out_(out) {
    const Pixel middle(0.5 * grid.columns(), 0.5 * grid.rows());
    const geo::Enu2 here = grid.lattice().to_local(middle);
    const auto most = [&](const Pixel& step) {
      const double side_m = (grid.lattice().to_local(middle + step) - here).norm();
      return std::max(1, static_cast<int>(kLongest_m / side_m));
    };
    most_columns_ = most(Pixel(1, 0));
    most_rows_ = most(Pixel(0, 1));
  }

  /// Takes the tops of the next row; NaN where nothing stands.
  void add_row(int row, const std::vector<double>& tops_msl_m) {
    std::map<int, Block> open;
    const int columns = static_cast<int>(tops_msl_m.size());
    for (int c = 0; c < columns;) {
      const double top = tops_msl_m[static_cast<std::size_t>(c)];
      if (std::isnan(top)) {
        ++c;
        continue;
      }
      int end = c + 1;
      while (end < columns && end - c < most_columns_ && tops_msl_m[static_cast<std::size_t>(end)] == top) ++end;
      open.emplace(c, extended({c, end - 1, row, row, top}));
      c = end;
    }
    finish();
    open_ = std::move(open);
  }

  void finish() {
    for (const auto& [column, block] : open_) emit(block);
    open_.clear();
  }

 private:
  Block extended(const Block& run) {
    const auto above = open_.find(run.c0);
    if (above == open_.end()) return run;
    const Block& block = above->second;
    if (block.c1 != run.c1 || block.top_msl_m != run.top_msl_m || run.r1 - block.r0 >= most_rows_) return run;
    const Block joined{run.c0, run.c1, block.r0, run.r1, run.top_msl_m};
    open_.erase(above);
    return joined;
  }

  void emit(const Block& block) {
    geo::Obstacle obstacle;
    obstacle.id = fmt::format("{},{}", block.c0, block.r0);
    obstacle.kind = kind_;
    obstacle.footprint = {{outline(grid_.lattice(), block), {}}};
    obstacle.top_msl_m = block.top_msl_m;
    obstacle.box = geo::bounds(obstacle.footprint);
    out_.push_back(std::move(obstacle));
  }

  const geo::TerrainGrid& grid_;
  std::string kind_;
  std::vector<geo::Obstacle>& out_;
  int most_columns_ = 1;
  int most_rows_ = 1;
  std::map<int, Block> open_;  ///< those that reach the last row, by first column
};

/// Makes prisms of all pixels that `top_of(column, row, ground)` gives a top. `candidate` tells pixels that need no
/// ground to be left out.
template <class Candidate, class TopOf>
RasterObstacles build(const geo::TerrainGrid& grid, const geo::TerrainModel& terrain, const std::string& kind,
                      Candidate&& candidate, TopOf&& top_of) {
  RasterObstacles out;
  BlockBuilder blocks(grid, kind, out.obstacles);
  std::vector<double> tops(static_cast<std::size_t>(grid.columns()));
  for (int r = 0; r < grid.rows(); ++r) {
    for (int c = 0; c < grid.columns(); ++c) {
      double& top = tops[static_cast<std::size_t>(c)];
      top = std::numeric_limits<double>::quiet_NaN();
      if (!std::isfinite(grid.node(c, r))) ++out.unknown;
      if (!candidate(c, r)) continue;
      const geo::GroundUnder ground = terrain.ground_under({{outline(grid.lattice(), {c, c, r, r, 0.0}), {}}});
      if (!ground.on_terrain) {
        ++out.ignored_outside;
        continue;
      }
      if (const std::optional<double> here = top_of(c, r, ground)) {
        top = *here;
        ++out.pixels;
      }
    }
    blocks.add_row(r, tops);
  }
  blocks.finish();
  return out;
}

/// Whether a later model holds data in every one of its pixels that the square of this cell touches.
bool left_to(const geo::TerrainGrid& later, const geo::TerrainGrid& grid, int c, int r) {
  constexpr double kShrunk_px = 1e-6;  // squares of the same grid do not touch their neighbours
  geo::Box2 box;
  for (const geo::Enu2& corner : outline(grid.lattice(), {c, c, r, r, 0.0})) {
    box.include(later.lattice().to_pixel(corner));
  }
  // The pixels whose squares meet the box, by their centres.
  const double c0 = std::floor(box.min.x() + kShrunk_px + 0.5);
  const double c1 = std::floor(box.max.x() - kShrunk_px + 0.5);
  const double r0 = std::floor(box.min.y() + kShrunk_px + 0.5);
  const double r1 = std::floor(box.max.y() - kShrunk_px + 0.5);
  if (!(c0 >= 0.0 && r0 >= 0.0 && c1 < later.columns() && r1 < later.rows())) return false;
  for (int b = static_cast<int>(r0); b <= static_cast<int>(r1); ++b) {
    for (int a = static_cast<int>(c0); a <= static_cast<int>(c1); ++a) {
      if (!std::isfinite(later.node(a, b))) return false;
    }
  }
  return true;
}

}  // namespace

Expected<RasterObstacles> read_raster_obstacles(const ObstacleSource& source, const geo::LocalFrame& frame,
                                                const geo::TerrainModel& terrain) {
  const auto raster = read_terrain(source.path, source.nodata);
  if (!raster) return Unexpected(raster.error());
  constexpr float kHighest_m = 2000.0F;
  for (std::size_t n = 0; n < raster->heights_msl_m.size(); ++n) {
    const float h = raster->heights_msl_m[n];
    if (!(h > kHighest_m)) continue;
    return fail(ErrorCode::raster_value_invalid,
                fmt::format("the pixel in column {}, row {} is {} m high; a height above the ground is at most {} m",
                            n % static_cast<std::size_t>(raster->columns),
                            n / static_cast<std::size_t>(raster->columns), h, kHighest_m),
                source.path.string());
  }
  const auto grid = to_grid(*raster, frame);
  if (!grid)
    return Unexpected(Error{.code = grid.error().code, .message = grid.error().message, .where = source.path.string()});
  return build(
      *grid, terrain, source.kind, [&](int c, int r) { return grid->node(c, r) > source.min_height_m; },
      [&](int c, int r, const geo::GroundUnder& ground) {
        return std::optional(ground.highest_msl_m + grid->node(c, r));
      });
}

RasterObstacles surface_obstacles(const std::vector<Surface>& surfaces, std::size_t k,
                                  const geo::TerrainModel& terrain) {
  const Surface& surface = surfaces[k];
  return build(
      surface.grid, terrain, "surface",
      [&](int c, int r) {
        return std::isfinite(surface.grid.node(c, r)) &&
               std::none_of(surfaces.begin() + static_cast<std::ptrdiff_t>(k) + 1, surfaces.end(),
                            [&](const Surface& later) { return left_to(later.grid, surface.grid, c, r); });
      },
      [&](int c, int r, const geo::GroundUnder& ground) -> std::optional<double> {
        const double top = surface.grid.node(c, r);
        return top > ground.highest_msl_m + surface.min_height_m ? std::optional(top) : std::nullopt;
      });
}

}  // namespace swiftlet::maps
