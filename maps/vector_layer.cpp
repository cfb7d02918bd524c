#include "maps/vector_layer.hpp"

#include <fmt/core.h>

#include <cmath>

#include "maps/gdal_files.hpp"

namespace swiftlet::maps {
namespace {

/// A GeoPackage's layer may be a view, which is a program: it can go on for ever and call functions. Only tables are
/// read.
Expected<void> check_is_table(GDALDataset& dataset, OGRLayer& layer, const std::string& where) {
  if (dataset.GetDriverName() != std::string_view("GPKG")) return {};
  const CPLString name = CPLString(layer.GetName()).replaceAll("'", "''");
  OGRLayer* found = dataset.ExecuteSQL(
      ("SELECT type FROM sqlite_master WHERE lower(name) = lower('" + name + "') AND type IN ('table', 'view')")
          .c_str(),
      nullptr, nullptr);
  bool is_table = false;
  if (found != nullptr) {
    const OGRFeatureUniquePtr row(found->GetNextFeature());
    is_table = row && row->GetFieldAsString(0) == std::string_view("table");
    dataset.ReleaseResultSet(found);
  }
  if (is_table) return {};
  return fail(ErrorCode::unsupported_format,
              fmt::format("its layer \"{}\" is a view; write it as a table: ogr2ogr out.gpkg in.gpkg", layer.GetName()),
              where);
}

}  // namespace

Expected<OGRLayer*> find_layer(GDALDataset& dataset, const std::string& name, const std::string& filter,
                               const std::string& where) {
  if (dataset.GetLayerCount() == 0) return fail(ErrorCode::file_unreadable, "holds no layer", where);
  std::string names;
  for (OGRLayer* one : dataset.GetLayers()) names += (names.empty() ? "" : ", ") + std::string(one->GetName());
  OGRLayer* layer = dataset.GetLayer(0);
  if (!name.empty()) {
    layer = dataset.GetLayerByName(name.c_str());
    if (layer == nullptr) {
      return fail(ErrorCode::config_invalid, fmt::format("has no layer \"{}\"; it has: {}", name, names), where);
    }
  } else if (dataset.GetLayerCount() > 1) {
    return fail(ErrorCode::config_invalid, fmt::format("has several layers; name one by layer = \"…\": {}", names),
                where);
  }
  if (const auto done = check_is_table(dataset, *layer, where); !done) return Unexpected(done.error());
  CPLErrorReset();
  // Some drivers notice a wrong filter only when it is first used.
  if (!filter.empty() && (layer->SetAttributeFilter(filter.c_str()) != OGRERR_NONE || layer->GetFeatureCount() < 0 ||
                          CPLGetLastErrorType() >= CE_Failure)) {
    return fail(ErrorCode::config_invalid,
                fmt::format("where = \"{}\" is not a filter that it understands: {}", filter, CPLGetLastErrorMsg()),
                where);
  }
  return layer;
}

Expected<int> find_field(OGRLayer& layer, const std::string& name, const std::string& where) {
  if (name.empty()) return -1;
  const int index = layer.GetLayerDefn()->GetFieldIndex(name.c_str());
  if (index < 0) return fail(ErrorCode::config_invalid, fmt::format("has no field \"{}\"", name), where);
  return index;
}

Expected<std::optional<double>> number_in(const OGRFeature& feature, int field) {
  if (field < 0 || feature.IsFieldSetAndNotNull(field) == 0) return std::optional<double>();
  const char* name = feature.GetFieldDefnRef(field)->GetNameRef();
  const OGRFieldType type = feature.GetFieldDefnRef(field)->GetType();
  double value = 0.0;
  if (type == OFTString) {
    const std::string text = feature.GetFieldAsString(field);
    if (text.empty()) return std::optional<double>();
    char* end = nullptr;
    value = CPLStrtod(text.c_str(), &end);
    if (end == text.c_str() || *end != '\0') {
      return fail(ErrorCode::value_invalid, fmt::format("{} = \"{}\" must be a number", name, text));
    }
  } else if (type == OFTReal || type == OFTInteger || type == OFTInteger64) {
    value = feature.GetFieldAsDouble(field);
  } else {
    return fail(ErrorCode::value_invalid,
                fmt::format("{} = {} must be one number, not a {}", name, feature.GetFieldAsString(field),
                            OGRFieldDefn::GetFieldTypeName(type)));
  }
  if (!std::isfinite(value)) {
    return fail(ErrorCode::value_invalid, fmt::format("{} = {} must be a finite number", name, value));
  }
  return std::optional<double>(value);
}

}  // namespace swiftlet::maps
