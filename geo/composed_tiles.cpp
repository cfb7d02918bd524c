#include "geo/composed_tiles.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::geo {

ComposedTiles::ComposedTiles(const Airspace& airspace, const Policy& policy, std::shared_ptr<const ViewLayers> layers,
                             std::vector<ActiveZone> zones)
    : airspace_(airspace),
      policy_(policy),
      layers_(std::move(layers)),
      zones_(std::move(zones)),
      tile_grid_(layers_->tile_grid()),
      cut_tiles_(tile_grid_.count()),
      above_(layers_->above_tiles()) {
  lay_out(std::vector<bool>(tile_grid_.count(), true));
}

ComposedTiles::ComposedTiles(const Airspace& airspace, const Policy& policy, std::vector<ActiveZone> zones,
                             const ComposedTiles& older)
    : airspace_(airspace),
      policy_(policy),
      layers_(older.layers_),
      zones_(std::move(zones)),
      tile_grid_(older.tile_grid_),
      cut_tiles_(older.cut_tiles_),
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
  lay_out(stale);
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

void ComposedTiles::lay_out(const std::vector<bool>& stale) {
  const std::size_t count = tile_grid_.count();
  std::vector<bool> touched(count, false);
  for (const ActiveZone& zone : zones_) mark(zone, touched);
  const bool sealed = layers_->sealed() || airspace_.bounds.sealed();
  const bool cut = std::find(touched.begin(), touched.end(), true) != touched.end();
  if (sealed || cut) readiness_ = std::make_unique<Readiness>(count);
  tiles_.reserve(count);
  for (std::size_t n = 0; n < count; ++n) {
    if (!touched[n]) {
      cut_tiles_[n] = nullptr;
    } else if (stale[n]) {
      cut_tiles_[n] = std::make_shared<CutTile>();
    }
    if (readiness_) readiness_->ready[n].store(!sealed && !touched[n], std::memory_order_relaxed);
    tiles_.push_back(
        {layers_->bands(n), &layers_->tile(n), nullptr, layers_->quads(n), layers_->floating().near_tile(n)});
  }
  if (!cut) return;
  std::vector<HeightBand> whole(count);
  std::copy_n(layers_->above_tiles().bands().begin(), count, whole.begin());
  for (std::size_t n = 0; n < count; ++n) {
    if (touched[n]) whole[n] = HeightBand::closed();
  }
  above_ = BandPyramid(tile_grid_.nx, tile_grid_.ny, std::move(whole));
}

void ComposedTiles::make_ready(std::size_t n) const {
  check(n);
  const ZoneTile* zones = cut(n);
  const std::lock_guard lock(readiness_->mutex);
  if (readiness_->ready[n].load(std::memory_order_relaxed)) return;
  if (zones != nullptr) {
    tiles_[n].bands = TileBands(zones->upper, zones->safe);
    tiles_[n].zones = zones;
  }
  readiness_->ready[n].store(true, std::memory_order_release);
}

void ComposedTiles::check(std::size_t n) const {
  layers_->touch(n);
  const auto columns = static_cast<std::size_t>(tile_grid_.nx);
  const int i0 = static_cast<int>(n % columns) * TileGrid::kCells;
  const int j0 = static_cast<int>(n / columns) * TileGrid::kCells;
  airspace_.bounds.touch(i0, std::min(grid().nx, i0 + TileGrid::kCells), j0,
                         std::min(grid().ny, j0 + TileGrid::kCells));
}

const ZoneTile* ComposedTiles::cut(std::size_t n) const {
  CutTile* const one = cut_tiles_[n].get();
  if (one == nullptr) return nullptr;
  std::call_once(one->once, [&] {
    auto made = std::make_unique_for_overwrite<ZoneTile>();
    const auto columns = static_cast<std::size_t>(tile_grid_.nx);
    ZoneTileBuilder(airspace_, policy_)
        .build(static_cast<int>(n % columns), static_cast<int>(n / columns), layers_->tile(n), zones_, *made);
    one->tile = std::move(made);
  });
  return one->tile.get();
}

}  // namespace swiftlet::geo
