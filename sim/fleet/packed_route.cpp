#include "sim/fleet/packed_route.hpp"

#include <array>
#include <cmath>

#include "sim/fleet/packed_bytes.hpp"

namespace swiftlet::sim {
namespace {

using planner::Route;
using planner::Waypoint;

constexpr double kDegree = 1e8;
constexpr double kMilli = 1e3;
/// A waypoint's numbers as whole units of the wire.
using Units = std::array<std::int64_t, 6>;
constexpr std::array<double, 6> kUnitsPerOne{kDegree, kDegree, kMilli, kMilli, kMilli, kMilli};
/// Far beyond what any of them comes to; whole numbers below it are doubles without loss.
constexpr double kMostUnits = 1e15;

std::array<double, 6> numbers_of(const Waypoint& w) {
  return {w.position.lon_deg, w.position.lat_deg, w.position.alt_msl_m, w.height_agl_m, w.t_s, w.ground_speed_m_s};
}

/// As the planner rounds.
double one_of(std::int64_t units, double per_one) { return static_cast<double>(units) / per_one + 0.0; }

std::optional<Units> units_of(const Waypoint& w) {
  const std::array<double, 6> numbers = numbers_of(w);
  Units units{};
  for (std::size_t k = 0; k < units.size(); ++k) {
    const double whole = std::round(numbers[k] * kUnitsPerOne[k]);
    if (!(std::abs(whole) < kMostUnits)) return std::nullopt;
    units[k] = static_cast<std::int64_t>(whole);
    if (std::bit_cast<std::uint64_t>(one_of(units[k], kUnitsPerOne[k])) != std::bit_cast<std::uint64_t>(numbers[k])) {
      return std::nullopt;
    }
  }
  return units;
}

bool pack_waypoints(const std::vector<Waypoint>& waypoints, ByteWriter& out) {
  out.number(waypoints.size());
  Units before{};
  for (const Waypoint& w : waypoints) {
    const auto units = units_of(w);
    if (!units) return false;
    for (std::size_t k = 0; k < before.size(); ++k) out.difference((*units)[k] - before[k]);
    out.byte(static_cast<std::uint8_t>(w.phase));
    before = *units;
  }
  return true;
}

bool unpack_waypoints(ByteReader& in, std::vector<Waypoint>& waypoints) {
  const std::uint64_t count = in.number();
  if (count > in.left()) return false;
  waypoints.clear();
  waypoints.reserve(count);
  Units units{};
  for (std::uint64_t n = 0; n < count; ++n) {
    std::array<double, 6> numbers{};
    for (std::size_t k = 0; k < units.size(); ++k) {
      units[k] =
          static_cast<std::int64_t>(static_cast<std::uint64_t>(units[k]) + static_cast<std::uint64_t>(in.difference()));
      numbers[k] = one_of(units[k], kUnitsPerOne[k]);
    }
    const std::uint8_t phase = in.byte();
    if (phase > static_cast<std::uint8_t>(planner::Phase::landing)) return false;
    waypoints.push_back({.position = {numbers[0], numbers[1], numbers[2]},
                         .height_agl_m = numbers[3],
                         .t_s = numbers[4],
                         .ground_speed_m_s = numbers[5],
                         .phase = static_cast<planner::Phase>(phase)});
  }
  return in.ok();
}

void pack(const std::optional<double>& value, ByteWriter& out) {
  out.byte(value ? 1 : 0);
  if (value) out.exact(*value);
}
void pack(const GeoPoint& p, ByteWriter& out) {
  for (const double value : {p.lon_deg, p.lat_deg, p.alt_msl_m}) out.exact(value);
}
void pack(const ErrorCause& cause, ByteWriter& out) {
  out.text(cause.kind);
  out.text(cause.id);
}
void pack(const std::vector<std::string>& texts, ByteWriter& out) {
  out.number(texts.size());
  for (const std::string& text : texts) out.text(text);
}

std::optional<double> unpack_optional(ByteReader& in) {
  return in.byte() != 0 ? std::optional(in.exact()) : std::nullopt;
}
GeoPoint unpack_point(ByteReader& in) {
  GeoPoint p;
  for (double* value : {&p.lon_deg, &p.lat_deg, &p.alt_msl_m}) *value = in.exact();
  return p;
}
ErrorCause unpack_cause(ByteReader& in) {
  ErrorCause cause;
  cause.kind = in.text();
  cause.id = in.text();
  return cause;
}
std::vector<std::string> unpack_texts(ByteReader& in) {
  std::vector<std::string> texts;
  for (std::uint64_t left = in.number(); left > 0 && in.ok(); --left) texts.push_back(in.text());
  return texts;
}

bool pack_flight(const Route& route, ByteWriter& out) {
  if (!pack_waypoints(route.waypoints, out)) return false;
  for (const double value : {route.length_m, route.duration_s, route.energy_wh, route.cost, route.lower_bound}) {
    out.exact(value);
  }
  pack(route.ground_risk, out);
  const planner::Certificate& c = route.certificate;
  out.text(c.airspace_hash);
  pack(c.min_lateral_clearance_m, out);
  pack(c.min_vertical_clearance_m, out);
  out.byte(c.nearest ? 1 : 0);
  if (c.nearest) {
    pack(c.nearest->obstacle, out);
    pack(c.nearest->at, out);
  }
  for (const double value : {c.min_height_agl_m, c.max_height_agl_m, c.energy_reserve_wh}) out.exact(value);
  pack(c.geozones, out);
  return true;
}

bool unpack_flight(ByteReader& in, Route& route) {
  if (!unpack_waypoints(in, route.waypoints)) return false;
  for (double* value : {&route.length_m, &route.duration_s, &route.energy_wh, &route.cost, &route.lower_bound}) {
    *value = in.exact();
  }
  route.ground_risk = unpack_optional(in);
  planner::Certificate& c = route.certificate;
  c.airspace_hash = in.text();
  c.min_lateral_clearance_m = unpack_optional(in);
  c.min_vertical_clearance_m = unpack_optional(in);
  c.nearest.reset();
  if (in.byte() != 0) {
    geo::NearestObstacle nearest;
    nearest.obstacle = unpack_cause(in);
    nearest.at = unpack_point(in);
    c.nearest = std::move(nearest);
  }
  for (double* value : {&c.min_height_agl_m, &c.max_height_agl_m, &c.energy_reserve_wh}) *value = in.exact();
  c.geozones = unpack_texts(in);
  return in.ok() && route.waypoints.size() >= 2;
}

void pack_error(const Error& error, ByteWriter& out) {
  out.text(name(error.code));
  out.text(error.message);
  out.text(error.where);
  out.text(error.hint);
  out.byte(error.position ? 1 : 0);
  if (error.position) pack(*error.position, out);
  out.byte(error.cause ? 1 : 0);
  if (error.cause) pack(*error.cause, out);
}

std::optional<ErrorCode> code_of(std::string_view text) {
  for (int k = 0; k <= static_cast<int>(ErrorCode::not_leader); ++k) {
    if (name(static_cast<ErrorCode>(k)) == text) return static_cast<ErrorCode>(k);
  }
  return std::nullopt;
}

std::optional<Error> unpack_error(ByteReader& in) {
  const auto code = code_of(in.text());
  if (!code) return std::nullopt;
  Error error{.code = *code, .message = in.text()};
  error.where = in.text();
  error.hint = in.text();
  if (in.byte() != 0) error.position = unpack_point(in);
  if (in.byte() != 0) error.cause = unpack_cause(in);
  return error;
}

}  // namespace

std::optional<std::string> pack(const Route& answer) {
  if (!answer.alternatives.empty() || answer.explanation || answer.differs || answer.hints.depart_after ||
      answer.status == planner::RouteStatus::deadline) {
    return std::nullopt;
  }
  ByteWriter out;
  out.byte(static_cast<std::uint8_t>(answer.status));
  if (answer.status == planner::RouteStatus::ok) {
    if (answer.error || !pack_flight(answer, out)) return std::nullopt;
  } else {
    if (!answer.error || !answer.error->others.empty()) return std::nullopt;
    pack_error(*answer.error, out);
  }
  pack(answer.warnings, out);
  pack(answer.hints.max_height_agl_m, out);
  out.text(answer.hints.pad);
  return out.take();
}

bool unpack(std::string_view bytes, Route& answer) {
  ByteReader in(bytes);
  const std::uint8_t status = in.byte();
  if (status >= static_cast<std::uint8_t>(planner::RouteStatus::deadline)) return false;
  answer.status = static_cast<planner::RouteStatus>(status);
  if (answer.status == planner::RouteStatus::ok) {
    if (!unpack_flight(in, answer)) return false;
  } else {
    answer.error = unpack_error(in);
    if (!answer.error) return false;
  }
  answer.warnings = unpack_texts(in);
  answer.hints.max_height_agl_m = unpack_optional(in);
  answer.hints.pad = in.text();
  return in.ok() && in.at_end();
}

}  // namespace swiftlet::sim
