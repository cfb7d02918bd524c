#include "tools/verify_output.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "geo/policy_fields.hpp"

namespace swiftlet::tools {
namespace {

using nlohmann::ordered_json;

/// A tenth of a millimetre: finer than anything that is promised, and short to read.
double metres(double value) { return std::round(value * 1e4) / 1e4; }
double degrees(double value) { return std::round(value * 1e9) / 1e9; }

ordered_json metres(const std::optional<double>& value) {
  return value ? ordered_json(metres(*value)) : ordered_json(nullptr);
}

ordered_json cause_json(const std::optional<ErrorCause>& cause) {
  if (!cause) return nullptr;
  return {{"kind", cause->kind}, {"id", cause->id}};
}

std::string line(const ordered_json& object) {
  return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json head(const std::string& id, bool ok) {
  return {{"schema", "swiftlet.verify/1"}, {"id", id}, {"ok", ok}, {"violations", ordered_json::array()}};
}

ordered_json violation_json(const geo::Violation& violation) {
  return {{"rule", violation.rule},
          {"segment", violation.segment},
          {"lon", degrees(violation.at.lon_deg)},
          {"lat", degrees(violation.at.lat_deg)},
          {"alt_msl_m", metres(violation.at.alt_msl_m)},
          {"required_m", metres(violation.required_m)},
          {"actual_m", metres(violation.actual_m)},
          {"cause", cause_json(violation.cause)}};
}

/// The fields of a policy that allow what the region's does not. The cells' width allows nothing.
std::vector<std::string> looser(const geo::Policy& policy, const geo::Policy& region) {
  std::vector<std::string> fields;
  for (const geo::PolicyField& field : geo::policy_fields()) {
    if (field.member == &geo::Policy::cell_m) continue;
    const bool more_is_looser = field.member == &geo::Policy::max_height_agl_m;
    const double by = policy.*field.member - region.*field.member;
    if (more_is_looser ? by > 0.0 : by < 0.0) fields.emplace_back(field.key);
  }
  if (policy.fly_under && !region.fly_under) fields.emplace_back(geo::kFlyUnder);
  return fields;
}

}  // namespace

ordered_json violations_json(const std::vector<geo::Violation>& violations) {
  ordered_json list = ordered_json::array();
  for (const geo::Violation& violation : violations) list.push_back(violation_json(violation));
  return list;
}

std::string verdict_line(const std::string& id, const Grounds& grounds, const geo::RefereeReport& report) {
  ordered_json out = head(id, report.ok());
  out["violations"] = violations_json(report.violations);
  out["min_lateral_clearance_m"] = metres(report.min_lateral_clearance_m);
  out["min_vertical_clearance_m"] = metres(report.min_vertical_clearance_m);
  out["nearest"] = nullptr;
  if (report.nearest) {
    out["nearest"] = {{"kind", report.nearest->obstacle.kind},
                      {"id", report.nearest->obstacle.id},
                      {"lon", degrees(report.nearest->at.lon_deg)},
                      {"lat", degrees(report.nearest->at.lat_deg)},
                      {"alt_msl_m", metres(report.nearest->at.alt_msl_m)}};
  }
  out["min_height_agl_m"] = metres(report.min_height_agl_m);
  out["max_height_agl_m"] = metres(report.max_height_agl_m);
  out["geozones"] = report.geozones;
  // A route brings its own policy; who reads the verdict must see by which one it was judged.
  for (const geo::PolicyField& field : geo::policy_fields()) {
    out["policy"][std::string(field.key)] = grounds.policy.*field.member;
  }
  out["policy"][std::string(geo::kFlyUnder)] = grounds.policy.fly_under;
  out["looser_than_region"] = looser(grounds.policy, grounds.region);
  out["not_judged"] = grounds.not_judged;
  return line(out);
}

std::string skipped_line(const std::string& id, const std::string& status) {
  ordered_json out = head(id, true);
  out["skipped"] = status;
  return line(out);
}

std::string unreadable_line(const Error& error) {
  ordered_json out = head("", false);
  out["error"] = {{"code", name(error.code)}, {"message", error.message}, {"field", error.where}};
  return line(out);
}

}  // namespace swiftlet::tools
