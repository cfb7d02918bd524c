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
  ZoneTileBuilder builder(airspace_, policy_);
  tiles_.clear();
  tiles_.reserve(tile_grid_.count());
  bool zoned = false;
  for (std::size_t n = 0; n < tile_grid_.count(); ++n) {
    const ViewTile& tile = layers_->tile(n);
    if (!touched[n]) {
      zone_tiles_[n] = nullptr;
    } else if (stale[n]) {
      const auto made = std::make_shared<ZoneTile>();
      const auto columns = static_cast<std::size_t>(tile_grid_.nx);
      builder.build(static_cast<int>(n % columns), static_cast<int>(n / columns), tile, zones_, *made);
      zone_tiles_[n] = made;
    }
    const ZoneTile* zones = zone_tiles_[n].get();
    zoned = zoned || zones != nullptr;
    tiles_.push_back(
        {zones != nullptr ? TileBands(zones->upper, zones->safe) : layers_->bands(n), &tile, zones, layers_->quads(n)});
  }
  if (!zoned) return;
  std::vector<HeightBand> whole(tile_grid_.count());
  std::copy_n(layers_->above_tiles().bands().begin(), whole.size(), whole.begin());
  for (std::size_t n = 0; n < whole.size(); ++n) {
    if (tiles_[n].zones != nullptr) whole[n] = tiles_[n].zones->upper.whole();
  }
  above_ = BandPyramid(tile_grid_.nx, tile_grid_.ny, std::move(whole));
}

}  // namespace swiftlet::geo
