#include "maps/zone_properties.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "maps/feature_fields.hpp"
#include "maps/zone_schedule.hpp"

namespace swiftlet::maps {
namespace {

using nlohmann::json;

Unexpected invalid(const char* field, const json& value, const std::string& wanted) {
  return maps::invalid(ErrorCode::value_invalid, field, value, wanted);
}

/// A text that may be absent.
Expected<void> take(const json& source, const char* field, std::string& out) {
  const json& value = member(source, field);
  if (!value.is_null() && !value.is_string()) return invalid(field, value, "a text");
  if (value.is_string()) out = value.get<std::string>();
  return {};
}

/// A plain text, or a list of {text, lang}.
Expected<void> take(const json& source, const char* field, Texts& out) {
  const json& value = member(source, field);
  if (value.is_null()) return {};
  if (value.is_string()) {
    out.push_back({.lang = "", .text = value.get<std::string>()});
    return {};
  }
  const auto wrong = [&] { return invalid(field, value, "a text, or a list of {\"text\", \"lang\"}"); };
  if (!value.is_array()) return wrong();
  for (const json& entry : value) {
    LocalisedText text;
    if (!entry.is_object() || !take(entry, "text", text.text) || !take(entry, "lang", text.lang)) return wrong();
    if (text.lang == "und") text.lang.clear();
    out.push_back(std::move(text));
  }
  return {};
}

/// A text, or a list of texts.
Expected<void> take(const json& source, const char* field, std::vector<std::string>& out) {
  const json& value = member(source, field);
  if (value.is_null()) return {};
  for (const json& entry : value.is_array() ? value : json::array({value})) {
    if (!entry.is_string()) return invalid(field, value, "a list of texts");
    out.push_back(entry.get<std::string>());
  }
  return {};
}

Expected<void> take_restriction(const json& source, PublishedZone& zone) {
  // ED-269 calls it restriction, and COMMON or CUSTOMIZED type; ED-318 calls them type and variant.
  const char* field = source.contains("restriction") ? "restriction" : "type";
  const json& value = member(source, field);
  std::string name = text_of(value);
  if (name == "REQ_AUTHORIZATION") name = geo::ed269_name(geo::Restriction::requires_authorisation);
  zone.u_space = name == "USPACE";
  if (zone.u_space) name = geo::ed269_name(geo::Restriction::conditional);
  for (const auto r : {geo::Restriction::prohibited, geo::Restriction::requires_authorisation,
                       geo::Restriction::conditional, geo::Restriction::no_restriction}) {
    if (name != geo::ed269_name(r)) continue;
    zone.restriction = r;
    const char* variant = field == std::string_view("restriction") ? "type" : "variant";
    return take(source, variant, zone.variant);
  }
  return invalid(field, value, "PROHIBITED, REQ_AUTHORISATION, CONDITIONAL, NO_RESTRICTION or USPACE");
}

/// `restrictionConditions` is a text, or in some dialects a list of texts.
Expected<void> take_conditions(const json& source, PublishedZone& zone) {
  std::vector<std::string> conditions;
  if (const auto done = take(source, "restrictionConditions", conditions); !done) return done;
  for (const std::string& condition : conditions) {
    zone.restriction_conditions += (zone.restriction_conditions.empty() ? "" : "; ") + condition;
  }
  return {};
}

Expected<void> take_authorities(const json& source, PublishedZone& zone) {
  const json& list = member(source, "zoneAuthority");
  if (list.is_null()) return {};
  if (!list.is_array()) return invalid("zoneAuthority", list, "a list");
  for (const json& entry : list) {
    if (!entry.is_object()) return invalid("zoneAuthority", entry, "an object");
    ZoneAuthority a;
    for (const auto& [field, texts] :
         {std::pair("name", &a.name), std::pair("service", &a.service), std::pair("contactName", &a.contact_name)}) {
      if (const auto done = take(entry, field, *texts); !done) return done;
    }
    for (const auto& [field, text] :
         {std::pair("siteURL", &a.site_url), std::pair("email", &a.email), std::pair("phone", &a.phone),
          std::pair("purpose", &a.purpose), std::pair("intervalBefore", &a.interval_before)}) {
      if (const auto done = take(entry, field, *text); !done) return done;
    }
    if (a != ZoneAuthority()) zone.authorities.push_back(std::move(a));
  }
  return {};
}

Expected<void> take_times(const json& source, PublishedZone& zone) {
  std::string time_zone;
  if (const auto done = take(source, "timeZone", time_zone); !done) return done;
  const char* field = source.contains("limitedApplicability") ? "limitedApplicability" : "applicability";
  auto applicability = read_applicability(member(source, field), time_zone);
  if (!applicability) return Unexpected(applicability.error());
  zone.applicability = std::move(*applicability);
  return {};
}

Expected<void> take_description(const json& source, PublishedZone& zone) {
  for (const auto& [field, text] :
       {std::pair("country", &zone.country), std::pair("regulationExemption", &zone.regulation_exemption)}) {
    if (const auto done = take(source, field, *text); !done) return done;
  }
  if (zone.country == "XXX") zone.country.clear();  // what is written where ED-318 demands a country
  for (const auto& [field, texts] : {std::pair("name", &zone.name), std::pair("otherReasonInfo", &zone.other_reason),
                                     std::pair("message", &zone.message)}) {
    if (const auto done = take(source, field, *texts); !done) return done;
  }
  const json& region = member(source, "region");
  if (!region.is_null()) {
    if (!region.is_number_integer() || region.get<std::int64_t>() < 0 || region.get<std::int64_t>() > 65535) {
      return invalid("region", region, "a whole number from 0 to 65535");
    }
    zone.region = region.get<int>();
  }
  return take(source, "reason", zone.reasons);
}

}  // namespace

Expected<PublishedZone> read_properties(const json& source) {
  PublishedZone zone;
  zone.id = text_of(member(source, "identifier"));
  if (zone.id.empty()) return invalid("identifier", member(source, "identifier"), "a text that is not empty");
  const std::string full = text_of(member(member(source, "extendedProperties"), kFullIdentifier));
  if (!full.empty()) zone.id = full;
  for (const auto take_part :
       {&take_restriction, &take_conditions, &take_description, &take_authorities, &take_times}) {
    if (const auto done = take_part(source, zone); !done) return Unexpected(done.error());
  }
  return zone;
}

}  // namespace swiftlet::maps
