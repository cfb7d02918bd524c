#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "geo/height_band.hpp"
#include "geo/leaning_floor.hpp"
#include "geo/terrain_bounds.hpp"
#include "geo/z_order.hpp"

namespace swiftlet::geo {

/// Tiles of 64 × 64 cells over a view's grid, numbered row by row from the south-west.
struct TileGrid {
  static constexpr int kLevels = 6;  ///< a tile is 2^kLevels cells wide
  static constexpr int kCells = 1 << kLevels;

  int nx = 0;
  int ny = 0;

  explicit TileGrid(const GridFrame& grid) : nx((grid.nx + kCells - 1) / kCells), ny((grid.ny + kCells - 1) / kCells) {}
  [[nodiscard]] std::size_t count() const { return static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny); }
  [[nodiscard]] std::size_t index(int ti, int tj) const {
    return static_cast<std::size_t>(tj) * static_cast<std::size_t>(nx) + static_cast<std::size_t>(ti);
  }
};

/// A floor above the datum, or the number of the quad that refines it.
class RefinableFloor {
 public:
  RefinableFloor() = default;
  explicit RefinableFloor(float floor_msl_m) : bits_(std::bit_cast<std::uint32_t>(floor_msl_m)) {}
  [[nodiscard]] static RefinableFloor refined_by(std::uint32_t quad) {
    RefinableFloor floor;
    floor.bits_ = kRefined | quad;
    return floor;
  }
  /// Most quads a tile can have, all cells refined to a quarter metre, are fewer than fit.
  [[nodiscard]] bool is_refined() const { return (bits_ & kRefined) == kRefined; }
  [[nodiscard]] std::uint32_t quad() const { return bits_ & ~kRefined; }
  [[nodiscard]] float msl_m() const { return std::bit_cast<float>(bits_); }

 private:
  static constexpr std::uint32_t kRefined = 0x7FC00000U;  ///< quiet NaNs: no floor is one
  std::uint32_t bits_ = std::bit_cast<std::uint32_t>(-std::numeric_limits<float>::infinity());
};

/// The quarters of a square that is refined: south-west, south-east, north-west, north-east.
struct FloorQuad {
  std::array<RefinableFloor, 4> safe;
  std::array<float, 4> optimistic_msl_m;  ///< of a refined quarter: the lowest in it
};

/// A quadtree of bands over a tile's cells: a block's floor is the highest of its cells' floors, its ceiling the lowest
/// of their ceilings, so that what is free in the block's band is free in every cell of it (maximum mipmaps, Tevs,
/// Ihrke and Seidel 2008). Level 0 are the cells; level kLevels is the tile. Block (i, j) of a level is counted within
/// the tile. Most questions are answered by the upper levels, which therefore lie close together, apart from the lower;
/// and a block lies beside its leaning floor, because a question waits for memory more than it computes.
class TileBands {
 public:
  static constexpr int kFirstUpper = 2;
  /// Blocks from the first level to this one may lean: over larger ones ground is no plane.
  static constexpr int kLastLeaning = 3;

  struct Block {
    HeightBand band;
    LeaningFloor leaning;
  };
  struct Upper {
    std::array<Block, 344> blocks;  ///< of which the last three fill a cache line and mean nothing
    [[nodiscard]] const HeightBand& whole() const { return blocks[kFirst[TileGrid::kLevels]].band; }
  };
  struct Lower {
    std::array<HeightBand, std::size_t{1} << (2 * TileGrid::kLevels)> cells;
    std::array<Block, std::size_t{1} << (2 * TileGrid::kLevels - 2)> blocks;
  };

  TileBands(const Upper& upper, const Lower& lower) : upper_(upper.blocks.data()), lower_(&lower) {}

  [[nodiscard]] const HeightBand& at(int level, int i, int j) const {
    return level == 0 ? lower_->cells[z_order(i, j)] : block(level, i, j).band;
  }
  /// Whether the leaning floor of the block with this band lies clearly below the level one. It is told by the last bit
  /// of the level one, so that who need not look at the plane need not.
  [[nodiscard]] static bool leans(const HeightBand& band) {
    return (std::bit_cast<std::uint32_t>(band.floor_msl_m) & 1U) != 0;
  }
  /// Of a block that leans.
  [[nodiscard]] const LeaningFloor& leaning(int level, int i, int j) const { return block(level, i, j).leaning; }
  /// Of cell n, as ViewTile::cell numbers them.
  [[nodiscard]] const HeightBand& cell(std::size_t n) const { return lower_->cells[n]; }

  /// Fills all levels from level 0; no block leans.
  static void build_levels(Lower& lower, Upper& upper);
  /// Then: lets blocks lean, by the floors of the cells, which are no higher than their bands'.
  static void lean(Lower& lower, Upper& upper, std::span<const FloorPatch> cells);

 private:
  /// Where levels above the cells begin among their like.
  static constexpr std::array<std::size_t, TileGrid::kLevels + 1> kFirst{0, 0, 0, 256, 320, 336, 340};

  /// The blocks of a level above the cells, along the Z-curve.
  [[nodiscard]] static std::span<Block> of_level(std::size_t level, Lower& lower, Upper& upper);
  [[nodiscard]] const Block& block(int level, int i, int j) const {
    const Block* blocks = level >= kFirstUpper ? upper_ : lower_->blocks.data();
    return blocks[kFirst[static_cast<std::size_t>(level)] + z_order(i, j)];
  }

  const Block* upper_;
  const Lower* lower_;
};

/// What terrain and obstacles alone make of a tile. Floors leave the terrain out: −∞ where no obstacle lifts the floor
/// above it, +∞ where the cell is closed.
struct ViewTile {
  static constexpr std::size_t kCells = std::size_t{TileGrid::kCells} * TileGrid::kCells;
  TileBands::Lower safe;  ///< bands, terrain included
  std::array<RefinableFloor, kCells> safe_floor;
  std::array<float, kCells> optimistic_floor_msl_m;

  [[nodiscard]] static std::size_t cell(int i, int j) { return z_order(i, j); }
};
static_assert(sizeof(ViewTile) % 64 == 0 && sizeof(TileBands::Upper) % 64 == 0 && sizeof(TileBands::Block) == 16);

}  // namespace swiftlet::geo
