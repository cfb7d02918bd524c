#include "maps/referee/zone_reading.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "maps/intake/json_source.hpp"
#include "maps/referee/zone_footprint.hpp"

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

Expected<std::optional<ZoneLimit>> read_limit(const json& volume, const char* field, const char* reference_field,
                                              double metres_per_unit, const std::string& where) {
  const json* value = member(volume, field);
  if (value == nullptr) return std::optional<ZoneLimit>();
  const auto number = read_number(*value, field, where);
  if (!number) return tl::make_unexpected(number.error());
  const json* reference = member(volume, reference_field);
  if (reference == nullptr) return fail(ErrorCode::value_invalid, fmt::format("{} is absent", reference_field), where);
  if (*reference != "AGL" && *reference != "AMSL") return bad(reference_field, *reference, "AGL or AMSL", where);
  return std::optional(ZoneLimit{.value_m = *number * metres_per_unit, .above_ground = *reference == "AGL"});
}

/// Adds one volume; nothing is added where it is far from the region.
std::optional<Error> read_volume(const json& volume, Zone zone, const DegreeBox& around,
                                 const OGRSpatialReference& local, const GeosContext& context, const std::string& where,
                                 std::vector<Zone>& out) {
  if (!volume.is_object()) return bad("geometry", volume, "an object", where).value();
  double metres_per_unit = 1.0;
  if (const json* unit = member(volume, "uomDimensions")) {
    if (*unit != "M" && *unit != "FT") return bad("uomDimensions", *unit, "M or FT", where).value();
    if (*unit == "FT") metres_per_unit = kMetresPerFoot;
  }
  const auto lower = read_limit(volume, "lowerLimit", "lowerVerticalReference", metres_per_unit, where);
  if (!lower) return lower.error();
  const auto upper = read_limit(volume, "upperLimit", "upperVerticalReference", metres_per_unit, where);
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
  auto footprint = read_footprint(*projection, around, local, context, where);
  if (!footprint) return footprint.error();
  if (!*footprint) return std::nullopt;
  zone.footprint = std::move(**footprint);
  zone.entered = grown(context, zone.footprint, -kTolerance_m);
  zone.box = bounds(zone.footprint);
  out.push_back(std::move(zone));
  return std::nullopt;
}

std::optional<Error> read_zone(const json& source, const DegreeBox& around, const OGRSpatialReference& local,
                               const GeosContext& context, const std::string& where, std::vector<Zone>& out) {
  if (!source.is_object()) return bad("zone", source, "an object", where).value();
  const json* identifier = member(source, "identifier");
  if (identifier == nullptr || !identifier->is_string() || identifier->get_ref<const std::string&>().empty()) {
    return Error{
        .code = ErrorCode::value_invalid, .message = "identifier: expected a text that is not empty", .where = where};
  }
  Zone zone{.id = identifier->get<std::string>()};
  const std::string here = fmt::format("{}, zone {}", where, zone.id);
  const json* restriction = member(source, "restriction");
  if (restriction == nullptr) {
    return Error{.code = ErrorCode::value_invalid, .message = "restriction is absent", .where = here};
  }
  zone.prohibited = *restriction == "PROHIBITED";
  zone.needs_authorisation = *restriction == "REQ_AUTHORISATION" || *restriction == "CONDITIONAL";
  if (!zone.prohibited && !zone.needs_authorisation && *restriction != "NO_RESTRICTION") {
    return bad("restriction", *restriction, "PROHIBITED, REQ_AUTHORISATION, CONDITIONAL or NO_RESTRICTION", here)
        .value();
  }
  auto schedule = read_schedule(member(source, "applicability"), here);
  if (!schedule) return schedule.error();
  zone.schedule = std::move(*schedule);
  const json* volumes = member(source, "geometry");
  if (volumes == nullptr || !volumes->is_array() || volumes->empty()) {
    return Error{.code = ErrorCode::value_invalid, .message = "geometry: expected a list of volumes", .where = here};
  }
  for (const json& volume : *volumes) {
    if (auto error = read_volume(volume, zone, around, local, context, here, out)) return error;
  }
  return std::nullopt;
}

}  // namespace

bool Zone::closed_to(const std::vector<std::string>& authorisations) const {
  return prohibited ||
         (needs_authorisation && std::find(authorisations.begin(), authorisations.end(), id) == authorisations.end());
}

Expected<std::vector<Zone>> read_zones(const std::filesystem::path& file, const DegreeBox& around,
                                       const OGRSpatialReference& local, const GeosContext& context) {
  const std::string where = file.string();
  const auto root = read_json_source(file);
  if (!root) return tl::make_unexpected(root.error());
  if (!root->is_object()) return fail(ErrorCode::unsupported_format, "expected an ED-269 object", where);
  const json* list = member(*root, "UASZoneList");
  if (list == nullptr) list = member(*root, "features");
  const json* type = member(*root, "type");
  if (list == nullptr || !list->is_array() || (type != nullptr && *type == "FeatureCollection")) {
    return fail(ErrorCode::unsupported_format, "expected ED-269 with features or UASZoneList at its root", where);
  }
  std::vector<Zone> zones;
  for (const json& source : *list) {
    if (auto error = read_zone(source, around, local, context, where, zones))
      return tl::make_unexpected(std::move(*error));
  }
  return zones;
}

}  // namespace swiftlet::maps::referee
