#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "geo/airspace.hpp"
#include "geo/band_pyramid.hpp"
#include "geo/flat_array.hpp"
#include "geo/floating_obstacles.hpp"
#include "geo/obstacle_index.hpp"
#include "geo/view_tile.hpp"

namespace swiftlet::geo {

/// The lasting part of an AirspaceView: what terrain and obstacles alone do to one policy's band, zones left out. Plain
/// flat arrays, so that it can be written to disk beside a compiled airspace and mapped back. Immutable; shared by all
/// views of the policy whatever their interval and zones.
class ViewLayers {
 public:
  /// Counts up with every change of what the arrays mean: arrays of another layout are not to be adopted.
  static constexpr std::uint32_t kLayout = 6;

  struct NamedArray {
    std::string_view name;  ///< of static storage
    std::span<const std::byte> bytes;
    std::shared_ptr<const SealedBytes> seal = nullptr;  ///< of these bytes, where they lie in a mapped file
  };

  /// Derives the layers of a policy on that many threads. Deterministic: the same bytes on every call, whatever the
  /// number of threads. Obstacles are found by the index of the airspace's own layers, where it has any.
  [[nodiscard]] static std::shared_ptr<const ViewLayers> derive(const Airspace& airspace, const Policy& policy,
                                                                unsigned threads = 2);

  /// Takes over arrays as arrays() gave them for the same airspace and policy, without copying them; `owner` keeps
  /// their memory alive. Precondition: kLayout is what it was, and the bytes are those that were written: arrays with a
  /// seal are checked when they are first touched, others the caller has checked. Throws AirspaceDamaged. Errors:
  /// airspace_damaged where a name is missing, a size does not fit, memory is not aligned to 8 bytes, or the arrays are
  /// of another policy.
  [[nodiscard]] static Expected<std::shared_ptr<const ViewLayers>> adopt(const Airspace& airspace, const Policy& policy,
                                                                         std::span<const NamedArray> arrays,
                                                                         const std::shared_ptr<const void>& owner);

  /// Everything to be kept, in the order it should lie on disk. Valid as long as the layers.
  [[nodiscard]] std::vector<NamedArray> arrays() const;

  /// The fields of a policy that its layers depend on: the array "policy".
  [[nodiscard]] static std::vector<double> key_of(const Policy& policy);
  /// Whether two policies have the same layers: those fields are equal that touch terrain and obstacles.
  [[nodiscard]] static bool same_layers(const Policy& a, const Policy& b);

  [[nodiscard]] const Policy& policy() const { return policy_; }
  [[nodiscard]] const TileGrid& tile_grid() const { return tile_grid_; }
  /// Whether tiles lie in a mapped file, and so are to be touched before they are read.
  [[nodiscard]] bool sealed() const { return tiles_.sealed() || upper_bands_.sealed() || quads_.sealed(); }
  /// Makes sure that a tile and its quads are sound. Throws AirspaceDamaged.
  void touch(std::size_t n) const {
    upper_bands_.touch(n);
    tiles_.touch(n);
    quads_.touch(quad_first_[n], quad_first_[n + 1] - quad_first_[n]);
  }
  [[nodiscard]] const ViewTile& tile(std::size_t n) const { return tiles_[n]; }
  [[nodiscard]] TileBands bands(std::size_t n) const { return {upper_bands_[n], tiles_[n].safe}; }
  /// The quads that tile n refines its cells by.
  [[nodiscard]] std::span<const FloorQuad> quads(std::size_t n) const {
    return quads_.span().subspan(quad_first_[n], quad_first_[n + 1] - quad_first_[n]);
  }
  [[nodiscard]] const BandPyramid& above_tiles() const { return above_tiles_; }
  [[nodiscard]] const ObstacleIndex& obstacles() const { return obstacles_; }
  [[nodiscard]] const FloatingObstacles& floating() const { return floating_; }

  ViewLayers(const Airspace& airspace, const Policy& policy);

 private:
  Policy policy_;
  TileGrid tile_grid_;
  FlatArray<TileBands::Upper> upper_bands_;
  FlatArray<ViewTile> tiles_;
  FlatArray<std::uint64_t> quad_first_;
  FlatArray<FloorQuad> quads_;
  BandPyramid above_tiles_;
  ObstacleIndex obstacles_;
  FloatingObstacles floating_;
  FlatArray<double> key_;  ///< the fields of the policy that the layers depend on
};

}  // namespace swiftlet::geo
