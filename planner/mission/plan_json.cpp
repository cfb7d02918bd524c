#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "planner/mission/mission_parsers.hpp"

namespace swiftlet::planner::mission {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kAboveSea = 0;
constexpr int kAboveHome = 3;

/// Reads a plan's numbers and keeps the first thing that is wrong.
class PlanReader {
 public:
  explicit PlanReader(const std::string& source) : source_(source) {}

  Expected<Mission> read(const Json& plan) {
    if (plan.value("fileType", std::string()) != "Plan" || !plan.contains("mission")) {
      return fail(ErrorCode::unsupported_format, "is no QGroundControl plan: \"fileType\" must be \"Plan\"", source_);
    }
    if (const auto version = plan.find("version"); version != plan.end() && *version != 1) {
      return fail(ErrorCode::unsupported_format, fmt::format("version {} must be 1", version->dump()), source_);
    }
    Mission out;
    const Json& mission = plan.at("mission");
    out.home = place(member(mission, "plannedHomePosition"), "mission.plannedHomePosition");
    if (const auto speed = mission.find("cruiseSpeed"); speed != mission.end() && speed->is_number()) {
      out.cruise_speed_m_s = speed->get<double>();
    }
    const Json& items = member(mission, "items");
    for (std::size_t k = 0; items.is_array() && k < items.size(); ++k) add_item(items[k], k, out);
    if (const auto fence = plan.find("geoFence"); fence != plan.end()) add_fences(*fence, out);
    if (const auto rally = plan.find("rallyPoints"); rally != plan.end()) {
      for (const Json& point : member(*rally, "points")) {
        GeoPoint p = place(point, "rallyPoints.points");
        p.alt_msl_m += out.home.alt_msl_m;  // the file counts from home
        out.rally_points.push_back(p);
      }
    }
    if (problem_) return Unexpected(*problem_);
    if (out.items.empty()) return fail(ErrorCode::value_invalid, "holds no item", source_ + ": mission.items");
    return out;
  }

 private:
  void note(ErrorCode code, std::string message, const std::string& field) {
    if (!problem_) problem_ = Error{.code = code, .message = std::move(message), .where = source_ + ": " + field};
  }

  const Json& member(const Json& object, const char* key) {
    static const Json kNone;
    const auto found = object.is_object() ? object.find(key) : object.end();
    if (object.is_object() && found != object.end()) return *found;
    note(ErrorCode::value_invalid, fmt::format("\"{}\" is missing", key), key);
    return kNone;
  }

  double number(const Json& value, const std::string& field) {
    if (value.is_number()) return value.get<double>();
    note(ErrorCode::value_invalid, fmt::format("{} must be a number", value.dump()), field);
    return 0.0;
  }

  LonLat lonlat(const Json& pair, const std::string& field) {
    if (!pair.is_array() || pair.size() < 2) {
      note(ErrorCode::value_invalid, "must be [lat, lon]", field);
      return {};
    }
    const LonLat p{number(pair[1], field), number(pair[0], field)};
    if (!(std::abs(p.lat_deg) <= 90.0 && std::abs(p.lon_deg) <= 180.0)) {
      note(ErrorCode::value_invalid, "lat must be within 90 and lon within 180 degrees", field);
    }
    return p;
  }

  GeoPoint place(const Json& triple, const std::string& field) {
    if (!triple.is_array() || triple.size() != 3) {
      note(ErrorCode::value_invalid, "must be [lat, lon, altitude]", field);
      return {};
    }
    const LonLat p = lonlat(triple, field);
    return {p.lon_deg, p.lat_deg, number(triple[2], field)};
  }

  void add_item(const Json& item, std::size_t k, Mission& out) {
    const std::string field = fmt::format("mission.items[{}]", k);
    if (!item.is_object() || item.value("type", std::string()) != "SimpleItem") {
      note(ErrorCode::unsupported_format, "only items of type SimpleItem are understood", field);
      return;
    }
    const Json& params = member(item, "params");
    if (!params.is_array() || params.size() != 7) {
      note(ErrorCode::value_invalid, "params must be seven numbers", field);
      return;
    }
    std::array<double, 7> p{};
    for (std::size_t i = 0; i < p.size(); ++i) {
      p[i] = params[i].is_null() ? (i < 4 ? std::numeric_limits<double>::quiet_NaN() : 0.0) : number(params[i], field);
    }
    const auto checked = checked_item({.seq = static_cast<int>(k) + 1,
                                       .command = number(member(item, "command"), field),
                                       .frame = number(member(item, "frame"), field),
                                       .parameters = {p[0], p[1], p[2], p[3]},
                                       .lat_deg = p[4],
                                       .lon_deg = p[5],
                                       .alt_m = p[6],
                                       .autocontinue = item.value("autoContinue", true)},
                                      source_ + ": " + field);
    if (checked) {
      out.items.push_back(*checked);
    } else if (!problem_) {
      problem_ = checked.error();
    }
  }

