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
/// the tile. Most questions are answered by the upper levels, which therefore lie close together, apart from the lower.
class TileBands {
 public:
  static constexpr int kFirstUpper = 2;

  /// Where levels begin among their like, and where the upper ones end.
  static constexpr std::array<std::uint16_t, TileGrid::kLevels + 2> kFirst = [] {
    std::array<std::uint16_t, TileGrid::kLevels + 2> first{};
    for (std::size_t level = 0; level <= TileGrid::kLevels; ++level) {
      const std::size_t end = first[level] + (std::size_t{1} << (2 * (TileGrid::kLevels - level)));
      first[level + 1] = static_cast<std::uint16_t>(level + 1 == kFirstUpper ? 0 : end);
    }
    return first;
  }();
  struct Upper {
    std::array<HeightBand, kFirst.back()> bands;
    [[nodiscard]] const HeightBand& whole() const { return bands.back(); }
  };
  struct Lower {
    std::array<HeightBand, 5 * (std::size_t{1} << (2 * TileGrid::kLevels - 2))> bands;
  };

  TileBands(const Upper& upper, const Lower& lower) : upper_(upper.bands.data()), lower_(&lower) {}

  [[nodiscard]] const HeightBand& at(int level, int i, int j) const {
    const HeightBand* bands = level >= kFirstUpper ? upper_ : lower_->bands.data();
    return bands[kFirst[static_cast<std::size_t>(level)] + z_order(i, j)];
  }
  /// Whether the leaning floor of the block with this band lies clearly below the level one. It is told by the last bit
  /// of the level one, so that who need not know the plane need not wait for it.
  [[nodiscard]] static bool leans(const HeightBand& band) {
    return (std::bit_cast<std::uint32_t>(band.floor_msl_m) & 1U) != 0;
  }
  /// Of cell n, as ViewTile::cell numbers them.
  [[nodiscard]] const HeightBand& cell(std::size_t n) const { return lower_->bands[n]; }

  /// Fills all levels from level 0; no block leans.
  static void build_levels(Lower& lower, Upper& upper);

 private:
  const HeightBand* upper_;
  const Lower* lower_;
};

/// The leaning floors of a tile's blocks, of the levels that have them: over larger blocks ground is no plane.
struct LeaningFloors {
  static constexpr int kFirstLevel = 1;
  static constexpr int kLastLevel = 3;
  /// Where levels begin, and where the last ends.
  static constexpr std::array<std::size_t, kLastLevel + 2> kFirst{0, 0, 1024, 1024 + 256, 1024 + 256 + 64};

  std::array<LeaningFloor, kFirst.back()> floors;

  [[nodiscard]] static constexpr bool has(int level) { return level >= kFirstLevel && level <= kLastLevel; }
  [[nodiscard]] const LeaningFloor& at(int level, int i, int j) const {
    return floors[kFirst[static_cast<std::size_t>(level)] + z_order(i, j)];
  }
  /// Fills them from the floors of the cells, which are no higher than their bands', and marks the bands that lean.
  void fill(std::span<const FloorPatch> cells, TileBands::Lower& lower, TileBands::Upper& upper);
};

/// What terrain and obstacles alone make of a tile. Floors leave the terrain out: −∞ where no obstacle lifts the floor
/// above it, +∞ where the cell is closed.
struct ViewTile {
  static constexpr std::size_t kCells = std::size_t{TileGrid::kCells} * TileGrid::kCells;
  TileBands::Lower safe;  ///< bands, terrain included
  LeaningFloors leaning;
  std::array<RefinableFloor, kCells> safe_floor;
  std::array<float, kCells> optimistic_floor_msl_m;

  [[nodiscard]] static std::size_t cell(int i, int j) { return z_order(i, j); }
};
static_assert(sizeof(ViewTile) % 64 == 0 && sizeof(TileBands::Upper) % 8 == 0);

}  // namespace swiftlet::geo
