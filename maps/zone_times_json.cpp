#include "maps/zone_times_json.hpp"

#include <nlohmann/json.hpp>

namespace swiftlet::maps {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

json to_json(const geo::LocalClock& clock) {
  json offsets = json::array();
  for (const geo::LocalClock::Offset& offset : clock.offsets()) {
    offsets.push_back({offset.from.time_since_epoch().count(), offset.offset.count()});
  }
  return {{"time_zone", clock.name()}, {"offsets_ms", std::move(offsets)}};
}

std::shared_ptr<const geo::LocalClock> clock_from(const json& source) {
  std::vector<geo::LocalClock::Offset> offsets;
  for (const json& entry : source.at("offsets_ms")) {
    offsets.push_back({.from = UtcTime(milliseconds(entry.at(0).get<std::int64_t>())),
                       .offset = milliseconds(entry.at(1).get<std::int64_t>())});
  }
  return std::make_shared<const geo::LocalClock>(source.at("time_zone").get<std::string>(), std::move(offsets));
}

}  // namespace

json zone_times_to_json(const std::vector<geo::Applicability>& applicability) {
  json rules = json::array();
  for (const geo::Applicability& rule : applicability) {
    json periods = json::array();
    for (const geo::DailyPeriod& period : rule.periods) {
      json entry{{"days", period.days}, {"start_ms", period.start.count()}, {"end_ms", period.end.count()}};
      if (period.clock) entry["clock"] = to_json(*period.clock);
      periods.push_back(std::move(entry));
    }
    rules.push_back({{"start", rule.start ? json(format_rfc3339(*rule.start)) : json()},
                     {"end", rule.end ? json(format_rfc3339(*rule.end)) : json()},
                     {"periods", std::move(periods)}});
  }
  return rules;
}

std::vector<geo::Applicability> zone_times_from_json(const json& rules) {
  std::vector<geo::Applicability> out;
  for (const json& source : rules) {
    geo::Applicability rule;
    if (!source.at("start").is_null()) rule.start = parse_rfc3339(source.at("start").get<std::string>()).value();
    if (!source.at("end").is_null()) rule.end = parse_rfc3339(source.at("end").get<std::string>()).value();
    for (const json& period : source.at("periods")) {
      rule.periods.push_back({.days = period.at("days").get<unsigned>(),
                              .start = milliseconds(period.at("start_ms").get<std::int64_t>()),
                              .end = milliseconds(period.at("end_ms").get<std::int64_t>()),
                              .clock = period.contains("clock") ? clock_from(period.at("clock")) : nullptr});
    }
    out.push_back(std::move(rule));
  }
  return out;
}

}  // namespace swiftlet::maps
