#include "maps/live_zone_reader.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "maps/feature_fields.hpp"
#include "maps/geozone_reader.hpp"
#include "maps/intake/json_source.hpp"
#include "maps/zone_document.hpp"

namespace swiftlet::maps {
namespace {

using nlohmann::json;

constexpr const char* kSchema = "swiftlet.live_zones/1";

std::string canonical(const json& zone) { return zone.dump(-1, ' ', false, json::error_handler_t::replace); }

Expected<geo::LiveZone> place(const json& source, const geo::Airspace& airspace, const std::string& where) {
  const auto zone = read_zone(source);
  GeozoneReading reading;
  const auto placed = zone ? place_zone(*zone,
                                        {.frame = airspace.frame,
                                         .extent = airspace.bounds.grid().extent(),
                                         .ellipsoid_minus_datum_m = airspace.ellipsoid_minus_datum_m},
                                        reading)
                           : Unexpected(zone.error());
  if (!placed) {
    Error error = placed.error();
    std::string id = text_of(member(source, "identifier"));
    if (id.empty()) id = text_of(member(member(source, "properties"), "identifier"));
    error.where = where + (id.empty() ? "" : ", zone " + id) + (error.where.empty() ? "" : ", " + error.where);
    return Unexpected(std::move(error));
  }
  return geo::LiveZone{.id = zone->id, .published = canonical(source), .volumes = std::move(reading.zones)};
}

}  // namespace

Expected<geo::LiveZone> read_live_zone(const std::string& text, const geo::Airspace& airspace,
                                       const std::string& where) {
  const auto source = parse_json_source(text, where);
  if (!source) return Unexpected(source.error());
  return place(*source, airspace, where);
}

std::string live_zones_document(const geo::Airspace& version) {
  nlohmann::ordered_json document{{"schema", kSchema},
                                  {"base", version.live ? version.live->base->hash : version.hash},
                                  {"removed", nlohmann::ordered_json::array()},
                                  {"zones", nlohmann::ordered_json::array()}};
  if (version.live) {
    for (const std::string& id : version.live->removed) document["removed"].push_back(id);
    for (const auto& [id, zone] : version.live->zones) {
      document["zones"].push_back(nlohmann::ordered_json::parse(zone->published));
    }
  }
  return document.dump();
}

Expected<geo::AirspacePtr> apply_live_zones(const geo::AirspacePtr& compiled, const std::string& document,
                                            const std::string& where) {
  const auto root = parse_json_source(document, where);
  if (!root) return Unexpected(root.error());
  const auto wrong = [&](const char* field, const std::string& wanted) {
    Error error = invalid(ErrorCode::value_invalid, field, member(*root, field), wanted).value();
    error.where = where;
    return Unexpected(std::move(error));
  };
  if (member(*root, "schema") != kSchema) return wrong("schema", fmt::format("\"{}\"", kSchema));
  if (member(*root, "base") != compiled->hash) {
    return wrong("base", fmt::format("the hash of the airspace that the zones change, \"{}\"", compiled->hash));
  }
  geo::LiveZones live{.base = compiled, .removed = {}, .zones = {}};
  const json& removed = member(*root, "removed");
  if (!removed.is_array()) return wrong("removed", "a list of ids");
  for (const json& id : removed) {
    if (!id.is_string()) return wrong("removed", "a list of ids");
    live.removed.insert(id.get<std::string>());
  }
  const json& zones = member(*root, "zones");
  if (!zones.is_array()) return wrong("zones", "a list of zones");
  for (const json& source : zones) {
    auto zone = place(source, *compiled, where);
    if (!zone) return Unexpected(zone.error());
    const std::string id = zone->id;
    if (!live.zones.emplace(id, std::make_shared<const geo::LiveZone>(std::move(*zone))).second) {
      return fail(ErrorCode::conflict, fmt::format("zone \"{}\" is there twice; give each zone once", id), where);
    }
  }
  return geo::version_with(std::move(live));
}

}  // namespace swiftlet::maps
