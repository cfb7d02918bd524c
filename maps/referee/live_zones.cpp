#include "maps/referee/live_zones.hpp"

#include <fmt/core.h>
#include <ogr_spatialref.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "geo/content_hash.hpp"
#include "maps/referee/reprojection.hpp"
#include "maps/referee/zone_geojson.hpp"
#include "maps/referee/zone_reading.hpp"

namespace swiftlet::maps::referee {
namespace {

using nlohmann::json;

std::string measured(const std::string& text) { return std::to_string(text.size()) + ":" + text + ","; }

Expected<std::string> id_of(const json& zone, const std::string& where) {
  const auto said = is_geojson(zone) ? in_words_of_ed269(zone, where) : Expected<json>(zone);
  if (!said) return tl::make_unexpected(said.error());
  const auto id = said->is_object() ? said->find("identifier") : said->end();
  if (!said->is_object() || id == said->end() || !id->is_string()) {
    return fail(ErrorCode::value_invalid, "a zone has no identifier; expected a text", where);
  }
  return id->get<std::string>();
}

}  // namespace

ZonesInForce::ZonesInForce(const Sources& sources) : hash(sources.hash) {
  for (const Zone& zone : sources.zones) zones.push_back(&zone);
}

Expected<ZonesInForce> zones_in_force(const Sources& sources, const std::string& document, const std::string& where) {
  const json root = json::parse(document, nullptr, false);
  if (root.is_discarded()) return fail(ErrorCode::bad_json, "is not JSON", where);
  if (!root.is_object() || root.value("schema", json()) != "swiftlet.live_zones/1") {
    return fail(ErrorCode::value_invalid, "schema: expected \"swiftlet.live_zones/1\"", where);
  }
  if (root.value("base", json()) != sources.hash) {
    return fail(
        ErrorCode::value_invalid,
        fmt::format("base is {}; expected that of the region, {}", root.value("base", json()).dump(), sources.hash),
        where);
  }
  std::set<std::string> removed;
  const json ids = root.value("removed", json());
  if (!ids.is_array()) return fail(ErrorCode::value_invalid, "removed: expected a list of ids", where);
  for (const json& id : ids) {
    if (!id.is_string()) return fail(ErrorCode::value_invalid, "removed: expected a list of ids", where);
    removed.insert(id.get<std::string>());
  }
  std::map<std::string, json> live;
  const json list = root.value("zones", json());
  if (!list.is_array()) return fail(ErrorCode::value_invalid, "zones: expected a list", where);
  for (const json& zone : list) {
    const auto id = id_of(zone, where);
    if (!id) return tl::make_unexpected(id.error());
    if (!live.emplace(*id, zone).second) {
      return fail(ErrorCode::conflict, fmt::format("zone {} is there twice; expected it once", *id), where);
    }
  }

  ZonesInForce in_force(sources);
  if (removed.empty() && live.empty()) return in_force;
  std::string named =
      measured("swiftlet.live_zones/1") + measured(sources.hash) + measured(std::to_string(removed.size()));
  for (const std::string& id : removed) named += measured(id);
  const GeosContext context;
  const Crs local = local_frame(sources.centre);
  for (const auto& [id, zone] : live) {
    named += measured(zone.dump());
    auto read = read_zone(zone,
                          {.around = sources.around,
                           .local = *local,
                           .context = context,
                           .ellipsoid_minus_datum_m = sources.ellipsoid_minus_datum_m},
                          where);
    if (!read) return tl::make_unexpected(read.error());
    std::move(read->begin(), read->end(), std::back_inserter(in_force.live));
  }
  in_force.hash = content_hash(named);
  std::erase_if(in_force.zones,
                [&](const Zone* zone) { return removed.contains(zone->id) || live.contains(zone->id); });
  for (const Zone& zone : in_force.live) in_force.zones.push_back(&zone);
  return in_force;
}

}  // namespace swiftlet::maps::referee
