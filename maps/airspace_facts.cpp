#include "maps/airspace_facts.hpp"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "geo/policy_fields.hpp"
#include "maps/zone_times_json.hpp"

namespace swiftlet::maps {
namespace {

using nlohmann::ordered_json;

// A field more must be written and read here too, or it would be lost on the way through the disk.
static_assert(sizeof(geo::Wind) == 3 * sizeof(double));
static_assert(sizeof(geo::Geozone) == 208);
static_assert(sizeof(geo::Pad) == 96);

/// Thrown inside this file alone: what is wrong with the facts.
class Wrong : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

double number(const ordered_json& value, double least, double most, const char* what) {
  if (!value.is_number()) throw Wrong(fmt::format("{} is no number", what));
  const double x = value.get<double>();
  if (!(x >= least && x <= most)) throw Wrong(fmt::format("{} = {} is not between {} and {}", what, x, least, most));
  return x;
}

int whole(const ordered_json& value, int least, int most, const char* what) {
  return static_cast<int>(number(value, least, most, what));
}

constexpr double kFar_m = 1e7;

ordered_json limit_json(const std::optional<geo::ZoneLimit>& limit) {
  if (!limit) return nullptr;
  return {{"m", limit->value_m}, {"agl", limit->reference == geo::VerticalReference::agl}};
}

std::optional<geo::ZoneLimit> limit_from(const ordered_json& value) {
  if (value.is_null()) return std::nullopt;
  return geo::ZoneLimit{
      .value_m = number(value.at("m"), -kFar_m, kFar_m, "a zone's limit"),
      .reference = value.at("agl").get<bool>() ? geo::VerticalReference::agl : geo::VerticalReference::amsl};
}

std::vector<geo::Applicability> times_from(const ordered_json& rules) {
  auto applicability = zone_times_from_json(nlohmann::json(rules));
  constexpr std::chrono::milliseconds kFortnight = std::chrono::days(14);
  const auto near = [&](std::chrono::milliseconds t) { return -kFortnight <= t && t <= kFortnight; };
  for (const geo::Applicability& rule : applicability) {
    for (const geo::DailyPeriod& period : rule.periods) {
      bool sound = period.days <= 127 && near(period.start) && near(period.end);
      for (std::size_t k = 0; period.clock && k < period.clock->offsets().size(); ++k) {
        sound = sound && near(period.clock->offsets()[k].offset);
      }
      if (!sound) throw Wrong("a zone has a weekly period that is none");
    }
  }
  return applicability;
}

ordered_json zone_json(const geo::Geozone& zone, ZoneVertices& vertices) {
  ordered_json rings = ordered_json::array();  // corners of each ring, negative for a hole
  const auto add = [&](const geo::Ring& ring, int sign) {
    rings.push_back(sign * static_cast<std::int64_t>(ring.size()));
    for (const geo::Enu2& p : ring) vertices.xy_m.insert(vertices.xy_m.end(), {p.x(), p.y()});
  };
  for (const geo::Polygon& polygon : zone.footprint) {
    add(polygon.outer, 1);
    for (const geo::Ring& hole : polygon.holes) add(hole, -1);
  }
  return {{"id", zone.id},
          {"name", zone.name},
          {"restriction", static_cast<int>(zone.restriction)},
          {"lower", limit_json(zone.lower)},
          {"upper", limit_json(zone.upper)},
          {"applicability", zone_times_to_json(zone.applicability)},
          {"rings", rings}};
}

/// A zone; takes its corners off the front of `xy_m`.
geo::Geozone zone_from(const ordered_json& value, std::span<const double>& xy_m) {
  geo::Geozone zone;
  zone.id = value.at("id");
  zone.name = value.at("name");
  zone.restriction = static_cast<geo::Restriction>(
      whole(value.at("restriction"), 0, static_cast<int>(geo::Restriction::no_restriction), "a zone's restriction"));
  zone.lower = limit_from(value.at("lower"));
  zone.upper = limit_from(value.at("upper"));
  zone.applicability = times_from(value.at("applicability"));
  for (const ordered_json& count : value.at("rings")) {
    const int corners = whole(count, -100'000'000, 100'000'000, "the corners of a ring");
    const auto n = static_cast<std::size_t>(std::abs(corners));
    if (xy_m.size() / 2 < n || (corners < 0 && zone.footprint.empty())) throw Wrong("a zone has rings without corners");
    geo::Ring ring;
    ring.reserve(n);
    for (std::size_t k = 0; k < n; ++k) {
      ring.emplace_back(xy_m[2 * k], xy_m[2 * k + 1]);
      if (!(ring.back().cwiseAbs().array() <= kFar_m).all()) throw Wrong("a zone has a corner that is nowhere");
    }
    xy_m = xy_m.subspan(2 * n);
    if (corners < 0) {
      zone.footprint.back().holes.push_back(std::move(ring));
    } else {
      zone.footprint.push_back({.outer = std::move(ring), .holes = {}});
    }
  }
  zone.box = geo::bounds(zone.footprint);
  return zone;
}

ordered_json pad_json(const geo::Pad& pad) {
  ordered_json slots = ordered_json::array();
  for (const GeoPoint& slot : pad.slots) slots.push_back({slot.lon_deg, slot.lat_deg, slot.alt_msl_m});
  return {{"id", pad.id}, {"name", pad.name}, {"kind", static_cast<int>(pad.kind)}, {"slots", slots}};
}

geo::Pad pad_from(const ordered_json& value) {
  geo::Pad pad;
  pad.id = value.at("id");
  pad.name = value.at("name");
  pad.kind =
      static_cast<geo::PadKind>(whole(value.at("kind"), 0, static_cast<int>(geo::PadKind::point), "a pad's kind"));
  for (const ordered_json& slot : value.at("slots")) {
    pad.slots.push_back({.lon_deg = number(slot.at(0), -180.0, 180.0, "a slot's lon"),
                         .lat_deg = number(slot.at(1), -90.0, 90.0, "a slot's lat"),
                         .alt_msl_m = number(slot.at(2), -kFar_m, kFar_m, "a slot's deck")});
  }
  if (pad.slots.empty()) throw Wrong("a pad has no slot");
  return pad;
}

}  // namespace

ordered_json to_json(const geo::Policy& policy) {
  ordered_json out;
  for (const geo::PolicyField& field : geo::policy_fields()) out[std::string(field.key)] = policy.*field.member;
  out[std::string(geo::kFlyUnder)] = policy.fly_under;
  return out;
}

ordered_json to_json(const geo::Wind& wind) {
  return {{"speed_m_s", wind.speed_m_s}, {"from_deg", wind.from_deg}, {"at_height_m", wind.at_height_m}};
}

ordered_json to_json(const geo::GridFrame& grid) {
  return {
      {"x_m", grid.origin.x()}, {"y_m", grid.origin.y()}, {"cell_m", grid.cell_m}, {"nx", grid.nx}, {"ny", grid.ny}};
}

ordered_json facts_of(const geo::Airspace& airspace, ZoneVertices& vertices) {
  ordered_json zones = ordered_json::array();
  for (const geo::Geozone& zone : airspace.zones) zones.push_back(zone_json(zone, vertices));
  ordered_json pads = ordered_json::array();
  for (const geo::Pad& pad : airspace.pads) pads.push_back(pad_json(pad));
  return {{"name", airspace.name},
          {"hash", airspace.hash},
          {"vertical_datum", airspace.vertical_datum},
          {"ellipsoid_minus_datum_m",
           airspace.ellipsoid_minus_datum_m ? ordered_json(*airspace.ellipsoid_minus_datum_m) : ordered_json()},
          {"centre", {airspace.frame.centre().lon_deg, airspace.frame.centre().lat_deg}},
          {"grid", to_json(airspace.bounds.grid())},
          {"policy", to_json(airspace.policy)},
          {"wind", to_json(airspace.wind)},
          {"zones", zones},
          {"pads", pads}};
}

Expected<void> read_facts(const ordered_json& facts, std::span<const double> zone_xy_m, geo::Airspace& airspace) {
  try {
    airspace.name = facts.at("name");
    airspace.hash = facts.at("hash");
    airspace.vertical_datum = facts.at("vertical_datum");
    if (const auto& value = facts.at("ellipsoid_minus_datum_m"); !value.is_null()) {
      airspace.ellipsoid_minus_datum_m = number(value, -1000.0, 1000.0, "ellipsoid_minus_datum_m");
    }
    airspace.frame = geo::LocalFrame({.lon_deg = number(facts.at("centre").at(0), -180.0, 180.0, "the centre's lon"),
                                      .lat_deg = number(facts.at("centre").at(1), -83.9, 83.9, "the centre's lat")});
    const ordered_json& policy = facts.at("policy");
    for (const geo::PolicyField& field : geo::policy_fields()) {
      const std::string key(field.key);
      airspace.policy.*field.member = number(policy.at(key), field.min, field.max, key.c_str());
    }
    airspace.policy.fly_under = policy.at(std::string(geo::kFlyUnder)).get<bool>();
    const ordered_json& wind = facts.at("wind");
    airspace.wind = {.speed_m_s = number(wind.at("speed_m_s"), 0.0, 1000.0, "the wind's speed"),
                     .from_deg = number(wind.at("from_deg"), -360.0, 360.0, "the wind's direction"),
                     .at_height_m = number(wind.at("at_height_m"), 0.0, 1e5, "the wind's height")};
    for (const ordered_json& zone : facts.at("zones")) airspace.zones.push_back(zone_from(zone, zone_xy_m));
    if (!zone_xy_m.empty()) throw Wrong("there are corners without a zone");
    for (const ordered_json& pad : facts.at("pads")) airspace.pads.push_back(pad_from(pad));
    return {};
  } catch (const std::exception& error) {
    return fail(ErrorCode::airspace_damaged,
                fmt::format("holds facts that cannot be right ({}); build the airspace again", error.what()));
  }
}

Expected<geo::GridFrame> read_grid(const ordered_json& facts) {
  try {
    const ordered_json& grid = facts.at("grid");
    constexpr int kMostCells = 1 << 20;
    return geo::GridFrame{.origin = {number(grid.at("x_m"), -kFar_m, kFar_m, "the grid's x_m"),
                                     number(grid.at("y_m"), -kFar_m, kFar_m, "the grid's y_m")},
                          .cell_m = number(grid.at("cell_m"), 0.01, 1000.0, "cell_m"),
                          .nx = whole(grid.at("nx"), 1, kMostCells, "nx"),
                          .ny = whole(grid.at("ny"), 1, kMostCells, "ny")};
  } catch (const std::exception& error) {
    return fail(ErrorCode::airspace_damaged,
                fmt::format("holds a grid that cannot be right ({}); build the airspace again", error.what()));
  }
}

}  // namespace swiftlet::maps
