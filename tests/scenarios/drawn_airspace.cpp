#include "tests/scenarios/drawn_airspace.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace swiftlet::test {
namespace {

using geo::Enu2;

constexpr double kTile_m = 20.0;
constexpr float kGround_msl_m = 100.0F;

std::vector<std::string> rows_of(std::string_view map) {
  std::vector<std::string> rows;
  std::string row;
  for (const char c : map) {
    if (c == '\n') {
      if (!row.empty()) rows.push_back(row);
      row.clear();
    } else if (c != ' ') {
      row += c;
    }
  }
  if (!row.empty()) rows.push_back(row);
  for (const std::string& r : rows) {
    if (r.size() != rows.front().size()) throw std::invalid_argument("rows of a drawing must be equally long");
  }
  return rows;
}

/// A raster of 10 m whose outermost cell centres lie on the drawing's edge: nothing is flyable beyond it.
geo::TerrainModel flat_ground(const Enu2& size) {
  geo::PixelLattice lattice;
  lattice.origin = {-100.0, -100.0};
  lattice.nx = static_cast<int>((size.x() + 200.0) / lattice.spacing_m) + 2;
  lattice.ny = static_cast<int>((size.y() + 200.0) / lattice.spacing_m) + 2;
  const int columns = static_cast<int>(size.x() / 10.0) + 1;
  const int rows = static_cast<int>(size.y() / 10.0) + 1;
  for (int j = 0; j < lattice.ny; ++j) {
    for (int i = 0; i < lattice.nx; ++i) {
      const Enu2 p = lattice.origin + lattice.spacing_m * Enu2(i, j);
      lattice.pixel.emplace_back(p.x() / 10.0, (size.y() - p.y()) / 10.0);
    }
  }
  return {std::move(lattice), columns, rows,
          std::vector<float>(static_cast<std::size_t>(columns * rows), kGround_msl_m)};
}

geo::Polygon tile_square(const Enu2& low) {
  return {{low, low + Enu2(kTile_m, 0), low + Enu2(kTile_m, kTile_m), low + Enu2(0, kTile_m)}, {}};
}

class Draughtsman {
 public:
  explicit Draughtsman(std::string_view map) : rows_(rows_of(map)) {
    const Enu2 size(kTile_m * static_cast<double>(rows_.front().size()), kTile_m * static_cast<double>(rows_.size()));
    airspace_->name = "drawing";
    airspace_->hash = "sha256:drawing";
    airspace_->vertical_datum = "drawn";
    airspace_->frame = geo::LocalFrame(LonLat{4.85, 45.76});
    airspace_->terrain = flat_ground(size);
    airspace_->bounds = geo::TerrainBounds::enclose(airspace_->terrain, 2.0);
  }

  Drawing finish() {
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      for (std::size_t c = 0; c < rows_[r].size(); ++c) add(rows_[r][c], r, c);
    }
    for (const char id : {'Z', 'O'}) add_zone(id);
    return {airspace_};
  }

 private:
  [[nodiscard]] Enu2 corner(std::size_t r, std::size_t c) const {
    return kTile_m * Enu2(static_cast<double>(c), static_cast<double>(rows_.size() - 1 - r));
  }

  void add(char tile, std::size_t r, std::size_t c) {
    const std::string place = std::to_string(r) + "-" + std::to_string(c);
    if (tile == '#') add_building("wall-" + place, r, c, 300.0);
    if (tile >= '1' && tile <= '9') add_building("house-" + place, r, c, 10.0 * (tile - '0'));
    if (tile >= 'A' && tile <= 'M') add_pad(tile, r, c, 0.0);
    if (tile >= 'a' && tile <= 'm') {
      add_building("roof-" + place, r, c, 30.0);
      add_pad(tile, r, c, 30.0);
    }
  }

  void add_building(std::string id, std::size_t r, std::size_t c, double height_m) {
    geo::Obstacle o{.id = std::move(id),
                    .kind = "building",
                    .footprint = {tile_square(corner(r, c))},
                    .top_msl_m = kGround_msl_m + height_m,
                    .base_msl_m = {},
                    .box = {}};
    o.box = geo::bounds(o.footprint);
    airspace_->obstacles.push_back(std::move(o));
  }

  void add_pad(char tile, std::size_t r, std::size_t c, double deck_agl_m) {
    const Enu2 p = corner(r, c) + Enu2::Constant(kTile_m / 2.0);
    const GeoPoint slot = airspace_->frame.to_geo({p.x(), p.y(), kGround_msl_m + deck_agl_m});
    airspace_->pads.push_back({.id = std::string(1, tile), .name = "", .kind = geo::PadKind::point, .slots = {slot}});
  }

  void add_zone(char id) {
    geo::Geozone zone{.id = std::string(1, id),
                      .name = "",
                      .footprint = {},
                      .box = {},
                      .lower = {},
                      .upper = {},
                      .applicability = {}};
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      for (std::size_t c = 0; c < rows_[r].size(); ++c) {
        if (rows_[r][c] != id) continue;
        zone.box.include(corner(r, c));
        zone.box.include(corner(r, c) + Enu2::Constant(kTile_m));
      }
    }
    if ((zone.box.min.array() > zone.box.max.array()).any()) return;
    // Drawn to the edge, a zone goes on beyond it.
    const Enu2 size = kTile_m * Enu2(static_cast<double>(rows_.front().size()), static_cast<double>(rows_.size()));
    for (const int axis : {0, 1}) {
      if (zone.box.min[axis] <= 0.0) zone.box.min[axis] -= kTile_m;
      if (zone.box.max[axis] >= size[axis]) zone.box.max[axis] += kTile_m;
    }
    const Enu2& low = zone.box.min;
    const Enu2& high = zone.box.max;
    zone.footprint = {{{low, Enu2(high.x(), low.y()), high, Enu2(low.x(), high.y())}, {}}};
    if (id == 'O') zone.lower = geo::ZoneLimit{60.0, geo::VerticalReference::agl};
    airspace_->zones.push_back(std::move(zone));
  }

  std::vector<std::string> rows_;
  std::shared_ptr<geo::Airspace> airspace_ = std::make_shared<geo::Airspace>();
};

}  // namespace

geo::Geozone& Drawing::zone(std::string_view id) const {
  for (geo::Geozone& zone : airspace->zones) {
    if (zone.id == id) return zone;
  }
  throw std::out_of_range("no such zone in the drawing");
}

Drawing draw(std::string_view map) { return Draughtsman(map).finish(); }

}  // namespace swiftlet::test
