#include "maps/ground_risk_source.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "maps/source_path.hpp"

namespace swiftlet::maps {
namespace {

bool is_raster(const std::filesystem::path& file) {
  constexpr std::array kRasters{".tif", ".tiff", ".TIF", ".TIFF", ".asc"};
  const std::string extension = file.extension().string();
  return std::find(kRasters.begin(), kRasters.end(), extension) != kRasters.end();
}

}  // namespace

GroundRiskSource read_ground_risk_source(const ConfigTable& entry, const std::filesystem::path& folder) {
  GroundRiskSource source;
  source.path = source_path(entry, "path", folder);
  source.weight = entry.number("weight", source.weight, 0.0, 1000.0);
  source.raster = is_raster(source.path);
  if (source.raster) {
    if (entry.has("nodata")) source.nodata = entry.number("nodata", 0.0);
    return source;
  }
  source.layer = entry.text("layer");
  source.where = entry.text("where");
  source.field = entry.text("field");
  source.buffer_m = entry.number("buffer_m", 0.0, 0.0, 5000.0);
  if (entry.has("people_per_km2")) source.people_per_km2 = entry.number("people_per_km2", 0.0, 0.0, kMostPeoplePerKm2);
  if (source.field.empty() && !source.people_per_km2 && !entry.has("weight")) {
    entry.reject(ErrorCode::config_invalid, "path",
                 "says nothing of people: give field or people_per_km2; or weight alone, which multiplies what the "
                 "other entries say of these places (schools, hospitals)");
  }
  return source;
}

std::string to_toml(const GroundRiskSource& source) {
  std::string out;
  const auto number = [&](std::string_view key, double value) { out += fmt::format("{} = {:#}\n", key, value); };
  const auto text = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) out += fmt::format("{} = {}\n", key, quoted_toml(value));
  };
  number("weight", source.weight);
  if (source.nodata) number("nodata", *source.nodata);
  text("layer", source.layer);
  text("where", source.where);
  text("field", source.field);
  if (source.people_per_km2) number("people_per_km2", *source.people_per_km2);
  if (!source.raster) number("buffer_m", source.buffer_m);
  return out;
}

}  // namespace swiftlet::maps
