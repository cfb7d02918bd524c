#include "geo/composed_tiles.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

namespace swiftlet::geo {
namespace {

/// A tile takes some 30 µs, a thread as long to start.
constexpr std::size_t kWorthAThread = 16;

}  // namespace

ComposedTiles::ComposedTiles(const Airspace& airspace, const Policy& policy, std::shared_ptr<const ViewLayers> layers,
                             std::vector<ActiveZone> zones)
    : airspace_(airspace),
      policy_(policy),
      layers_(std::move(layers)),
      zones_(std::move(zones)),
      tile_grid_(layers_->tile_grid()),
      above_(layers_->above_tiles()) {
  zone_tiles_.resize(tile_grid_.count());
  build_zone_tiles(std::vector<bool>(tile_grid_.count(), true));
}

ComposedTiles::ComposedTiles(const Airspace& airspace, const Policy& policy, std::vector<ActiveZone> zones,
                             const ComposedTiles& older)
    : airspace_(airspace),
      policy_(policy),
      layers_(older.layers_),
      zones_(std::move(zones)),
      tile_grid_(older.tile_grid_),
      zone_tiles_(older.zone_tiles_),
      above_(layers_->above_tiles()) {
  std::vector<bool> stale(tile_grid_.count(), zone_reach_m(policy_) != zone_reach_m(older.policy_));
  // Zones of both, in the same order, are common; what is left on either side touches the tiles that change.
  std::vector<bool> kept(older.zones_.size(), false);
  std::size_t from = 0;
  for (const ActiveZone& zone : zones_) {
    std::size_t k = from;
    while (k < older.zones_.size() && !cuts_alike(zone, older.zones_[k])) ++k;
    if (k == older.zones_.size()) {
      mark(zone, stale);
    } else {
      kept[k] = true;
      from = k + 1;
    }
  }
  for (std::size_t k = 0; k < kept.size(); ++k) {
    if (!kept[k]) mark(older.zones_[k], stale);
  }
  build_zone_tiles(stale);
}

void ComposedTiles::mark(const ActiveZone& active, std::vector<bool>& tiles) const {
  const Box2 box = active.zone->box.grown(2.0 * zone_reach_m(policy_));
  const double tile_m = grid().cell_m * TileGrid::kCells;
  const auto tile = [&](double offset_m, int n) {
    return static_cast<int>(std::clamp(std::floor(offset_m / tile_m), -1.0, static_cast<double>(n)));
  };
  const int ti0 = std::max(0, tile(box.min.x() - grid().origin.x(), tile_grid_.nx));
  const int ti1 = std::min(tile_grid_.nx - 1, tile(box.max.x() - grid().origin.x(), tile_grid_.nx));
  const int tj0 = std::max(0, tile(box.min.y() - grid().origin.y(), tile_grid_.ny));
  const int tj1 = std::min(tile_grid_.ny - 1, tile(box.max.y() - grid().origin.y(), tile_grid_.ny));
  for (int tj = tj0; tj <= tj1; ++tj) {
    for (int ti = ti0; ti <= ti1; ++ti) tiles[tile_grid_.index(ti, tj)] = true;
  }
}

void ComposedTiles::build_zone_tiles(const std::vector<bool>& stale) {
  std::vector<bool> touched(tile_grid_.count(), false);
  for (const ActiveZone& zone : zones_) mark(zone, touched);
  if (layers_->sealed() || airspace_.bounds.sealed()) {
    sound_ = std::make_unique<std::atomic<bool>[]>(tile_grid_.count());
  }
  std::vector<std::size_t> to_build;
  for (std::size_t n = 0; n < tile_grid_.count(); ++n) {
    if (!touched[n]) {
      zone_tiles_[n] = nullptr;
    } else if (stale[n]) {
      to_build.push_back(n);
      if (sound_) touch(n);
    }
  }
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    ZoneTileBuilder builder(airspace_, policy_);
    const auto columns = static_cast<std::size_t>(tile_grid_.nx);
    for (std::size_t k = next++; k < to_build.size(); k = next++) {
      const std::size_t n = to_build[k];
      const auto made = std::make_shared_for_overwrite<ZoneTile>();
      builder.build(static_cast<int>(n % columns), static_cast<int>(n / columns), layers_->tile(n), zones_, *made);
      zone_tiles_[n] = made;
    }
  };
  if (to_build.size() >= kWorthAThread) {
    const std::jthread helper(work);
    work();
  } else {
    work();
  }
  tiles_.reserve(tile_grid_.count());
  bool zoned = false;
  for (std::size_t n = 0; n < tile_grid_.count(); ++n) {
    const ZoneTile* zones = zone_tiles_[n].get();
    zoned = zoned || zones != nullptr;
    tiles_.push_back({zones != nullptr ? TileBands(zones->upper, zones->safe) : layers_->bands(n), &layers_->tile(n),
                      zones, layers_->quads(n), layers_->floating().near_tile(n)});
  }
  if (!zoned) return;
  std::vector<HeightBand> whole(tile_grid_.count());
  std::copy_n(layers_->above_tiles().bands().begin(), whole.size(), whole.begin());
  for (std::size_t n = 0; n < whole.size(); ++n) {
    if (tiles_[n].zones != nullptr) whole[n] = tiles_[n].zones->upper.whole();
  }
  above_ = BandPyramid(tile_grid_.nx, tile_grid_.ny, std::move(whole));
}

void ComposedTiles::touch(std::size_t n) const {
  layers_->touch(n);
  const auto columns = static_cast<std::size_t>(tile_grid_.nx);
  const int i0 = static_cast<int>(n % columns) * TileGrid::kCells;
  const int j0 = static_cast<int>(n / columns) * TileGrid::kCells;
  airspace_.bounds.touch(i0, std::min(grid().nx, i0 + TileGrid::kCells), j0,
                         std::min(grid().ny, j0 + TileGrid::kCells));
  sound_[n].store(true, std::memory_order_relaxed);
}

}  // namespace swiftlet::geo
