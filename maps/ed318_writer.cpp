#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "geo/content_hash.hpp"
#include "maps/zone_properties.hpp"
#include "maps/zone_times_writer.hpp"
#include "maps/zone_writer.hpp"

namespace swiftlet::maps {
namespace {

using nlohmann::ordered_json;

// What the schemas allow.
constexpr std::size_t kLongestIdentifier = 7;
constexpr std::size_t kLongestText = 200;
constexpr std::size_t kLongestLanguage = 5;
constexpr std::size_t kMostReasons = 9;
constexpr double kUnlimited = 99999.0;
constexpr std::array kReasons{"AIR_TRAFFIC", "SENSITIVE", "PRIVACY", "POPULATION", "NATURE",
                              "NOISE",       "EMERGENCY", "DAR",     "OTHER"};

/// The number of characters of a UTF-8 text.
std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// At most so many characters of it.
std::string cut(const std::string& text, std::size_t most) {
  if (characters(text) <= most) return text;
  std::size_t end = 0;
  for (std::size_t n = 0; n < most; ++n) {
    do ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U);
  }
  return text.substr(0, end);
}

void put(ordered_json& object, const char* name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

void put(ordered_json& object, const char* name, const Texts& texts) {
  for (const LocalisedText& text : texts) {
    std::string lang = text.lang.empty() ? "und" : text.lang;
    if (lang.size() > kLongestLanguage) lang = lang.substr(0, std::min(lang.find('-'), kLongestLanguage));
    object[name].push_back({{"text", cut(text.text, kLongestText)}, {"lang", lang}});
  }
}

ordered_json ring_of(const std::vector<LonLat>& ring) {
  ordered_json out = ordered_json::array();
  for (const LonLat& p : ring) out.push_back({p.lon_deg, p.lat_deg});
  out.push_back(out.front());
  return out;
}

ordered_json rings_of(const ZonePolygon& polygon) {
  ordered_json rings = ordered_json::array();
  for (const auto& ring : polygon.rings) rings.push_back(ring_of(ring));
  return rings;
}

const char* reference_name(LimitReference reference) {
  return reference == LimitReference::agl ? "AGL" : reference == LimitReference::amsl ? "AMSL" : "WGS84";
}

ordered_json geometry_of(const ZoneVolume& volume) {
  ordered_json out;
  if (const auto* circle = std::get_if<ZoneCircle>(&volume.shape)) {
    out = {{"type", "Point"},
           {"coordinates", {circle->centre.lon_deg, circle->centre.lat_deg}},
           {"extent", {{"subType", "Circle"}, {"radius", circle->radius_m}}}};
  } else {
    const auto& polygons = std::get<std::vector<ZonePolygon>>(volume.shape);
    ordered_json parts = ordered_json::array();
    for (const ZonePolygon& polygon : polygons) parts.push_back(rings_of(polygon));
    const bool single = polygons.size() == 1;
    out = {{"type", single ? "Polygon" : "MultiPolygon"}, {"coordinates", single ? parts.front() : parts}};
  }
  ordered_json& layer = out["layer"];
  layer["upper"] = volume.upper ? volume.upper->value : kUnlimited;
  layer["upperReference"] = volume.upper ? reference_name(volume.upper->reference) : "AGL";
  if (volume.lower) {
    layer["lower"] = volume.lower->value;
    layer["lowerReference"] = reference_name(volume.lower->reference);
  }
  layer["uom"] = volume.in_feet ? "ft" : "m";
  return out;
}

ordered_json authority_of(const ZoneAuthority& a) {
  ordered_json out = ordered_json::object();
  put(out, "name", a.name);
  put(out, "service", a.service);
  put(out, "contactName", a.contact_name);
  put(out, "siteURL", a.site_url);
  put(out, "email", a.email);
  put(out, "phone", cut(a.phone, kLongestText));
  constexpr std::array kPurposes{"AUTHORIZATION", "NOTIFICATION", "INFORMATION"};
  const bool known = std::find(kPurposes.begin(), kPurposes.end(), a.purpose) != kPurposes.end();
  out["purpose"] = known ? a.purpose : "INFORMATION";
  put(out, "intervalBefore", a.interval_before);
  return out;
}

const char* type_of(const PublishedZone& zone) {
  if (zone.u_space) return "USPACE";
  if (zone.restriction == geo::Restriction::requires_authorisation) return "REQ_AUTHORIZATION";
  return geo::ed269_name(zone.restriction).data();
}

/// An identifier of seven characters for one that is longer: an X and the start of its hash.
std::string short_identifier(const std::string& id) {
  const std::string hash = content_hash(id);
  return "X" + hash.substr(hash.find(':') + 1, kLongestIdentifier - 1);
}

Expected<ordered_json> properties_of(const PublishedZone& zone) {
  const bool long_id = characters(zone.id) > kLongestIdentifier;
  ordered_json out{{"identifier", long_id ? short_identifier(zone.id) : zone.id},
                   {"country", characters(zone.country) == 3 ? zone.country : "XXX"}};
  put(out, "name", zone.name);
  out["type"] = type_of(zone);
  out["variant"] = zone.variant == "CUSTOMIZED" ? "CUSTOMIZED" : "COMMON";
  put(out, "restrictionConditions", zone.restriction_conditions);
  if (zone.region) out["region"] = *zone.region;
  for (std::size_t k = 0; k < std::min(zone.reasons.size(), kMostReasons); ++k) {
    const bool known = std::find(kReasons.begin(), kReasons.end(), zone.reasons[k]) != kReasons.end();
    out["reason"].push_back(known ? zone.reasons[k] : "OTHER");
  }
  put(out, "otherReasonInfo", zone.other_reason);
  if (zone.regulation_exemption == "YES" || zone.regulation_exemption == "NO") {
    out["regulationExemption"] = zone.regulation_exemption;
  }
  put(out, "message", zone.message);
  auto times = publish_times(zone.applicability);
  if (!times) return times;
  if (!times->empty()) out["limitedApplicability"] = std::move(*times);
  out["zoneAuthority"] = ordered_json::array();
  for (const ZoneAuthority& authority : zone.authorities) out["zoneAuthority"].push_back(authority_of(authority));
  if (zone.authorities.empty()) out["zoneAuthority"].push_back(authority_of(ZoneAuthority()));
  if (long_id) out["extendedProperties"] = {{kFullIdentifier, zone.id}};
  return out;
}

}  // namespace

Expected<ordered_json> to_ed318(const std::vector<PublishedZone>& zones, const std::string& title) {
  ordered_json document{
      {"type", "FeatureCollection"}, {"name", cut(title, kLongestText)}, {"features", ordered_json::array()}};
  for (const PublishedZone& zone : zones) {
    auto properties = properties_of(zone);
    if (!properties) {
      properties.error().where = "zone " + zone.id;
      return properties;
    }
    ordered_json volumes = ordered_json::array();
    for (const ZoneVolume& volume : zone.volumes) volumes.push_back(geometry_of(volume));
    ordered_json geometry = volumes.size() == 1
                                ? std::move(volumes.front())
                                : ordered_json{{"type", "GeometryCollection"}, {"geometries", std::move(volumes)}};
    document["features"].push_back(
        {{"type", "Feature"}, {"geometry", std::move(geometry)}, {"properties", std::move(*properties)}});
  }
  return document;
}

}  // namespace swiftlet::maps
