#include "planner/explanation_json.hpp"

#include <cmath>

namespace swiftlet::planner {
namespace {

using nlohmann::ordered_json;

double milli(double value) { return std::round(value * 1e3) / 1e3 + 0.0; }
double degrees(double value) { return std::round(value * 1e8) / 1e8 + 0.0; }

ordered_json to_json(const std::optional<ErrorCause>& cause) {
  return cause ? ordered_json{{"kind", cause->kind}, {"id", cause->id}} : ordered_json(nullptr);
}

ordered_json to_json(const Explanation::End& end) {
  return {{"deck_msl_m", milli(end.deck_msl_m)},
          {"transit_msl_m", milli(end.transit_msl_m)},
          {"aside_m", milli(end.aside_m)}};
}

ordered_json to_json(const Explanation::Straight& straight) {
  ordered_json out{{"free", straight.free}, {"blocked_by", to_json(straight.blocked_by)}, {"where", nullptr}};
  if (straight.at) {
    out["where"] = {{"lon", degrees(straight.at->lon_deg)},
                    {"lat", degrees(straight.at->lat_deg)},
                    {"alt_msl_m", milli(straight.at->alt_msl_m)}};
  }
  return out;
}

}  // namespace

ordered_json explanation_json(const Explanation& e) {
  ordered_json out = ordered_json::object();
  if (e.start) out["start"] = to_json(*e.start);
  if (e.goal) out["goal"] = to_json(*e.goal);
  if (e.straight) out["straight"] = to_json(*e.straight);
  out["search"] = {{"found_by", e.found_by}, {"tracks", e.tracks}, {"work_units", e.work_units}};
  if (e.bound) {
    out["time_bound"] = {{"ground_m", milli(e.bound->ground_m)},
                         {"across_s", milli(e.bound->across_s)},
                         {"climb_s", milli(e.bound->climb_s)},
                         {"landing_s", milli(e.bound->landing_s)}};
  }
  ordered_json& binding = out["binding"] = ordered_json::array();
  for (const Explanation::Binding& b : e.binding) {
    ordered_json one{{"what", b.what}, {"cause", to_json(b.cause)}};
    if (b.what != "geozone") {
      one["value_m"] = milli(b.value_m);
      one["limit_m"] = milli(b.limit_m);
    }
    binding.push_back(std::move(one));
  }
  return out;
}

ordered_json difference_json(const Difference& d) {
  return {{"kind", d.kind}, {"of", to_json(d.of)}, {"side", d.side}, {"apart_m", milli(d.apart_m)}};
}

void add_hints(const Hints& hints, ordered_json& hint) {
  if (hints.depart_after) hint["depart_after"] = format_rfc3339(*hints.depart_after);
  if (hints.max_height_agl_m) hint["max_height_agl_m"] = milli(*hints.max_height_agl_m);
  if (!hints.pad.empty()) hint["pad"] = hints.pad;
}

}  // namespace swiftlet::planner
