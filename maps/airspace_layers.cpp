#include "maps/airspace_layers.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "maps/airspace_rasters.hpp"
#include "maps/gdal_files.hpp"
#include "maps/local_geometry.hpp"
#include "maps/zone_times_json.hpp"

namespace swiftlet::maps {
namespace {

struct Column {
  const char* name;
  OGRFieldType type;
};

OGRLayer* create_layer(GDALDataset& dataset, const char* name, OGRSpatialReference& crs, OGRwkbGeometryType type,
                       std::initializer_list<Column> columns) {
  OGRLayer* layer = dataset.CreateLayer(name, &crs, type, nullptr);
  for (const Column& column : columns) {
    OGRFieldDefn field(column.name, column.type);
    if (layer == nullptr || layer->CreateField(&field) != OGRERR_NONE) return nullptr;
  }
  return layer;
}

OGRFeatureUniquePtr new_feature(OGRLayer& layer) {
  return OGRFeatureUniquePtr(OGRFeature::CreateFeature(layer.GetLayerDefn()));
}

bool write_obstacles(const geo::Airspace& airspace, GDALDataset& dataset, OGRSpatialReference& crs) {
  OGRLayer* layer = create_layer(dataset, "obstacles", crs, wkbMultiPolygon,
                                 {{"id", OFTString},
                                  {"kind", OFTString},
                                  {"top_msl_m", OFTReal},
                                  {"base_msl_m", OFTReal},
                                  {"enclosure_m", OFTReal}});
  if (layer == nullptr) return false;
  for (const geo::Obstacle& obstacle : airspace.obstacles) {
    const auto feature = new_feature(*layer);
    feature->SetField("id", obstacle.id.c_str());
    feature->SetField("kind", obstacle.kind.c_str());
    feature->SetField("top_msl_m", obstacle.top_msl_m);
    if (obstacle.base_msl_m) feature->SetField("base_msl_m", *obstacle.base_msl_m);
    feature->SetField("enclosure_m", obstacle.enclosure_m);
    feature->SetGeometryDirectly(to_ogr(obstacle.footprint).release());
    if (layer->CreateFeature(feature.get()) != OGRERR_NONE) return false;
  }
  return true;
}

void set_limit(OGRFeature& feature, const char* value, const char* reference,
               const std::optional<geo::ZoneLimit>& limit) {
  if (!limit) return;
  feature.SetField(value, limit->value_m);
  feature.SetField(reference, limit->reference == geo::VerticalReference::agl ? "AGL" : "AMSL");
}

bool write_zones(const geo::Airspace& airspace, GDALDataset& dataset, OGRSpatialReference& crs) {
  OGRLayer* layer = create_layer(dataset, "geozones", crs, wkbMultiPolygon,
                                 {{"id", OFTString},
                                  {"name", OFTString},
                                  {"restriction", OFTString},
                                  {"lower_m", OFTReal},
                                  {"lower_reference", OFTString},
                                  {"upper_m", OFTReal},
                                  {"upper_reference", OFTString},
                                  {"applicability", OFTString}});
  if (layer == nullptr) return false;
  for (const geo::Geozone& zone : airspace.zones) {
    const auto feature = new_feature(*layer);
    feature->SetField("id", zone.id.c_str());
    feature->SetField("name", zone.name.c_str());
    feature->SetField("restriction", std::string(geo::ed269_name(zone.restriction)).c_str());
    set_limit(*feature, "lower_m", "lower_reference", zone.lower);
    set_limit(*feature, "upper_m", "upper_reference", zone.upper);
    feature->SetField("applicability", zone_times_to_json(zone.applicability).dump().c_str());
    feature->SetGeometryDirectly(to_ogr(zone.footprint).release());
    if (layer->CreateFeature(feature.get()) != OGRERR_NONE) return false;
  }
  return true;
}

bool write_pads(const geo::Airspace& airspace, GDALDataset& dataset, OGRSpatialReference& crs) {
  OGRLayer* layer = create_layer(dataset, "pads", crs, wkbPoint,
                                 {{"id", OFTString},
                                  {"name", OFTString},
                                  {"kind", OFTString},
                                  {"slot", OFTInteger},
                                  {"lon_deg", OFTReal},
                                  {"lat_deg", OFTReal},
                                  {"deck_alt_msl_m", OFTReal}});
  if (layer == nullptr) return false;
  for (const geo::Pad& pad : airspace.pads) {
    for (std::size_t slot = 0; slot < pad.slots.size(); ++slot) {
      const GeoPoint& at = pad.slots[slot];
      const geo::Enu3 p = airspace.frame.to_local(at);
      const auto feature = new_feature(*layer);
      feature->SetField("id", pad.id.c_str());
      feature->SetField("name", pad.name.c_str());
      feature->SetField("kind", std::string(geo::name(pad.kind)).c_str());
      feature->SetField("slot", static_cast<int>(slot));
      feature->SetField("lon_deg", at.lon_deg);
      feature->SetField("lat_deg", at.lat_deg);
      feature->SetField("deck_alt_msl_m", at.alt_msl_m);
      OGRPoint point(p.x(), p.y());
      feature->SetGeometry(&point);
      if (layer->CreateFeature(feature.get()) != OGRERR_NONE) return false;
    }
  }
  return true;
}

}  // namespace

Expected<void> write_layers(const geo::Airspace& airspace, const std::filesystem::path& file) {
  start_gdal();
  // The same region gives the same bytes, whenever it is built.
  const CPLConfigOptionSetter no_clock("OGR_CURRENT_DATE", "2000-01-01T00:00:00.000Z", false);
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GPKG");
  GDALDatasetUniquePtr dataset(driver == nullptr ? nullptr
                                                 : driver->Create(file.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
  OGRSpatialReference crs;
  crs.importFromWkt(local_crs_wkt(airspace.frame.centre()).c_str());
  CPLErrorReset();
  const bool done = dataset && dataset->StartTransaction() == OGRERR_NONE && write_obstacles(airspace, *dataset, crs) &&
                    write_zones(airspace, *dataset, crs) && write_pads(airspace, *dataset, crs) &&
                    dataset->CommitTransaction() == OGRERR_NONE;
  dataset.reset();
  if (!done || CPLGetLastErrorType() >= CE_Failure) {
    return fail(ErrorCode::output_refused, fmt::format("cannot be written: {}", CPLGetLastErrorMsg()), file.string());
  }
  return {};
}

}  // namespace swiftlet::maps
