#include "tests/maps/written_region.hpp"

#include <fmt/core.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <stdexcept>

namespace swiftlet::test {
namespace {

constexpr double kX0 = 500000.0;
constexpr double kY0 = 2490000.0;

OGRSpatialReference utm50() {
  OGRSpatialReference crs;
  crs.importFromEPSG(32650);
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  return crs;
}

GDALDriver& driver(const char* name) {
  GDALAllRegister();
  GDALDriver* found = GetGDALDriverManager()->GetDriverByName(name);
  if (found == nullptr) throw std::runtime_error(std::string("GDAL lacks the driver ") + name);
  return *found;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "swiftlet-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory: " + pattern);
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ec;
  std::filesystem::remove_all(path_, ec);
}

void write_terrain(const std::filesystem::path& file, const TerrainToWrite& terrain) {
  GDALDatasetUniquePtr dataset(
      driver("GTiff").Create(file.c_str(), terrain.columns, terrain.rows, 1, GDT_Float32, nullptr));
  double geotransform[6] = {kX0 - 5, 10, 0, kY0 + 1005, 0, -10};
  dataset->SetGeoTransform(geotransform);
  const OGRSpatialReference crs = utm50();
  if (terrain.with_crs) dataset->SetSpatialRef(&crs);
  GDALRasterBand& band = *dataset->GetRasterBand(1);
  if (terrain.nodata) band.SetNoDataValue(*terrain.nodata);
  for (int r = 0; r < terrain.rows; ++r) {
    std::vector<float> row;
    for (int c = 0; c < terrain.columns; ++c) row.push_back(terrain.height(c, r));
    if (band.RasterIO(GF_Write, 0, r, terrain.columns, 1, row.data(), terrain.columns, 1, GDT_Float32, 0, 0) !=
        CE_None) {
      throw std::runtime_error("terrain not written");
    }
  }
}

void write_buildings(const std::filesystem::path& file, const std::vector<WrittenFeature>& features, bool with_crs) {
  std::filesystem::remove(file);
  GDALDatasetUniquePtr dataset(driver("GPKG").Create(file.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
  OGRSpatialReference crs = utm50();
  OGRLayer* layer = dataset->CreateLayer("buildings", with_crs ? &crs : nullptr, wkbUnknown, nullptr);
  OGRFieldDefn height("height", OFTReal);
  OGRFieldDefn name("name", OFTString);
  layer->CreateField(&height);
  layer->CreateField(&name);
  for (const WrittenFeature& f : features) {
    OGRFeatureUniquePtr feature(OGRFeature::CreateFeature(layer->GetLayerDefn()));
    if (f.height) feature->SetField("height", *f.height);
    feature->SetField("name", "text");
    OGRGeometry* geometry = nullptr;
    if (OGRGeometryFactory::createFromWkt(f.wkt.c_str(), nullptr, &geometry) != OGRERR_NONE) {
      throw std::runtime_error("not WKT: " + f.wkt);
    }
    if (f.with_nan) geometry->toPolygon()->getExteriorRing()->setPoint(2, std::nan(""), kY0);
    feature->SetGeometryDirectly(geometry);
    if (layer->CreateFeature(feature.get()) != OGRERR_NONE) throw std::runtime_error("feature not written");
  }
}

void write_text(const std::filesystem::path& file, const std::string& text) { std::ofstream(file) << text; }

std::string rectangle_wkt(double x0, double y0, double x1, double y1) {
  return fmt::format("POLYGON(({0} {1},{2} {1},{2} {3},{0} {3},{0} {1}))", kX0 + x0, kY0 + y0, kX0 + x1, kY0 + y1);
}

Position position(double x, double y) {
  OGRSpatialReference wgs84;
  wgs84.SetWellKnownGeogCS("WGS84");
  wgs84.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  const OGRSpatialReference crs = utm50();
  const std::unique_ptr<OGRCoordinateTransformation> t(OGRCreateCoordinateTransformation(&crs, &wgs84));
  double lon = kX0 + x;
  double lat = kY0 + y;
  t->Transform(1, &lon, &lat);
  return {lon, lat};
}

void write_usual_region(const std::filesystem::path& dir) {
  write_terrain(dir / "terrain.tif");
  write_buildings(dir / "buildings.gpkg", {{rectangle_wkt(300, 300, 340, 340), 40.0}});
  const Position zone = position(700, 700);
  write_text(dir / "zones.json",
             fmt::format(R"({{"features":[{{"identifier":"Z1","name":"Heliport","restriction":"PROHIBITED",
    "applicability":[{{"permanent":"YES"}}],"geometry":[{{"uomDimensions":"M","lowerLimit":"0","lowerVerticalReference":"AGL",
    "upperLimit":500,"upperVerticalReference":"AMSL","horizontalProjection":{{"type":"Circle","center":[{:.9f},{:.9f}],
    "radius":50}}}}]}}]}})",
                         zone.lon_deg, zone.lat_deg));
  const Position hub = position(100, 100);
  const Position kiosk = position(900, 500);
  write_text(dir / "pads.geojson", fmt::format(R"({{"type":"FeatureCollection","features":[
    {{"type":"Feature","geometry":{{"type":"Point","coordinates":[{:.9f},{:.9f}]}},
      "properties":{{"id":"H1","name":"Hub","kind":"hub","slots":2}}}},
    {{"type":"Feature","geometry":{{"type":"Point","coordinates":[{:.9f},{:.9f}]}},
      "properties":{{"id":"K1","name":"Kiosk","kind":"kiosk","slots":1}}}}]}})",
                                               hub.lon_deg, hub.lat_deg, kiosk.lon_deg, kiosk.lat_deg));
  write_text(dir / "region.toml", R"([region]
name = "usual"
vertical_datum = "test"
[[terrain]]
path = "terrain.tif"
[[obstacles]]
path = "buildings.gpkg"
height_field = "height"
[[geozones]]
path = "zones.json"
[[pads]]
path = "pads.geojson"
)");
}

}  // namespace swiftlet::test