  void add_fences(const Json& fence, Mission& out) {
    for (const Json& polygon : member(fence, "polygons")) {
      Fence f{.corners = {}, .inclusion = polygon.value("inclusion", true)};
      for (const Json& corner : member(polygon, "polygon")) f.corners.push_back(lonlat(corner, "geoFence.polygons"));
      if (f.corners.size() < 3) note(ErrorCode::value_invalid, "a polygon needs three corners", "geoFence.polygons");
      out.fences.push_back(std::move(f));
    }
    for (const Json& entry : member(fence, "circles")) {
      const Json& circle = member(entry, "circle");
      out.fences.push_back({.corners = {lonlat(member(circle, "center"), "geoFence.circles")},
                            .radius_m = number(member(circle, "radius"), "geoFence.circles"),
                            .inclusion = entry.value("inclusion", true)});
    }
  }

  std::string source_;
  std::optional<Error> problem_;
};

Json item_json(const Item& item) {
  const bool has_place =
      item.command != static_cast<int>(Command::change_speed) && item.command != static_cast<int>(Command::delay);
  Json params = Json::array();
  for (const double p : item.parameters) params.push_back(p);
  params.push_back(has_place ? item.at.lat_deg : 0.0);
  params.push_back(has_place ? item.at.lon_deg : 0.0);
  params.push_back(has_place ? item.altitude_m : 0.0);
  Json out{{"type", "SimpleItem"},
           {"autoContinue", item.autocontinue},
           {"command", item.command},
           {"doJumpId", item.seq},
           {"frame", !has_place                          ? 2
                     : item.frame == AltitudeFrame::home ? kAboveHome
                                                         : kAboveSea},
           {"params", std::move(params)}};
  if (has_place) {
    out["Altitude"] = item.altitude_m;
    out["AltitudeMode"] = item.frame == AltitudeFrame::home ? 1 : 2;
    out["AMSLAltAboveTerrain"] = nullptr;
  }
  return out;
}

}  // namespace

Expected<Mission> parse_plan_json(std::string_view text, const std::string& source) {
  const Json plan = Json::parse(text, nullptr, false);
  if (!plan.is_object()) return fail(ErrorCode::bad_json, "is not a JSON object", source);
  try {
    return PlanReader(source).read(plan);
  } catch (const Json::exception& error) {  // a member of the wrong type, asked for with value()
    return fail(ErrorCode::value_invalid, error.what(), source);
  }
}

std::string to_plan_json(const Mission& mission, Firmware firmware, Airframe airframe) {
  Json items = Json::array();
  for (const Item& item : mission.items) items.push_back(item_json(item));
  Json polygons = Json::array(), circles = Json::array(), rally = Json::array();
  for (const Fence& fence : mission.fences) {
    if (fence.radius_m > 0.0) {
      circles.push_back(
          {{"circle",
            {{"center", {fence.corners.front().lat_deg, fence.corners.front().lon_deg}}, {"radius", fence.radius_m}}},
           {"inclusion", fence.inclusion},
           {"version", 1}});
      continue;
    }
    Json corners = Json::array();
    for (const LonLat& c : fence.corners) corners.push_back({c.lat_deg, c.lon_deg});
    polygons.push_back({{"inclusion", fence.inclusion}, {"polygon", std::move(corners)}, {"version", 1}});
  }
  for (const GeoPoint& p : mission.rally_points) {
    rally.push_back({p.lat_deg, p.lon_deg, std::round((p.alt_msl_m - mission.home.alt_msl_m) * 1e3) / 1e3});
  }
  const Json plan{{"fileType", "Plan"},
                  {"version", 1},
                  {"groundStation", "QGroundControl"},
                  {"mission",
                   {{"version", 2},
                    {"firmwareType", static_cast<int>(firmware)},
                    {"vehicleType", static_cast<int>(airframe)},
                    {"globalPlanAltitudeMode", 1},
                    {"cruiseSpeed", mission.cruise_speed_m_s},
                    {"hoverSpeed", mission.cruise_speed_m_s},
                    {"plannedHomePosition", {mission.home.lat_deg, mission.home.lon_deg, mission.home.alt_msl_m}},
                    {"items", std::move(items)}}},
                  {"geoFence", {{"version", 2}, {"circles", std::move(circles)}, {"polygons", std::move(polygons)}}},
                  {"rallyPoints", {{"version", 2}, {"points", std::move(rally)}}}};
  return plan.dump(2) + "\n";
}

}  // namespace swiftlet::planner::mission
