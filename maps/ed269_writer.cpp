#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "maps/zone_times_writer.hpp"
#include "maps/zone_writer.hpp"

namespace swiftlet::maps {
namespace {

using nlohmann::ordered_json;

constexpr std::array kReasons{"AIR_TRAFFIC", "SENSITIVE", "PRIVACY",           "POPULATION", "NATURE",
                              "NOISE",       "EMERGENCY", "FOREIGN_TERRITORY", "OTHER"};

std::string one_text(const Texts& texts) {
  const auto english =
      std::find_if(texts.begin(), texts.end(), [](const auto& text) { return text.lang.starts_with("en"); });
  if (english != texts.end()) return english->text;
  return texts.empty() ? "" : texts.front().text;
}

void put(ordered_json& object, const char* name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

ordered_json ring_of(const std::vector<LonLat>& ring) {
  ordered_json out = ordered_json::array();
  for (const LonLat& p : ring) out.push_back({p.lon_deg, p.lat_deg});
  out.push_back(out.front());
  return out;
}

Expected<void> put_limit(ordered_json& volume, const char* field, const char* reference_field,
                         const std::optional<PublishedLimit>& limit) {
  if (limit && limit->reference == LimitReference::wgs84) {
    return fail(ErrorCode::unsupported_format,
                fmt::format("its {} counts from the ellipsoid, which ED-269 cannot say; write ED-318", field));
  }
  volume[field] = limit ? ordered_json(limit->value) : ordered_json();
  volume[reference_field] = limit && limit->reference == LimitReference::amsl ? "AMSL" : "AGL";
  return {};
}

/// The volumes of ED-269 that one volume makes: one a polygon.
Expected<void> add_volumes(const ZoneVolume& volume, ordered_json& out) {
  ordered_json common{{"uomDimensions", volume.in_feet ? "FT" : "M"}};
  if (const auto done = put_limit(common, "lowerLimit", "lowerVerticalReference", volume.lower); !done) return done;
  if (const auto done = put_limit(common, "upperLimit", "upperVerticalReference", volume.upper); !done) return done;
  if (const auto* circle = std::get_if<ZoneCircle>(&volume.shape)) {
    common["horizontalProjection"] = {
        {"type", "Circle"}, {"center", {circle->centre.lon_deg, circle->centre.lat_deg}}, {"radius", circle->radius_m}};
    out.push_back(std::move(common));
    return {};
  }
  for (const ZonePolygon& polygon : std::get<std::vector<ZonePolygon>>(volume.shape)) {
    ordered_json rings = ordered_json::array();
    for (const auto& ring : polygon.rings) rings.push_back(ring_of(ring));
    out.push_back(common);
    out.back()["horizontalProjection"] = {{"type", "Polygon"}, {"coordinates", std::move(rings)}};
  }
  return {};
}

Expected<ordered_json> applicability_of(const PublishedZone& zone) {
  if (zone.applicability.empty()) return ordered_json::array({{{"permanent", "YES"}}});
  auto times = publish_times(zone.applicability);
  if (!times) return times;
  for (ordered_json& entry : *times) entry["permanent"] = "NO";
  return times;
}

ordered_json authority_of(const ZoneAuthority& a) {
  ordered_json out = ordered_json::object();
  put(out, "name", one_text(a.name));
  put(out, "service", one_text(a.service));
  put(out, "contactName", one_text(a.contact_name));
  put(out, "siteURL", a.site_url);
  put(out, "email", a.email);
  put(out, "phone", a.phone);
  put(out, "purpose", a.purpose);
  put(out, "intervalBefore", a.interval_before);
  return out;
}

Expected<ordered_json> zone_of(const PublishedZone& zone) {
  ordered_json out{{"identifier", zone.id}, {"country", zone.country.empty() ? "XXX" : zone.country}};
  put(out, "name", one_text(zone.name));
  out["type"] = zone.variant;
  out["restriction"] = geo::ed269_name(zone.restriction);
  put(out, "restrictionConditions", zone.restriction_conditions);
  if (zone.region) out["region"] = *zone.region;
  out["reason"] = ordered_json::array();
  for (const std::string& reason : zone.reasons) {
    const bool known = std::find(kReasons.begin(), kReasons.end(), reason) != kReasons.end();
    out["reason"].push_back(known ? reason : "OTHER");
  }
  put(out, "otherReasonInfo", one_text(zone.other_reason));
  put(out, "regulationExemption", zone.regulation_exemption);
  put(out, "message", one_text(zone.message));
  auto times = applicability_of(zone);
  if (!times) return times;
  out["applicability"] = std::move(*times);
  out["zoneAuthority"] = ordered_json::array();
  for (const ZoneAuthority& authority : zone.authorities) out["zoneAuthority"].push_back(authority_of(authority));
  if (zone.authorities.empty()) out["zoneAuthority"].push_back(authority_of(ZoneAuthority()));
  out["geometry"] = ordered_json::array();
  for (const ZoneVolume& volume : zone.volumes) {
    if (const auto done = add_volumes(volume, out["geometry"]); !done) return Unexpected(done.error());
  }
  return out;
}

}  // namespace

Expected<ordered_json> to_ed269(const std::vector<PublishedZone>& zones, const std::string& title) {
  ordered_json document{{"title", title}, {"features", ordered_json::array()}};
  for (const PublishedZone& zone : zones) {
    auto written = zone_of(zone);
    if (!written) {
      written.error().where = "zone " + zone.id;
      return written;
    }
    document["features"].push_back(std::move(*written));
  }
  return document;
}

}  // namespace swiftlet::maps
