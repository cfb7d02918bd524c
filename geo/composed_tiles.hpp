#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "geo/view_layers.hpp"
#include "geo/zone_tile.hpp"

namespace swiftlet::geo {

/// The tiles of a view: layers, and over them the tiles that zones cut. A tile is cut when it is first asked for, and
/// shared with older views, so that a change of zones costs only what is asked of the tiles that it touches. To its
/// readers immutable; safe to read from several threads.
///
/// Of a mapped airspace every tile is checked when it is first asked for, with the terrain's bounds over it: a damaged
/// one throws AirspaceDamaged, and none is ever read unchecked.
class ComposedTiles {
 public:
  /// Precondition: the airspace outlives the tiles.
  ComposedTiles(const Airspace& airspace, const Policy& policy, std::shared_ptr<const ViewLayers> layers,
                std::vector<ActiveZone> zones);
  /// Shares every tile with `older` that no zone touches that the two do not have in common. Precondition: the layers
  /// are the same, and the airspace differs from the older one in its zones alone.
  ComposedTiles(const Airspace& airspace, const Policy& policy, std::vector<ActiveZone> zones,
                const ComposedTiles& older);

  struct Tile {
    TileBands bands;
    const ViewTile* layers;
    const ZoneTile* zones;  ///< null where no zone touches the tile
    std::span<const FloorQuad> quads;
    std::span<const std::uint32_t> floating;  ///< obstacles of the airspace that stand beside the floors
  };

  [[nodiscard]] const Tile& at_cell(int i, int j) const {
    return tile(tile_grid_.index(i >> TileGrid::kLevels, j >> TileGrid::kLevels));
  }
  /// The band of a block: level 0 are the cells.
  [[nodiscard]] const HeightBand& band(int level, int i, int j) const {
    if (level > TileGrid::kLevels) return above_.at(level - TileGrid::kLevels, i, j);
    const int up = TileGrid::kLevels - level;
    const int mask = (1 << up) - 1;
    return tile(tile_grid_.index(i >> up, j >> up)).bands.at(level, i & mask, j & mask);
  }
  /// The leaning floor of a block that leans.
  [[nodiscard]] const LeaningFloor& leaning(int level, int i, int j) const {
    const int up = TileGrid::kLevels - level;
    const int mask = (1 << up) - 1;
    return tile(tile_grid_.index(i >> up, j >> up)).bands.leaning(level, i & mask, j & mask);
  }
  [[nodiscard]] int top_level() const { return TileGrid::kLevels + above_.top_level(); }

  [[nodiscard]] const Airspace& airspace() const { return airspace_; }
  [[nodiscard]] const GridFrame& grid() const { return airspace_.bounds.grid(); }
  [[nodiscard]] const Policy& policy() const { return policy_; }
  [[nodiscard]] const std::shared_ptr<const ViewLayers>& layers() const { return layers_; }
  [[nodiscard]] const std::vector<ActiveZone>& zones() const { return zones_; }

 private:
  /// A tile that zones touch: cut once, by whichever view of those that share it is asked for it first.
  struct CutTile {
    std::once_flag once;
    std::unique_ptr<const ZoneTile> tile;
  };
  /// Which tiles are known to be sound and cut.
  struct Readiness {
    explicit Readiness(std::size_t count) : ready(count) {}
    std::mutex mutex;  ///< of those who make tiles ready
    std::vector<std::atomic<bool>> ready;
  };
  void lay_out(const std::vector<bool>& stale);
  void mark(const ActiveZone& zone, std::vector<bool>& tiles) const;
  [[nodiscard]] const Tile& tile(std::size_t n) const {
    if (readiness_ && !readiness_->ready[n].load(std::memory_order_acquire)) make_ready(n);
    return tiles_[n];
  }
  /// Makes sure that a tile is sound, and the terrain's bounds over it, and cuts it. Throws AirspaceDamaged.
  void make_ready(std::size_t n) const;
  void check(std::size_t n) const;
  [[nodiscard]] const ZoneTile* cut(std::size_t n) const;

  const Airspace& airspace_;
  Policy policy_;
  std::shared_ptr<const ViewLayers> layers_;
  std::vector<ActiveZone> zones_;
  TileGrid tile_grid_;
  std::vector<std::shared_ptr<CutTile>> cut_tiles_;  ///< one a tile, null where no zone touches it
  BandPyramid above_;                                ///< tiles that zones touch are closed in it: ask the tile itself
  mutable std::vector<Tile> tiles_;                  ///< each is settled before it is ready
  std::unique_ptr<Readiness> readiness_;             ///< null where all are ready from the beginning
};

}  // namespace swiftlet::geo
