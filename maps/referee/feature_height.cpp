#include "maps/referee/feature_height.hpp"

#include <fmt/core.h>
#include <ogr_feature.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace swiftlet::maps::referee {
namespace {

constexpr double kAbsurd_m = 10'000.0;

Expected<int> find_column(const std::string& name, OGRFeatureDefn& layer, const std::string& where) {
  if (name.empty()) return -1;
  const int column = layer.GetFieldIndex(name.c_str());
  if (column < 0) return fail(ErrorCode::value_invalid, fmt::format("has no field \"{}\"", name), where);
  return column;
}

/// A number in a column of numbers or of text; nothing where the feature leaves it out.
Expected<std::optional<double>> read_number(const OGRFeature& feature, int column, double least,
                                            const std::string& where) {
  if (column < 0 || !feature.IsFieldSetAndNotNull(column)) return std::optional<double>();
  const OGRFieldDefn& definition = *feature.GetFieldDefnRef(column);
  double value = 0.0;
  bool is_number = true;
  if (definition.GetType() == OFTString) {
    const std::string_view text = feature.GetFieldAsString(column);
    if (text.empty()) return std::optional<double>();
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    is_number = code == std::errc() && end == text.data() + text.size();
  } else if (definition.GetType() == OFTReal || definition.GetType() == OFTInteger ||
             definition.GetType() == OFTInteger64) {
    value = feature.GetFieldAsDouble(column);
  } else {
    is_number = false;
  }
  if (!is_number || !(value >= least && value <= kAbsurd_m)) {
    return fail(ErrorCode::value_invalid,
                fmt::format("{} is \"{}\"; expected a number from {} to {}", definition.GetNameRef(),
                            feature.GetFieldAsString(column), least, kAbsurd_m),
                where);
  }
  return std::optional(value);
}

}  // namespace

Expected<HeightColumns> find_height_columns(const ObstacleSource& source, OGRFeatureDefn& layer,
                                            const std::string& where) {
  HeightColumns columns;
  for (const auto& [name, column] :
       {std::pair(&source.height_field, &columns.height), std::pair(&source.levels_field, &columns.levels),
        std::pair(&source.top_field, &columns.top), std::pair(&source.base_field, &columns.base),
        std::pair(&source.base_height_field, &columns.base_height), std::pair(&source.radius_field, &columns.radius)}) {
    const auto found = find_column(*name, layer, where);
    if (!found) return tl::make_unexpected(found.error());
    *column = *found;
  }
  return columns;
}

Expected<StatedHeights> read_heights(const ObstacleSource& source, const HeightColumns& columns,
                                     const OGRFeature& feature, const std::string& where) {
  const auto height = read_number(feature, columns.height, 0.0, where);
  if (!height) return tl::make_unexpected(height.error());
  const auto levels = read_number(feature, columns.levels, 0.0, where);
  if (!levels) return tl::make_unexpected(levels.error());
  const auto top = read_number(feature, columns.top, -kAbsurd_m, where);
  if (!top) return tl::make_unexpected(top.error());
  const auto base = read_number(feature, columns.base, -kAbsurd_m, where);
  if (!base) return tl::make_unexpected(base.error());
  const auto base_height = read_number(feature, columns.base_height, 0.0, where);
  if (!base_height) return tl::make_unexpected(base_height.error());

  StatedHeights stated{
      .above_ground_m = *height, .top_msl_m = *top, .base_msl_m = *base, .base_above_ground_m = *base_height};
  if (*levels) stated.above_ground_m = std::max(stated.above_ground_m.value_or(0.0), **levels * source.level_height_m);
  if (!stated.above_ground_m && !stated.top_msl_m) stated.above_ground_m = source.default_height_m;
  if (!stated.above_ground_m && !stated.top_msl_m) {
    return fail(ErrorCode::height_missing, "has no height, and the source no default_height_m", where);
  }
  return stated;
}

Expected<std::optional<double>> read_radius(const HeightColumns& columns, const OGRFeature& feature,
                                            const std::string& where) {
  return read_number(feature, columns.radius, 0.0, where);
}

}  // namespace swiftlet::maps::referee
