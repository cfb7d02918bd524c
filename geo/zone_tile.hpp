#pragma once

#include <array>
#include <span>

#include "geo/airspace.hpp"
#include "geo/cover_mask.hpp"
#include "geo/view_tile.hpp"

namespace swiftlet::geo {

/// A zone that blocks at some instant of a view's interval.
struct ActiveZone {
  const Geozone* zone;
  bool throughout;  ///< active during the whole interval: what a proof of absence may rest on
};

/// Whether two zones cut floors and ceilings alike, whatever their names.
[[nodiscard]] bool cuts_alike(const ActiveZone& a, const ActiveZone& b);

/// What zones do to a tile. They bind a cell as a whole: a band that a zone lies in the middle of is cut from above or,
/// where that leaves nothing, from below, or closed.
struct ZoneTile {
  TileBands::Upper upper;  ///< of terrain, obstacles and zones
  TileBands::Lower safe;
  std::array<HeightBand, ViewTile::kCells> limits;               ///< of zones alone, proven: safe to stay within
  std::array<float, ViewTile::kCells> optimistic_ceiling_msl_m;  ///< of zones alone: nothing above it can be free
};

/// Fills a tile's zones, in their order. One a thread.
class ZoneTileBuilder {
 public:
  ZoneTileBuilder(const Airspace& airspace, const Policy& policy) : airspace_(airspace), policy_(policy) {}

  /// Lowest and highest terrain over a cell.
  struct Range {
    double lo;
    double hi;
  };

  void build(int ti, int tj, const ViewTile& tile, std::span<const ActiveZone> zones, ZoneTile& out);

 private:
  void cut_safe(int i0, int j0, const ViewTile& tile, const Geozone& zone, ZoneTile& out);
  [[nodiscard]] HeightBand above_or_below(const Geozone& zone, float lower_msl_m, const Range& terrain,
                                          const HeightBand& band, float refined_floor_msl_m) const;
  void cut_optimistic(int i0, int j0, const ViewTile& tile, const Geozone& zone, ZoneTile& out);

  const Airspace& airspace_;
  const Policy& policy_;
  CoverMask mask_;
};

/// How far beyond its bounds a zone may touch cells.
[[nodiscard]] double zone_reach_m(const Policy& policy);

}  // namespace swiftlet::geo
