#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "maps/referee/dem.hpp"
#include "maps/referee/reprojection.hpp"

namespace swiftlet::maps::referee {

/// The extremes of the terrain on a footprint, and how the footprint lies to the terrain.
struct GroundUnder {
  double highest_m = -std::numeric_limits<double>::infinity();
  double lowest_m = std::numeric_limits<double>::infinity();
  bool meets_hull = false;      ///< any of it on known terrain
  bool leaves_terrain = false;  ///< any of it further than half a pixel beyond it
};

/// All terrain rasters of a region: at a place, the last one that knows it is the terrain. Where a raster that wins
/// ends over another the terrain steps, and both heights count there.
class Terrain {
 public:
  struct Source {
    Dem dem;
    Crs crs;
    double pixel_m;  ///< the shorter side of a pixel, roughly
  };
  explicit Terrain(std::vector<Source> sources);

  [[nodiscard]] const std::vector<Source>& sources() const { return sources_; }

  /// Places are given in the pixel coordinates of every source, in order.
  using Pixels = std::span<const Point2>;

  /// Nothing where no source knows the place, up to the tolerance.
  [[nodiscard]] std::optional<double> height_m(Pixels place) const;
  /// The terrain along a straight piece; what no source knows is told as unknown.
  void walk(Pixels a, Pixels b, std::vector<TerrainSpan>& out) const;

  /// The same footprint in the pixel coordinates of each source. Exact: nodes inside, and closed forms along edges and
  /// rims. Not for two threads at once.
  [[nodiscard]] GroundUnder ground_under(const std::vector<std::vector<Part>>& footprint) const;

 private:
  using Visit = std::function<void(const TerrainSpan&)>;
  std::vector<Interval> visit_visible(Pixels a, Pixels b, double slack_m, std::size_t skip, const Visit& visit) const;
  [[nodiscard]] bool visit_beside(Pixels a, Pixels b, Interval stretch, const Visit& visit) const;
  [[nodiscard]] std::vector<Interval> cut_at_edges(Pixels a, Pixels b, Interval stretch) const;
  void include_edges(const std::vector<std::vector<Part>>& footprint, std::size_t part, GroundUnder& ground) const;
  void include_nodes(std::size_t source, const Part& part, GroundUnder& ground) const;
  void include_rim(std::size_t source, const Part& part, GroundUnder& ground) const;
  [[nodiscard]] std::vector<Point2> elsewhere(std::size_t source, Point2 pixel) const;

  std::vector<Source> sources_;
  std::vector<std::vector<std::optional<Reprojection>>> between_;  ///< from the system of one source to another's
};

}  // namespace swiftlet::maps::referee
