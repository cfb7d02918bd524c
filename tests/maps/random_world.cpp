#include "tests/maps/random_world.hpp"

#include <fmt/core.h>
#include <gdal_priv.h>

#include <cmath>
#include <memory>
#include <stdexcept>
#include <vector>

namespace swiftlet::test {
namespace {

constexpr double kX0 = 500000.0;
constexpr double kY0 = 2490000.0;
constexpr float kVoid = -9999.0F;

/// Heights made before they are written, so that the draws do not depend on the order of writing.
std::function<float(int, int)> table(int columns, std::vector<float> values) {
  auto shared = std::make_shared<std::vector<float>>(std::move(values));
  return [columns, shared](int c, int r) { return (*shared)[static_cast<std::size_t>(r * columns + c)]; };
}

std::array<double, 2> transformed(const std::string& from, const std::string& to, double x, double y) {
  OGRSpatialReference a;
  OGRSpatialReference b;
  if (a.SetFromUserInput(from.c_str()) != OGRERR_NONE || b.SetFromUserInput(to.c_str()) != OGRERR_NONE) {
    throw std::runtime_error("no reference system: " + from + ", " + to);
  }
  a.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  b.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  const std::unique_ptr<OGRCoordinateTransformation> t(OGRCreateCoordinateTransformation(&a, &b));
  if (!t || t->Transform(1, &x, &y) == 0) throw std::runtime_error("no way from " + from + " to " + to);
  return {x, y};
}

}  // namespace

std::array<double, 2> in_crs(const std::string& crs, double lon_deg, double lat_deg) {
  return transformed("EPSG:4326", crs, lon_deg, lat_deg);
}

Position from_crs(const std::string& crs, double x, double y) {
  const auto p = transformed(crs, "EPSG:4326", x, y);
  return {p[0], p[1]};
}

void write_raster(const std::filesystem::path& file, const RasterToWrite& raster) {
  GDALAllRegister();
  GDALDatasetUniquePtr dataset(GetGDALDriverManager()->GetDriverByName("GTiff")->Create(
      file.c_str(), raster.columns, raster.rows, 1, GDT_Float32, nullptr));
  OGRSpatialReference crs;
  if (!dataset || crs.SetFromUserInput(raster.crs.c_str()) != OGRERR_NONE) throw std::runtime_error("no raster");
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  std::array<double, 6> geotransform = raster.geotransform;
  dataset->SetGeoTransform(geotransform.data());
  dataset->SetSpatialRef(&crs);
  GDALRasterBand& band = *dataset->GetRasterBand(1);
  if (raster.nodata) band.SetNoDataValue(*raster.nodata);
  if (!raster.unit.empty()) band.SetUnitType(raster.unit.c_str());
  for (int r = 0; r < raster.rows; ++r) {
    std::vector<float> row;
    for (int c = 0; c < raster.columns; ++c) row.push_back(raster.value(c, r));
    if (band.RasterIO(GF_Write, 0, r, raster.columns, 1, row.data(), raster.columns, 1, GDT_Float32, 0, 0) != CE_None) {
      throw std::runtime_error("raster not written");
    }
  }
}

std::string RandomWorld::base_terrain() {
  std::vector<float> heights;
  for (int k = 0; k < 31 * 31; ++k) heights.push_back(static_cast<float>(20.0 + between(0, 15) + 0.5 * (k % 31)));
  write_raster(dir_ / "base.tif", {.geotransform = {kX0 - 10, 20, 0, kY0 + 610, 0, -20},
                                   .columns = 31,
                                   .rows = 31,
                                   .value = table(31, std::move(heights))});
  return "[[terrain]]\npath = \"base.tif\"\n";
}

std::string RandomWorld::patched_terrain() {
  std::string text = base_terrain();
  const double turn = between(-0.7, 0.7);
  const double cell = between(5.0, 12.0);
  const int n = 30;
  std::vector<float> heights;
  for (int k = 0; k < n * n; ++k) {
    const bool is_void = whole(0, 60) == 0 || (k % n > 18 && k / n > 12 && k % n < 24 && k / n < 16);
    heights.push_back(is_void ? kVoid : static_cast<float>(30.0 + between(0, 6)));
  }
  // A custom system without an EPSG code, turned against the grid of the base.
  write_raster(dir_ / "patch.tif",
               {.crs = "+proj=laea +lat_0=22.5 +lon_0=117.001 +x_0=1000 +y_0=-500 +ellps=GRS80 +units=m +no_defs",
                .geotransform = {1000.0 + between(0, 100), cell * std::cos(turn), cell * std::sin(turn),
                                 -500.0 + 1850.0 + between(0, 100), cell * std::sin(turn), -cell * std::cos(turn)},
                .columns = n,
                .rows = n,
                .value = table(n, std::move(heights)),
                .nodata = kVoid});
  return text + "[[terrain]]\npath = \"patch.tif\"\nmax_void_cells = 2\n";
}

std::string RandomWorld::surface_alone() {
  const Position south_west = position(0, 0);
  std::vector<float> heights;
  for (int k = 0; k < 40 * 40; ++k) {
    const bool sea = k % 40 < 8 && k / 40 < 10;
    const bool house = whole(0, 5) == 0;
    heights.push_back(sea || whole(0, 80) == 0 ? kVoid : static_cast<float>(whole(2, 6) + (house ? whole(10, 60) : 0)));
  }
  write_raster(dir_ / "surface.tif",
               {.crs = "EPSG:4326",
                .geotransform = {south_west.lon_deg, 0.00015, 0, south_west.lat_deg + 0.0056, 0, -0.00014},
                .columns = 40,
                .rows = 40,
                .value = table(40, std::move(heights))});
  return "[[terrain]]\npath = \"surface.tif\"\nkind = \"dsm\"\nnodata = -9999\nsea_level_m = 0.25\nground_radius_m = "
         "40\n"
         "min_height_m = 2\n";
}

std::string RandomWorld::surfaces_on_ground() {
  std::string text = base_terrain();
  for (int k = 0; k < 2; ++k) {
    const double cell = k == 0 ? 10.0 : between(4.0, 7.0);
    const int n = 36;
    std::vector<float> heights;
    for (int i = 0; i < n * n; ++i) {
      heights.push_back(whole(0, 9) == 0 ? kVoid : static_cast<float>(whole(20, 60)));
    }
    write_raster(dir_ / fmt::format("surface{}.tif", k),
                 {.geotransform = {kX0 + between(50, 150), cell, 0, kY0 + between(400, 550), 0, -cell},
                  .columns = n,
                  .rows = n,
                  .value = table(n, std::move(heights)),
                  .nodata = kVoid});
    text += fmt::format(
        "[[terrain]]\npath = \"surface{}.tif\"\nkind = \"dsm\"\nmax_void_cells = 0\nmin_height_m = 1.5\n", k);
  }
  return text;
}

std::string RandomWorld::heights_raster() {
  const Position corner = position(between(-100, 200), between(300, 700));
  std::vector<float> heights;
  for (int k = 0; k < 60 * 50; ++k) {
    const int what = whole(0, 9);
    heights.push_back(what < 5 ? 0.0F : what == 5 ? kVoid : what == 6 ? -0.3F : static_cast<float>(between(0.5, 30)));
  }
  write_raster(dir_ / "canopy.tif", {.crs = "EPSG:4326",
                                     .geotransform = {corner.lon_deg, 0.00006, 0, corner.lat_deg, 0, -0.00005},
                                     .columns = 60,
                                     .rows = 50,
                                     .value = table(60, std::move(heights)),
                                     .nodata = kVoid});
  return "[[obstacles]]\nraster = \"canopy.tif\"\nkind = \"tree\"\nmin_height_m = 2.5\n";
}

std::string RandomWorld::features() {
  std::string json;
  for (int k = 0; k < 40; ++k) {
    const double x = between(-100, 650);
    const double y = between(-100, 650);
    const auto at = [&](double dx, double dy) {
      const Position p = position(x + dx, y + dy);
      return fmt::format("[{:.10f},{:.10f}]", p.lon_deg, p.lat_deg);
    };
    const double w = between(3, 60);
    const double h = between(3, 60);
    std::string geometry;
    switch (k % 4) {
      case 0:
        geometry =
            fmt::format(R"("Polygon","coordinates":[[{0},{1},{2},{3},{0}],[{4},{5},{6},{4}]])", at(0, 0), at(w, 2),
                        at(w, h), at(0, h), at(w * 0.3, h * 0.3), at(w * 0.6, h * 0.4), at(w * 0.4, h * 0.7));
        break;
      case 1:
        geometry = fmt::format(R"("Point","coordinates":{})", at(0, 0));
        break;
      case 2:
        geometry = fmt::format(R"("LineString","coordinates":[{},{},{}])", at(0, 0), at(2 * w, h), at(w, 3 * h));
        break;
      default:  // roof pieces that touch
        geometry = fmt::format(R"("MultiPolygon","coordinates":[[[{0},{1},{2},{3},{0}]],[[{1},{4},{5},{2},{1}]]])",
                               at(0, 0), at(w, 0), at(w, h), at(0, h), at(2 * w, 0), at(2 * w, h));
    }
    std::string tags = "\"n\":1";
    if (k % 3 != 0) tags += fmt::format(",\"height\":{:.2f}", between(1, 50));
    if (k % 5 == 0) tags += fmt::format(",\"levels\":{}", whole(1, 20));
    if (k % 7 == 0) tags += fmt::format(",\"top\":{:.2f}", between(70, 120));
    if (k % 6 == 1) tags += fmt::format(",\"base\":{:.2f}", between(10, 35));
    if (k % 9 == 2) tags += fmt::format(",\"base_height\":{:.2f}", between(0, 0.9));
    if (k % 8 == 1) tags += fmt::format(",\"radius\":{:.1f}", between(1, 40));
    json += fmt::format(R"({}{{"type":"Feature","properties":{{{}}},"geometry":{{"type":{}}}}})", k == 0 ? "" : ",",
                        tags, geometry);
  }
  write_text(dir_ / "features.geojson", R"({"type":"FeatureCollection","features":[)" + json + "]}");
  return "[[obstacles]]\npath = \"features.geojson\"\nheight_field = \"height\"\ntop_field = \"top\"\nlevels_field = "
         "\"levels\"\nbase_field = \"base\"\nbase_height_field = \"base_height\"\nradius_field = \"radius\"\n"
         "default_height_m = 36\nbuffer_m = 4\nsag_m = 3\nbeyond_terrain = \"keep\"\nlevel_height_m = 3.5\n";
}

std::string RandomWorld::osm() {
  std::string nodes;
  std::string ways;
  long next = 1;
  const auto node = [&](double x, double y, const std::string& tags = "") {
    const Position p = position(x, y);
    nodes += fmt::format("<node id=\"{}\" lat=\"{:.9f}\" lon=\"{:.9f}\" version=\"1\">{}</node>\n", next, p.lat_deg,
                         p.lon_deg, tags);
    return next++;
  };
  const auto tag = [](const char* key, const std::string& value) {
    return fmt::format("<tag k=\"{}\" v=\"{}\"/>", key, value);
  };
  const auto way = [&](const std::vector<long>& ids, const std::string& tags) {
    ways += fmt::format("<way id=\"{}\" version=\"1\">", next++);
    for (const long id : ids) ways += fmt::format("<nd ref=\"{}\"/>", id);
    ways += tags + "</way>\n";
  };
  const std::vector<std::string> heights{"12 m", "40 ft", "12'6&quot;", "3;14", "~10", "tall", "0", "17,5", "8-11"};
  for (int k = 0; k < 30; ++k) {
    const double x = between(-50, 600);
    const double y = between(-50, 600);
    std::string tags;
    if (k % 3 == 0) tags += tag("height", heights[static_cast<std::size_t>(whole(0, 8))]);
    if (k % 4 == 0) tags += tag("building:levels", fmt::format("{}", whole(0, 9)));
    if (k % 4 == 0 && k % 8 == 0) tags += tag("roof:levels", "2");
    if (k % 5 == 0) tags += tag("min_height", fmt::format("{}", whole(1, 12)));
    if (k % 6 == 5) {
      node(x, y, tags + tag("man_made", k % 12 == 5 ? "mast" : "crane"));
    } else if (k % 6 == 4) {
      way({node(x, y), node(x + 80, y + 20), node(x + 200, y - 30)}, tags + tag("power", "line"));
    } else {
      const double w = between(8, 50);
      const long first = node(x, y);
      std::vector<long> ids{first, node(x + w, y + 1), node(x + w, y + w), node(x - 1, y + w)};
      if (k % 10 == 1) std::swap(ids[1], ids[2]);  // crosses itself
      if (k % 10 != 3) ids.push_back(first);       // else torn
      way(ids, tags + tag(k % 2 == 0 ? "building" : "building:part", "yes"));
    }
  }
  write_text(dir_ / "extract.osm", "<?xml version=\"1.0\"?>\n<osm version=\"0.6\">\n" + nodes + ways + "</osm>\n");
  return "[[obstacles]]\npath = \"extract.osm\"\ndefault_height_m = 9\nsag_m = 2\nbeyond_terrain = "
         "\"keep\"\nradii_m = { crane = 30 }\n";
}

}  // namespace swiftlet::test
