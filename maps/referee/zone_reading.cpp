#include "maps/referee/zone_reading.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "maps/intake/json_source.hpp"
#include "maps/referee/zone_footprint.hpp"
#include "maps/referee/zone_geojson.hpp"

namespace swiftlet::maps::referee {
namespace {

using nlohmann::json;

constexpr double kMetresPerFoot = 0.3048;

const json* member(const json& object, const char* name) {
  const auto it = object.find(name);
  return it == object.end() || it->is_null() ? nullptr : &*it;
}

Unexpected bad(const std::string& field, const json& value, const char* expected, const std::string& where) {
  return fail(ErrorCode::value_invalid,
              fmt::format("{} is {}; expected {}", field,
                          value.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 80), expected),
              where);
}

/// What stands in both formats where there is no upper limit.
constexpr double kNoLimit = 99999.0;

Expected<std::optional<ZoneLimit>> read_limit(const json& volume, const char* field, const char* reference_field,
                                              double metres_per_unit, const ZoneSurroundings& region,
                                              const std::string& where) {
  const json* value = member(volume, field);
  if (value == nullptr) return std::optional<ZoneLimit>();
  const auto number = read_number(*value, field, where);
  if (!number) return tl::make_unexpected(number.error());
  if (*number == kNoLimit && std::string_view(field) == "upperLimit") return std::optional<ZoneLimit>();
  const json* reference = member(volume, reference_field);
  if (reference == nullptr) return fail(ErrorCode::value_invalid, fmt::format("{} is absent", reference_field), where);
  if (*reference == "WGS84") {
    if (!region.ellipsoid_minus_datum_m) {
      return fail(ErrorCode::value_invalid,
                  fmt::format("{} counts from the ellipsoid; expected ellipsoid_minus_datum_m in the region", field),
                  where);
    }
    const double above_datum_m = *number * metres_per_unit - *region.ellipsoid_minus_datum_m;
    return std::optional(ZoneLimit{.value_m = above_datum_m, .above_ground = false});
  }
  if (*reference != "AGL" && *reference != "AMSL") return bad(reference_field, *reference, "AGL, AMSL or WGS84", where);
  return std::optional(ZoneLimit{.value_m = *number * metres_per_unit, .above_ground = *reference == "AGL"});
}

/// Adds one volume; nothing is added where it is far from the region.
std::optional<Error> read_volume(const json& volume, Zone zone, const ZoneSurroundings& region,
                                 const std::string& where, std::vector<Zone>& out) {
  if (!volume.is_object()) return bad("geometry", volume, "an object", where).value();
  double metres_per_unit = 1.0;
  if (const json* unit = member(volume, "uomDimensions")) {
    if (*unit != "M" && *unit != "FT") return bad("uomDimensions", *unit, "M or FT", where).value();
    if (*unit == "FT") metres_per_unit = kMetresPerFoot;
  }
  const auto lower = read_limit(volume, "lowerLimit", "lowerVerticalReference", metres_per_unit, region, where);
  if (!lower) return lower.error();
  const auto upper = read_limit(volume, "upperLimit", "upperVerticalReference", metres_per_unit, region, where);
  if (!upper) return upper.error();
  if (*lower && *upper && (*lower)->above_ground == (*upper)->above_ground && (*lower)->value_m > (*upper)->value_m) {
    return bad("upperLimit", volume.at("upperLimit"), "a limit not below lowerLimit", where).value();
  }
  zone.lower = *lower;
  zone.upper = *upper;
  const json* projection = member(volume, "horizontalProjection");
  if (projection == nullptr) {
    return Error{.code = ErrorCode::value_invalid, .message = "horizontalProjection is absent", .where = where};
  }
  auto footprint = read_footprint(*projection, region.around, region.local, region.context, where);
  if (!footprint) return footprint.error();
  if (!*footprint) return std::nullopt;
  zone.footprint = std::move(**footprint);
  zone.entered = grown(region.context, zone.footprint, -kTolerance_m);
  zone.box = bounds(zone.footprint);
  out.push_back(std::move(zone));
  return std::nullopt;
}

Expected<std::vector<Zone>> read_ed269_zone(const json& source, const ZoneSurroundings& region,
                                            const std::string& where) {
  const json* identifier = member(source, "identifier");
  if (identifier == nullptr || !identifier->is_string() || identifier->get_ref<const std::string&>().empty()) {
    return fail(ErrorCode::value_invalid, "identifier: expected a text that is not empty", where);
  }
  Zone zone{.id = identifier->get<std::string>()};
  const std::string here = fmt::format("{}, zone {}", where, zone.id);
  const json* restriction = member(source, "restriction");
  if (restriction == nullptr) return fail(ErrorCode::value_invalid, "restriction is absent", here);
  zone.prohibited = *restriction == "PROHIBITED";
  zone.needs_authorisation = *restriction == "REQ_AUTHORISATION" || *restriction == "REQ_AUTHORIZATION" ||
                             *restriction == "CONDITIONAL" || *restriction == "USPACE";
  if (!zone.prohibited && !zone.needs_authorisation && *restriction != "NO_RESTRICTION") {
    return bad("restriction", *restriction, "PROHIBITED, REQ_AUTHORISATION, CONDITIONAL or NO_RESTRICTION", here);
  }
  auto schedule = read_schedule(member(source, "applicability"), member(source, "timeZone"), here);
  if (!schedule) return tl::make_unexpected(schedule.error());
  zone.schedule = std::move(*schedule);
  const json* volumes = member(source, "geometry");
  if (volumes == nullptr || !volumes->is_array() || volumes->empty()) {
    return fail(ErrorCode::value_invalid, "geometry: expected a list of volumes", here);
  }
  std::vector<Zone> zones;
  for (const json& volume : *volumes) {
    if (auto error = read_volume(volume, zone, region, here, zones)) return tl::make_unexpected(std::move(*error));
  }
  return zones;
}

}  // namespace

bool Zone::closed_to(const std::vector<std::string>& authorisations) const {
  return prohibited ||
         (needs_authorisation && std::find(authorisations.begin(), authorisations.end(), id) == authorisations.end());
}

Expected<std::vector<Zone>> read_zone(const json& source, const ZoneSurroundings& region, const std::string& where) {
  if (!source.is_object()) return bad("zone", source, "an object", where);
  if (!is_geojson(source)) return read_ed269_zone(source, region, where);
  const auto said = in_words_of_ed269(source, where);
  if (!said) return tl::make_unexpected(said.error());
  return read_ed269_zone(*said, region, where);
}

Expected<std::vector<Zone>> read_zones(const std::filesystem::path& file, const ZoneSurroundings& region) {
  const std::string where = file.string();
  const auto root = read_json_source(file);
  if (!root) return tl::make_unexpected(root.error());
  if (!root->is_object()) return fail(ErrorCode::unsupported_format, "expected an object of zones", where);
  const json* type = member(*root, "type");
  const json single = type != nullptr && *type == "Feature" ? json::array({*root}) : json();
  const json* list = single.is_array() ? &single : member(*root, "UASZoneList");
  if (list == nullptr) list = member(*root, "features");
  if (list == nullptr || !list->is_array()) {
    return fail(ErrorCode::unsupported_format, "expected zones as features or UASZoneList at its root", where);
  }
  std::vector<Zone> zones;
  for (const json& source : *list) {
    auto read = read_zone(source, region, where);
    if (!read) return tl::make_unexpected(read.error());
    std::move(read->begin(), read->end(), std::back_inserter(zones));
  }
  return zones;
}

}  // namespace swiftlet::maps::referee
