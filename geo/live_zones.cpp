#include "geo/live_zones.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "geo/airspace.hpp"
#include "geo/content_hash.hpp"

namespace swiftlet::geo {
namespace {

bool has_zone(const Airspace& airspace, const std::string& id) {
  return std::any_of(airspace.zones.begin(), airspace.zones.end(), [&](const Geozone& zone) { return zone.id == id; });
}

/// Whether the id is of a zone that holds, though it may lie outside the region and so be in no volume.
bool holds(const Airspace& airspace, const std::string& id) {
  return has_zone(airspace, id) || (airspace.live && airspace.live->zones.contains(id));
}

LiveZones changes_of(const AirspacePtr& airspace) {
  return airspace->live ? *airspace->live : LiveZones{.base = airspace, .removed = {}, .zones = {}};
}

std::string hash_of(const LiveZones& live) {
  ContentHasher hasher;
  const auto add = [&](std::string_view text) { hasher.add(fmt::format("{}:{},", text.size(), text)); };
  add("swiftlet.live_zones/1");
  add(live.base->hash);
  add(fmt::format("{}", live.removed.size()));
  for (const std::string& id : live.removed) add(id);
  for (const auto& [id, zone] : live.zones) add(zone->published);
  return hasher.finish();
}

AirspacePtr derive(LiveZones live) {
  if (live.removed.empty() && live.zones.empty()) return live.base;
  auto version = std::make_shared<Airspace>(*live.base);
  std::erase_if(version->zones,
                [&](const Geozone& zone) { return live.removed.contains(zone.id) || live.zones.contains(zone.id); });
  for (const auto& [id, zone] : live.zones) {
    version->zones.insert(version->zones.end(), zone->volumes.begin(), zone->volumes.end());
  }
  version->hash = hash_of(live);
  version->live = std::make_shared<const LiveZones>(std::move(live));
  return version;
}

AirspacePtr with(const AirspacePtr& airspace, LiveZone zone) {
  LiveZones live = changes_of(airspace);
  live.removed.erase(zone.id);
  const std::string id = zone.id;
  live.zones[id] = std::make_shared<const LiveZone>(std::move(zone));
  return derive(std::move(live));
}

Unexpected unknown(const std::string& id) {
  return fail(ErrorCode::not_found, fmt::format("no zone \"{}\" holds; insert it, or give the id of one that does", id),
              "zone " + id);
}

}  // namespace

Expected<AirspacePtr> insert_zone(const AirspacePtr& airspace, LiveZone zone) {
  if (holds(*airspace, zone.id)) {
    return fail(ErrorCode::conflict,
                fmt::format("a zone \"{}\" holds already; change it, or insert one with an id of its own", zone.id),
                "zone " + zone.id);
  }
  return with(airspace, std::move(zone));
}

Expected<AirspacePtr> change_zone(const AirspacePtr& airspace, LiveZone zone) {
  if (!holds(*airspace, zone.id)) return unknown(zone.id);
  return with(airspace, std::move(zone));
}

Expected<AirspacePtr> remove_zone(const AirspacePtr& airspace, const std::string& id) {
  if (!holds(*airspace, id)) return unknown(id);
  LiveZones live = changes_of(airspace);
  live.zones.erase(id);
  if (has_zone(*live.base, id)) live.removed.insert(id);
  return derive(std::move(live));
}

Expected<AirspacePtr> version_with(LiveZones live) {
  if (!live.base || live.base->live) throw std::invalid_argument("live zones start from an airspace as compiled");
  for (const std::string& id : live.removed) {
    if (!has_zone(*live.base, id)) return unknown(id);
    if (live.zones.contains(id)) {
      return fail(ErrorCode::conflict, fmt::format("zone \"{}\" is both removed and there; name it once", id),
                  "zone " + id);
    }
  }
  return derive(std::move(live));
}

}  // namespace swiftlet::geo
