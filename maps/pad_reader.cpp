#include "maps/pad_reader.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "geo/obstacle_index.hpp"
#include "maps/feature_fields.hpp"
#include "maps/intake/json_source.hpp"

namespace swiftlet::maps {
namespace {

using nlohmann::json;

constexpr int kMaxSlots = 1000;
constexpr double kDeckTolerance_m = 1.0;

Unexpected invalid(const char* field, const json& value, const char* wanted) {
  return maps::invalid(ErrorCode::pad_invalid, field, value, wanted);
}

/// The k-th place of a square spiral round (0, 0): ring after ring, so that places stay close together.
geo::Enu2 spiral(int k) {
  int x = 0;
  int y = 0;
  int dx = 0;
  int dy = -1;
  for (int n = 0; n < k; ++n) {
    if (x == y || (x < 0 && x == -y) || (x > 0 && x == 1 - y)) {
      const int turned = -dy;
      dy = dx;
      dx = turned;
    }
    x += dx;
    y += dy;
  }
  return {x, y};
}

Expected<std::vector<LonLat>> read_slots(const json& properties, LonLat at, const geo::Airspace& airspace) {
  const json& count_json = member(properties, "slots");
  if (!count_json.is_null() && !(count_json.is_number_integer() && count_json.get<long long>() >= 1 &&
                                 count_json.get<long long>() <= kMaxSlots)) {
    return invalid("slots", count_json, "a whole number from 1 to 1000");
  }
  const json& positions = member(properties, "slot_positions");
  const int count =
      count_json.is_null() ? (positions.is_array() ? static_cast<int>(positions.size()) : 1) : count_json.get<int>();
  std::vector<LonLat> slots;
  if (positions.is_null()) {
    const geo::Enu2 centre = airspace.frame.to_local(at);
    slots.push_back(at);
    for (int k = 1; k < count; ++k) {
      slots.push_back(airspace.frame.to_lonlat(centre + 2.0 * airspace.policy.terminal_radius_m * spiral(k)));
    }
    return slots;
  }
  if (!positions.is_array() || positions.size() != static_cast<std::size_t>(count)) {
    return invalid("slot_positions", positions, "a list with one [longitude, latitude] for each of the slots");
  }
  for (const json& position : positions) {
    const auto p = read_position(position, "slot_positions", ErrorCode::pad_invalid);
    if (!p) return Unexpected(p.error());
    slots.push_back(*p);
  }
  return slots;
}

/// The deck under a slot. Errors: outside_terrain, pad_invalid.
Expected<GeoPoint> on_deck(LonLat at, std::optional<double> deck_height_agl_m, const geo::Airspace& airspace,
                           const geo::ObstacleIndex& index) {
  const geo::Enu2 p = airspace.frame.to_local(at);
  const auto ground = airspace.terrain.height_msl_m(p);
  if (!ground) {
    return fail(ErrorCode::outside_terrain,
                fmt::format("stands at ({}, {}), outside the terrain", at.lon_deg, at.lat_deg));
  }
  std::optional<double> roof;
  for (const std::size_t k : index.meeting(airspace.obstacles, {p, p})) {
    const geo::Obstacle& obstacle = airspace.obstacles[k];
    if (geo::contains(obstacle.footprint, p)) roof = std::max(roof.value_or(obstacle.top_msl_m), obstacle.top_msl_m);
  }
  const double deck = roof ? *roof : *ground + deck_height_agl_m.value_or(0.0);
  if (roof && deck_height_agl_m && std::abs(*ground + *deck_height_agl_m - *roof) > kDeckTolerance_m) {
    return fail(
        ErrorCode::pad_invalid,
        fmt::format("deck_height_agl_m = {} but the roof it stands on is {:.2f} m above the ground there; give that "
                    "height or leave it out",
                    *deck_height_agl_m, *roof - *ground));
  }
  return GeoPoint{.lon_deg = at.lon_deg, .lat_deg = at.lat_deg, .alt_msl_m = deck};
}

Expected<geo::Pad> read_pad(const json& feature, const geo::Airspace& airspace, const geo::ObstacleIndex& index) {
  const json& properties = member(feature, "properties");
  geo::Pad pad;
  const json& id = member(properties, "id");
  if (!id.is_string() || id.get<std::string>().empty()) return invalid("id", id, "a text");
  pad.id = id.get<std::string>();
  const json& name = member(properties, "name");
  if (!name.is_string() && !name.is_null()) return invalid("name", name, "a text");
  pad.name = name.is_null() ? pad.id : name.get<std::string>();
  const json& kind = member(properties, "kind");
  if (kind == "hub") {
    pad.kind = geo::PadKind::hub;
  } else if (kind == "kiosk") {
    pad.kind = geo::PadKind::kiosk;
  } else if (kind != "point") {
    return invalid("kind", kind, "\"hub\", \"kiosk\" or \"point\"");
  }
  const json& geometry = member(feature, "geometry");
  if (member(geometry, "type") != "Point") return invalid("geometry", geometry, "a GeoJSON Point");
  const auto at = read_position(member(geometry, "coordinates"), "coordinates", ErrorCode::pad_invalid);
  if (!at) return Unexpected(at.error());
  const json& height = member(properties, "deck_height_agl_m");
  if (!height.is_null() && !(height.is_number() && height.get<double>() >= 0.0 && height.get<double>() <= 1000.0)) {
    return invalid("deck_height_agl_m", height, "a number of metres from 0 to 1000");
  }
  const auto slots = read_slots(properties, *at, airspace);
  if (!slots) return Unexpected(slots.error());
  for (const LonLat& slot : *slots) {
    const auto deck = on_deck(slot, height.is_null() ? std::optional<double>() : height.get<double>(), airspace, index);
    if (!deck) return Unexpected(deck.error());
    pad.slots.push_back(*deck);
  }
  return pad;
}

/// Whether the cells under all slots lie wholly on known terrain: elsewhere nothing flies.
bool can_be_left(const geo::Pad& pad, const geo::Airspace& airspace) {
  const geo::GridFrame& grid = airspace.bounds.grid();
  return std::all_of(pad.slots.begin(), pad.slots.end(), [&](const GeoPoint& slot) {
    const geo::Enu2 cell = (airspace.frame.to_local(slot.lonlat()) - grid.origin) / grid.cell_m;
    const int i = static_cast<int>(std::floor(cell.x()));
    const int j = static_cast<int>(std::floor(cell.y()));
    return i >= 0 && j >= 0 && i < grid.nx && j < grid.ny && airspace.terrain.bounds_over(grid.cell(i, j)).has_value();
  });
}

}  // namespace

PadReading read_pads(const std::filesystem::path& file, const geo::Airspace& airspace) {
  PadReading reading;
  const auto root = read_json_source(file);
  if (!root) {
    reading.problems.push_back(root.error());
    return reading;
  }
  const json& features = member(*root, "features");
  if (!features.is_array()) {
    reading.problems.push_back({.code = ErrorCode::unsupported_format,
                                .message = "is not a GeoJSON FeatureCollection",
                                .where = file.string()});
    return reading;
  }
  const geo::ObstacleIndex index(airspace.bounds.grid(), airspace.obstacles);
  std::set<std::string> ids;
  for (std::size_t k = 0; k < features.size(); ++k) {
    auto pad = read_pad(features[k], airspace, index);
    if (pad && !ids.insert(pad->id).second) pad = fail(ErrorCode::pad_invalid, "has the id of another pad");
    if (pad) {
      if (!can_be_left(*pad, airspace)) reading.on_the_rim.push_back(pad->id);
      reading.pads.push_back(std::move(*pad));
      continue;
    }
    Error error = pad.error();
    const json& id = member(member(features[k], "properties"), "id");
    error.where =
        fmt::format("{}, feature {}{}", file.string(), k, id.is_string() ? " (" + id.get<std::string>() + ")" : "");
    reading.problems.push_back(std::move(error));
  }
  return reading;
}

}  // namespace swiftlet::maps
