#include "maps/referee/zone_footprint.hpp"

#include <fmt/core.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "maps/referee/reprojection.hpp"

namespace swiftlet::maps::referee {
namespace {

using nlohmann::json;

constexpr double kMetresPerDegree = 111'000.0;
constexpr double kLongestEdge_m = 100.0;
constexpr std::size_t kMostPositions = 100'000;
constexpr double kWidestCircle_m = 500'000.0;

Unexpected bad(const std::string& field, const json& value, const char* expected, const std::string& where) {
  return fail(ErrorCode::value_invalid,
              fmt::format("{} is {}; expected {}", field,
                          value.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 80), expected),
              where);
}

Expected<Point2> read_position(const json& value, const char* field, const std::string& where) {
  if (!value.is_array() || value.size() < 2 || !value[0].is_number() || !value[1].is_number()) {
    return bad(field, value, "[longitude, latitude]", where);
  }
  const Point2 p{value[0].get<double>(), value[1].get<double>()};
  if (!(std::abs(p.x) <= 180.0 && std::abs(p.y) <= 90.0)) {
    return bad(field, value, "longitude and latitude in degrees", where);
  }
  return p;
}

bool apart(const Box& box, double by_deg, const DegreeBox& around) {
  const Box near{.min_x = around.south_west.lon_deg,
                 .min_y = around.south_west.lat_deg,
                 .max_x = around.north_east.lon_deg,
                 .max_y = around.north_east.lat_deg};
  return !near.meets(box, by_deg);
}

/// A zone that lies far off as it stands, and in the region with its axes swapped, is one that says latitude first.
Unexpected latitude_first(const std::string& where) {
  return fail(ErrorCode::geometry_invalid,
              "is far from the region, but in it with longitude and latitude swapped; expected [longitude, latitude]",
              where);
}

Box swapped(const Box& box) { return {.min_x = box.min_y, .min_y = box.min_x, .max_x = box.max_y, .max_y = box.max_x}; }

void cut_long_edges(Ring& ring) {
  Ring cut{ring.front()};
  for (std::size_t i = 1; i < ring.size(); ++i) {
    const Point2 a = ring[i - 1];
    const Point2 b = ring[i];
    const double pieces = std::ceil(std::hypot(b.x - a.x, b.y - a.y) * kMetresPerDegree / kLongestEdge_m);
    for (double k = 1.0; k < pieces; k += 1.0) {
      cut.push_back({a.x + k / pieces * (b.x - a.x), a.y + k / pieces * (b.y - a.y)});
    }
    cut.push_back(b);
  }
  ring = std::move(cut);
}

Expected<std::optional<Part>> read_polygon(const json& projection, const DegreeBox& around,
                                           const OGRSpatialReference& local, const GeosContext& context,
                                           const std::string& where) {
  const auto rings = projection.find("coordinates");
  if (rings == projection.end() || !rings->is_array() || rings->empty()) {
    return fail(ErrorCode::value_invalid, "coordinates: expected a list of rings", where);
  }
  Part part;
  for (const json& source : *rings) {
    if (!source.is_array() || source.size() < 4 || source.size() > kMostPositions) {
      return bad("coordinates", source.size(), "a ring of 4 to 100 000 positions", where);
    }
    Ring& ring = part.rings.emplace_back();
    for (const json& position : source) {
      const auto p = read_position(position, "coordinates", where);
      if (!p) return tl::make_unexpected(p.error());
      ring.push_back(*p);
    }
    if (ring.front().x != ring.back().x || ring.front().y != ring.back().y) {
      return fail(ErrorCode::geometry_invalid, "a ring is not closed; expected its first position again at its end",
                  where);
    }
  }
  if (const auto fault = what_is_invalid(context, part)) {
    return fail(ErrorCode::geometry_invalid, fmt::format("{}; expected a simple polygon", *fault), where);
  }
  if (apart(bounds(part), 0.0, around)) {
    if (!apart(swapped(bounds(part)), 0.0, around)) return latitude_first(where);
    return std::optional<Part>();
  }
  const auto to_local = Reprojection::between(*wgs84_lonlat(), local, where);
  if (!to_local) return tl::make_unexpected(to_local.error());
  for (Ring& ring : part.rings) {
    cut_long_edges(ring);
    if (!to_local->apply(ring)) return fail(ErrorCode::geometry_invalid, "is too far from the region", where);
  }
  return std::optional(std::move(part));
}

Expected<std::optional<Part>> read_circle(const json& projection, const DegreeBox& around,
                                          const OGRSpatialReference& local, const std::string& where) {
  const auto centre = projection.find("center");
  if (centre == projection.end()) return fail(ErrorCode::value_invalid, "a Circle needs center", where);
  const auto at = read_position(*centre, "center", where);
  if (!at) return tl::make_unexpected(at.error());
  const auto stated = projection.find("radius");
  if (stated == projection.end()) return fail(ErrorCode::value_invalid, "a Circle needs radius", where);
  const auto radius = read_number(*stated, "radius", where);
  if (!radius) return tl::make_unexpected(radius.error());
  if (!(*radius > 0.0 && *radius <= kWidestCircle_m)) return bad("radius", *stated, "metres above 0", where);

  Box box;
  box.include(*at);
  const double widest = std::max(0.05, std::cos(at->y * std::numbers::pi / 180.0));
  const double reach_deg = *radius / kMetresPerDegree / widest * 1.01;
  if (apart(box, reach_deg, around)) {
    if (!apart(swapped(box), reach_deg, around)) return latitude_first(where);
    return std::optional<Part>();
  }
  const auto to_local =
      Reprojection::between(*azimuthal_equidistant({.lon_deg = at->x, .lat_deg = at->y}), local, where);
  if (!to_local) return tl::make_unexpected(to_local.error());
  const double corners = std::ceil(std::clamp(std::numbers::pi * std::sqrt(*radius / 0.004), 360.0, 8192.0));
  const double enclosing = *radius / std::cos(std::numbers::pi / corners);
  Ring ring;
  for (double k = 0.0; k < corners; k += 1.0) {
    const double azimuth = 2.0 * std::numbers::pi * k / corners;
    ring.push_back({enclosing * std::cos(azimuth), enclosing * std::sin(azimuth)});
  }
  ring.push_back(ring.front());
  if (!to_local->apply(ring)) return fail(ErrorCode::geometry_invalid, "is too far from the region", where);
  ring.back() = ring.front();
  Part part;
  part.rings.push_back(std::move(ring));
  return std::optional(std::move(part));
}

}  // namespace

Expected<double> read_number(const nlohmann::json& value, const char* field, const std::string& where) {
  double number = NAN;
  if (value.is_number()) {
    number = value.get<double>();
  } else if (value.is_string()) {
    const std::string& text = value.get_ref<const std::string&>();
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size()) number = NAN;
  }
  if (!std::isfinite(number)) return bad(field, value, "a number", where);
  return number;
}

Expected<std::optional<Part>> read_footprint(const nlohmann::json& projection, const DegreeBox& around,
                                             const OGRSpatialReference& local, const GeosContext& context,
                                             const std::string& where) {
  const auto type = projection.is_object() ? projection.find("type") : projection.end();
  if (!projection.is_object() || type == projection.end()) {
    return fail(ErrorCode::value_invalid, "horizontalProjection: expected an object with a type", where);
  }
  if (*type == "Polygon") return read_polygon(projection, around, local, context, where);
  if (*type == "Circle") return read_circle(projection, around, local, where);
  return bad("horizontalProjection.type", *type, "Polygon or Circle", where);
}

}  // namespace swiftlet::maps::referee
