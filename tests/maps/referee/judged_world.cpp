#include "tests/maps/referee/judged_world.hpp"

#include <fmt/core.h>

#include <stdexcept>

namespace swiftlet::test {
namespace {

constexpr double kUtmScale = 0.9996;

}  // namespace

GeoPoint at(const Place& place) {
  const Position p = position(place.x_m * kUtmScale, place.y_m * kUtmScale);
  return {.lon_deg = p.lon_deg, .lat_deg = p.lat_deg, .alt_msl_m = place.alt_m};
}

std::string lonlat_json(double x_m, double y_m) {
  const GeoPoint p = at({x_m, y_m, 0.0});
  return fmt::format("[{:.12f},{:.12f}]", p.lon_deg, p.lat_deg);
}

std::string true_rectangle_wkt(double x0_m, double y0_m, double x1_m, double y1_m) {
  return rectangle_wkt(x0_m * kUtmScale, y0_m * kUtmScale, x1_m * kUtmScale, y1_m * kUtmScale);
}

JudgedWorld::JudgedWorld(const Contents& contents) {
  const auto& dir = directory_.path();
  manifest_.file = dir / "region.toml";
  manifest_.name = "judged";
  manifest_.vertical_datum = "test";
  write_terrain(dir / "terrain.tif", contents.terrain);
  manifest_.terrain.push_back({.path = dir / "terrain.tif", .nodata = {}});
  if (!contents.boxes.empty()) {
    std::vector<WrittenFeature> features;
    for (const Box3& box : contents.boxes) {
      features.push_back({true_rectangle_wkt(box.x0_m, box.y0_m, box.x1_m, box.y1_m), box.height_m});
    }
    write_buildings(dir / "buildings.gpkg", features);
    maps::ObstacleSource source;
    source.path = dir / "buildings.gpkg";
    source.height_field = "height";
    manifest_.obstacles.push_back(source);
  }
  if (!contents.zones.empty()) {
    write_text(dir / "zones.json", contents.zones);
    manifest_.geozones.push_back({.path = dir / "zones.json"});
  }
  auto opened = maps::open_referee(manifest_);
  if (!opened) throw std::runtime_error(describe(opened.error()));
  referee_ = std::move(*opened);
  hash_ = maps::airspace_hash(manifest_).value();
}

geo::RouteUnderTest JudgedWorld::route(const std::vector<Place>& places) const {
  geo::RouteUnderTest route;
  route.airspace_hash = hash_;
  route.depart = parse_rfc3339("2026-11-21T10:00:00Z").value();  // a Saturday
  for (const Place& place : places) {
    route.path.push_back(at(place));
    route.t_s.push_back(10.0 * static_cast<double>(route.t_s.size()));
  }
  return route;
}

std::string broken(const geo::RefereeReport& report) {
  std::string all;
  for (const geo::Violation& violation : report.violations) {
    all += fmt::format("{}{}@{}", all.empty() ? "" : " ", violation.rule, violation.segment);
  }
  return all;
}

}  // namespace swiftlet::test
