#include "geo/airspace_diff.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "tests/geo/hilly_terrain.hpp"

namespace geo = swiftlet::geo;
using geo::NamedChanges;

namespace {

geo::MultiPolygon box_at(double x, double y, double half_m = 5.0) {
  return {
      {{{x - half_m, y - half_m}, {x + half_m, y - half_m}, {x + half_m, y + half_m}, {x - half_m, y + half_m}}, {}}};
}

geo::Obstacle building(const std::string& id, double x, double top_msl_m = 150.0) {
  return {.id = id, .kind = "building", .footprint = box_at(x, 0), .top_msl_m = top_msl_m, .box = {}};
}

geo::Geozone zone(const std::string& id, double x) {
  geo::Geozone z;
  z.id = id;
  z.footprint = box_at(x, 30);
  return z;
}

/// Flat at 100 m with one cell of the raster raised by `bump_m`.
geo::TerrainModel flat(float bump_m) {
  geo::PixelLattice lattice{.origin = {-400, -400}, .spacing_m = 50.0, .nx = 18, .ny = 18, .pixel = {}};
  for (int j = 0; j < lattice.ny; ++j) {
    for (int i = 0; i < lattice.nx; ++i) {
      const geo::Enu2 p = lattice.origin + lattice.spacing_m * geo::Enu2(i, j);
      lattice.pixel.emplace_back(p.x() / 10.0 + 30.0, 30.0 - p.y() / 10.0);
    }
  }
  std::vector<float> heights(61 * 61, 100.0F);
  heights[5 * 61 + 5] += bump_m;
  return {std::move(lattice), 61, 61, std::move(heights)};
}

geo::Airspace usual(float bump_m = 0.0F) {
  geo::Airspace a;
  a.frame = geo::LocalFrame({.lon_deg = 6.0, .lat_deg = 46.0});
  a.terrain = flat(bump_m);
  a.bounds = geo::TerrainBounds::enclose(a.terrain, 4.0);
  for (const auto& o : {building("1", 0), building("2", 20), building("twin", 40), building("twin", 60)}) {
    a.obstacles.push_back(o);
  }
  a.zones = {zone("Z1", 0), zone("Z2", 20)};
  a.pads = {{.id = "P1", .name = "one", .kind = geo::PadKind::hub, .slots = {{6.0, 46.0, 100.0}}}};
  return a;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(airspace_diff)

BOOST_AUTO_TEST_CASE(nothing_has_changed_between_an_airspace_and_itself) {
  BOOST_TEST(geo::compare(usual(), usual()).empty());
}

BOOST_AUTO_TEST_CASE(what_is_added_removed_and_changed) {
  const geo::Airspace a = usual();
  geo::Airspace b = usual();
  b.obstacles = {};
  for (const auto& o : {building("1", 0, 151.0), building("3", 20), building("twin", 40), building("twin", 61)}) {
    b.obstacles.push_back(o);
  }
  b.zones[1].restriction = geo::Restriction::no_restriction;
  b.zones[0].id = "Z9";
  b.pads[0].slots[0].alt_msl_m = 101.0;
  b.policy.max_height_agl_m = 100.0;
  b.wind.speed_m_s = 3.0;
  const geo::AirspaceDiff diff = geo::compare(a, b);
  BOOST_TEST((diff.obstacles == NamedChanges{{"building 3"}, {"building 2"}, {"building 1", "building twin"}}));
  BOOST_TEST((diff.zones == NamedChanges{{"Z9"}, {"Z1"}, {"Z2"}}));
  BOOST_TEST((diff.pads == NamedChanges{{}, {}, {"P1"}}));
  BOOST_TEST(diff.policy_changed);
  BOOST_TEST(diff.wind_changed);
  BOOST_TEST(diff.terrain.empty());
}

BOOST_AUTO_TEST_CASE(a_bump_is_found_in_its_tile_alone) {
  const geo::AirspaceDiff diff = geo::compare(usual(), usual(2.0F));
  BOOST_TEST(diff.terrain.tiles > 3u);
  BOOST_TEST(diff.terrain.changed_tiles == 1u);
  // The nodes are 4 m apart and the raster's cells 10 m: none stands on the very top.
  BOOST_TEST(diff.terrain.largest_change_m > 1.2);
  BOOST_TEST(diff.terrain.largest_change_m <= 2.0);
  BOOST_TEST(!diff.terrain.extent_changed);
}

BOOST_AUTO_TEST_CASE(times_of_a_zone_are_part_of_it) {
  geo::Airspace b = usual();
  b.zones[0].applicability = {{.start = swiftlet::UtcTime(), .end = {}, .periods = {}}};
  BOOST_TEST((geo::compare(usual(), b).zones == NamedChanges{{}, {}, {"Z1"}}));
}

BOOST_AUTO_TEST_CASE(another_frame_is_no_change_of_shapes) {
  const geo::Airspace a = usual();
  geo::Airspace b = usual();
  b.frame = geo::LocalFrame({.lon_deg = 6.002, .lat_deg = 46.001});
  std::vector<geo::Obstacle> moved(a.obstacles.begin(), a.obstacles.end());
  b.obstacles = {};
  for (geo::Obstacle& o : moved) {
    for (geo::Enu2& p : o.footprint[0].outer) p = b.frame.to_local(a.frame.to_lonlat(p));
    b.obstacles.push_back(o);
  }
  for (geo::Geozone& z : b.zones) {
    for (geo::Enu2& p : z.footprint[0].outer) p = b.frame.to_local(a.frame.to_lonlat(p));
  }
  const geo::AirspaceDiff diff = geo::compare(a, b);
  BOOST_TEST(diff.obstacles.empty());
  BOOST_TEST(diff.zones.empty());
  BOOST_TEST(diff.terrain.extent_changed);
}

BOOST_AUTO_TEST_SUITE_END()
