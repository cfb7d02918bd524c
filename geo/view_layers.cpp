#include "geo/view_layers.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "geo/huge_pages.hpp"
#include "geo/tile_derivation.hpp"

namespace swiftlet::geo {
namespace {

tl::unexpected<Error> damaged(std::string_view array, std::string_view what) {
  return fail(ErrorCode::airspace_damaged, fmt::format("\"{}\" {}; build the airspace again", array, what),
              "view layers");
}

/// The array of that name, as values. Errors: airspace_damaged.
template <class Value>
Expected<FlatArray<Value>> take(std::span<const ViewLayers::NamedArray> arrays, std::string_view name,
                                const std::shared_ptr<const void>& owner) {
  const auto found = std::find_if(arrays.begin(), arrays.end(), [&](const auto& array) { return array.name == name; });
  if (found == arrays.end()) return damaged(name, "is missing");
  const std::span<const std::byte> bytes = found->bytes;
  if (bytes.size() % sizeof(Value) != 0 || reinterpret_cast<std::uintptr_t>(bytes.data()) % 8 != 0) {
    return damaged(name,
                   fmt::format("has {} bytes: no array of values of {}, aligned to 8", bytes.size(), sizeof(Value)));
  }
  if (found->seal) return FlatArray<Value>(found->seal);
  return FlatArray<Value>({reinterpret_cast<const Value*>(bytes.data()), bytes.size() / sizeof(Value)}, owner);
}

/// Whether numbers never fall and end at `last`.
template <class Number>
bool ascends_to(std::span<const Number> numbers, std::size_t last) {
  return !numbers.empty() && std::is_sorted(numbers.begin(), numbers.end()) && numbers.back() == last;
}

}  // namespace

std::vector<double> ViewLayers::key_of(const Policy& policy) {
  return {policy.min_height_agl_m, policy.max_height_agl_m, policy.lateral_clearance_m, policy.vertical_clearance_m,
          policy.fly_under ? 1.0 : 0.0};
}

bool ViewLayers::same_layers(const Policy& a, const Policy& b) { return key_of(a) == key_of(b); }

ViewLayers::ViewLayers(const Airspace& airspace, const Policy& policy)
    : policy_(policy),
      tile_grid_(airspace.bounds.grid()),
      floating_(airspace.bounds.grid(), airspace.obstacles, policy),
      key_(key_of(policy)) {}

std::shared_ptr<const ViewLayers> ViewLayers::derive(const Airspace& airspace, const Policy& policy, unsigned threads) {
  const GridFrame& grid = airspace.bounds.grid();
  airspace.bounds.touch_all();
  const auto layers = std::make_shared<ViewLayers>(airspace, policy);
  layers->obstacles_ = airspace.own_layers ? airspace.own_layers->obstacles_ : ObstacleIndex(grid, airspace.obstacles);
  const std::size_t count = layers->tile_grid_.count();
  HugePageVector<ViewTile> tiles(count);
  HugePageVector<TileBands::Upper> upper(count);
  std::vector<std::vector<FloorQuad>> quads(count);
  std::atomic<std::size_t> next{0};
  std::mutex failed_mutex;
  std::exception_ptr failed;  // a damaged tile or obstacle of a mapped airspace
  const auto work = [&] {
    try {
      TileDeriver deriver(airspace, policy, layers->obstacles_);
      const auto columns = static_cast<std::size_t>(layers->tile_grid_.nx);
      for (std::size_t n = next++; n < count; n = next++) {
        deriver.derive(static_cast<int>(n % columns), static_cast<int>(n / columns), tiles[n], upper[n], quads[n]);
      }
    } catch (...) {
      const std::lock_guard lock(failed_mutex);
      failed = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (unsigned k = 1; k < std::min<std::size_t>(threads, count); ++k) helpers.emplace_back(work);
    work();
  }
  if (failed) std::rethrow_exception(failed);
  std::vector<std::uint64_t> first(count + 1, 0);
  std::vector<HeightBand> whole(count);
  for (std::size_t n = 0; n < count; ++n) {
    first[n + 1] = first[n] + quads[n].size();
    whole[n] = upper[n].whole();
  }
  std::vector<FloorQuad> all_quads;
  all_quads.reserve(first.back());
  for (const auto& of_tile : quads) all_quads.insert(all_quads.end(), of_tile.begin(), of_tile.end());
  layers->upper_bands_ = FlatArray<TileBands::Upper>(std::move(upper));
  layers->tiles_ = FlatArray<ViewTile>(std::move(tiles));
  layers->quad_first_ = FlatArray<std::uint64_t>(std::move(first));
  layers->quads_ = FlatArray<FloorQuad>(std::move(all_quads));
  layers->above_tiles_ = BandPyramid(layers->tile_grid_.nx, layers->tile_grid_.ny, std::move(whole));
  return layers;
}

Expected<std::shared_ptr<const ViewLayers>> ViewLayers::adopt(const Airspace& airspace, const Policy& policy,
                                                              std::span<const NamedArray> arrays,
                                                              const std::shared_ptr<const void>& owner) {
  const GridFrame& grid = airspace.bounds.grid();
  auto key = take<double>(arrays, "policy", owner);
  if (!key) return Unexpected(key.error());
  auto tiles = take<ViewTile>(arrays, "tiles", owner);
  if (!tiles) return Unexpected(tiles.error());
  auto upper = take<TileBands::Upper>(arrays, "upper_bands", owner);
  if (!upper) return Unexpected(upper.error());
  auto quad_first = take<std::uint64_t>(arrays, "quad_first", owner);
  if (!quad_first) return Unexpected(quad_first.error());
  auto quads = take<FloorQuad>(arrays, "quads", owner);
  if (!quads) return Unexpected(quads.error());
  auto above = take<HeightBand>(arrays, "above_tiles", owner);
  if (!above) return Unexpected(above.error());
  auto bucket_first = take<std::uint32_t>(arrays, "bucket_first", owner);
  if (!bucket_first) return Unexpected(bucket_first.error());
  auto bucket_items = take<std::uint32_t>(arrays, "bucket_items", owner);
  if (!bucket_items) return Unexpected(bucket_items.error());

  key->touch_all();
  quad_first->touch_all();
  above->touch_all();
  bucket_first->touch_all();
  bucket_items->touch_all();
  const auto layers = std::make_shared<ViewLayers>(airspace, policy);
  if (!std::equal(key->begin(), key->end(), layers->key_.begin(), layers->key_.end())) {
    return damaged("policy", "is another than the one asked for");
  }
  const std::size_t count = layers->tile_grid_.count();
  if (upper->size() != count) return damaged("upper_bands", "do not fit the grid");
  if (tiles->size() != count) return damaged("tiles", "do not fit the grid");
  if (quad_first->size() != count + 1 || !ascends_to(quad_first->span(), quads->size())) {
    return damaged("quad_first", "does not number the quads");
  }
  if (above->size() != BandPyramid::band_count(layers->tile_grid_.nx, layers->tile_grid_.ny)) {
    return damaged("above_tiles", "does not fit the grid");
  }
  if (bucket_first->size() != ObstacleIndex::bucket_count(grid) + 1 ||
      !ascends_to(bucket_first->span(), bucket_items->size())) {
    return damaged("bucket_first", "does not number the items");
  }
  if (std::any_of(bucket_items->begin(), bucket_items->end(), [&](auto k) { return k >= airspace.obstacles.size(); })) {
    return damaged("bucket_items", "names an obstacle that does not exist");
  }
  layers->upper_bands_ = std::move(*upper);
  layers->tiles_ = std::move(*tiles);
  layers->quad_first_ = std::move(*quad_first);
  layers->quads_ = std::move(*quads);
  layers->above_tiles_ = BandPyramid(layers->tile_grid_.nx, layers->tile_grid_.ny, std::move(*above));
  layers->obstacles_ = ObstacleIndex(grid, std::move(*bucket_first), std::move(*bucket_items));
  return layers;
}

std::vector<ViewLayers::NamedArray> ViewLayers::arrays() const {
  return {{"policy", key_.bytes()},
          {"upper_bands", upper_bands_.bytes()},
          {"tiles", tiles_.bytes()},
          {"quad_first", quad_first_.bytes()},
          {"quads", quads_.bytes()},
          {"above_tiles", above_tiles_.bands().bytes()},
          {"bucket_first", obstacles_.first().bytes()},
          {"bucket_items", obstacles_.items().bytes()}};
}

}  // namespace swiftlet::geo
