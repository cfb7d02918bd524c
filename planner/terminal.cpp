#include "planner/terminal.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "planner/band_profile.hpp"
#include "planner/column_grid.hpp"
#include "planner/terminal_exit.hpp"

namespace swiftlet::planner {
namespace {

constexpr double kHovering_m_s = 0.05;

using geo::Enu2;
using geo::Enu3;

constexpr double kDeckAgreement_m = 1.0;  ///< a given deck height may differ that much from the roof it stands on
constexpr double kTolerance_m = 0.001;

double wire_degrees(double value) { return std::round(value * 1e8) / 1e8; }
double wire_metres(double value) { return std::round(value * 1e3) / 1e3; }

std::string_view word(RouteEnd end) { return end == RouteEnd::start ? "from" : "to"; }

Unexpected refuse(ErrorCode code, std::string message, RouteEnd end, LonLat at, double alt_msl_m) {
  return Unexpected(Error{.code = code,
                          .message = std::move(message),
                          .where = std::string(word(end)),
                          .position = GeoPoint{at.lon_deg, at.lat_deg, alt_msl_m}});
}

Expected<ResolvedPlace> on_pad(const geo::Airspace& airspace, const PadRef& ref, RouteEnd end) {
  const geo::Pad* pad = airspace.find_pad(ref.pad);
  if (pad == nullptr) {
    return fail(ErrorCode::not_found, fmt::format("{} has no pad \"{}\"", airspace.name, ref.pad),
                fmt::format("{}.pad", word(end)));
  }
  if (ref.slot < 0 || static_cast<std::size_t>(ref.slot) >= pad->slots.size()) {
    return fail(
        ErrorCode::bad_request,
        fmt::format("pad {} has {} slot(s), counted from 0; there is no slot {}", ref.pad, pad->slots.size(), ref.slot),
        fmt::format("{}.slot", word(end)));
  }
  const GeoPoint& slot = pad->slots[static_cast<std::size_t>(ref.slot)];
  const LonLat at{wire_degrees(slot.lon_deg), wire_degrees(slot.lat_deg)};
  return ResolvedPlace{.at = at,
                       .at_enu = airspace.frame.to_local(at),
                       .deck_msl_m = wire_metres(slot.alt_msl_m),
                       .velocity_enu_m_s = {}};
}

/// The highest part that stands under or over the point.
const geo::Obstacle* standing_on(const geo::AirspaceView& view, const Enu2& p_enu) {
  const geo::Obstacle* highest = nullptr;
  for (const std::size_t k : view.obstacles_near(p_enu, kTolerance_m)) {
    const geo::Obstacle& obstacle = view.airspace().obstacles[k];
    if (geo::contains(obstacle.footprint, p_enu) && (highest == nullptr || obstacle.top_msl_m > highest->top_msl_m)) {
      highest = &obstacle;
    }
  }
  return highest;
}

Expected<ResolvedPlace> on_ground(const geo::AirspaceView& view, const GroundPoint& point, RouteEnd end) {
  const LonLat at{wire_degrees(point.at.lon_deg), wire_degrees(point.at.lat_deg)};
  const auto outside = [&] {
    return refuse(ErrorCode::out_of_region,
                  fmt::format("{}, {} lies outside {}", at.lon_deg, at.lat_deg, view.airspace().name), end, at, 0.0);
  };
  if (!std::isfinite(at.lon_deg) || !(std::abs(at.lat_deg) <= 90.0) || !std::isfinite(point.deck_height_agl_m))
    return outside();
  const Enu2 p = view.airspace().frame.to_local(at);
  const auto ground = p.allFinite() ? view.airspace().terrain.height_msl_m(p) : std::nullopt;
  if (!ground || !cell_at(view.grid(), p)) return outside();
  double deck = *ground + point.deck_height_agl_m;
  if (const geo::Obstacle* roof = standing_on(view, p)) {
    if (std::abs(roof->top_msl_m - deck) > kDeckAgreement_m) {
      const ErrorCode code = end == RouteEnd::start ? ErrorCode::start_in_obstacle : ErrorCode::goal_in_obstacle;
      auto refusal = refuse(
          code,
          fmt::format("{}, {} lies in the footprint of {} {}, whose top is {:.2f} m above the ground there; "
                      "a deck on it needs that deck_height_agl_m, not {}",
                      at.lon_deg, at.lat_deg, roof->kind, roof->id, roof->top_msl_m - *ground, point.deck_height_agl_m),
          end, at, deck);
      refusal.value().cause = ErrorCause{roof->kind, roof->id};
      return refusal;
    }
    deck = roof->top_msl_m;
  }
  return ResolvedPlace{.at = at, .at_enu = p, .deck_msl_m = wire_metres(deck), .velocity_enu_m_s = {}};
}

Expected<ResolvedPlace> in_air(const geo::AirspaceView& view, const AirbornePoint& point, RouteEnd end) {
  const LonLat at{wire_degrees(point.at.lon_deg), wire_degrees(point.at.lat_deg)};
  const bool finite = std::isfinite(at.lon_deg) && std::abs(at.lat_deg) <= 90.0 && std::isfinite(point.at.alt_msl_m);
  const Enu2 p = finite ? view.airspace().frame.to_local(at) : Enu2::Constant(std::nan(""));
  if (!p.allFinite() || !cell_at(view.grid(), p)) {
    return refuse(ErrorCode::out_of_region,
                  fmt::format("{}, {} lies outside {}", at.lon_deg, at.lat_deg, view.airspace().name), end, at, 0.0);
  }
  return ResolvedPlace{.at = at,
                       .at_enu = p,
                       .deck_msl_m = wire_metres(point.at.alt_msl_m),
                       .velocity_enu_m_s = Enu3(point.v_e_m_s, point.v_n_m_s, point.v_u_m_s)};
}

TerminalProblem problem(ErrorCode code, bool proven, std::string message, RouteEnd end, const ResolvedPlace& place,
                        double alt_msl_m, std::optional<ErrorCause> cause, std::string hint) {
  return {.error = {.code = code,
                    .message = std::move(message),
                    .where = std::string(word(end)),
                    .position = GeoPoint{place.at.lon_deg, place.at.lat_deg, alt_msl_m},
                    .cause = std::move(cause),
                    .hint = std::move(hint)},
          .proven = proven};
}

/// The proven band of the cell that holds the place, or where that is closed of the part of it that does.
geo::AirspaceView::Band column_over(const geo::AirspaceView& view, const CellIndex& cell, const Enu2& p_enu) {
  geo::AirspaceView::Band band = view.safe_band(cell.i, cell.j);
  if (band.open()) return band;
  for_each_column(view, cell.i, cell.j, [&](const geo::AirspaceView::Quarter& quarter) {
    const Enu2 in = p_enu - quarter.corner_enu;
    if (quarter.safe.open() && in.minCoeff() >= 0.0 && in.maxCoeff() <= quarter.side_m) band = quarter.safe;
  });
  return band;
}

/// What stands over the deck inside the terminal cylinder; the highest, so that the answer does not depend on order.
const geo::Obstacle* obstruction(const geo::AirspaceView& view, const ResolvedPlace& place) {
  const geo::Obstacle* highest = nullptr;
  for (const std::size_t k : view.obstacles_near(place.at_enu, view.options().policy.terminal_radius_m)) {
    const geo::Obstacle& obstacle = view.airspace().obstacles[k];
    if (obstacle.top_msl_m <= place.deck_msl_m + kTolerance_m) continue;
    if (highest == nullptr || obstacle.top_msl_m > highest->top_msl_m) highest = &obstacle;
  }
  return highest;
}

}  // namespace

std::optional<CellIndex> cell_at(const geo::GridFrame& grid, const Enu2& p_enu) {
  const Enu2 g = (p_enu - grid.origin) / grid.cell_m;
  if (!(g.x() >= 0.0 && g.y() >= 0.0 && g.x() <= grid.nx && g.y() <= grid.ny)) return std::nullopt;
  return CellIndex{std::min(static_cast<int>(g.x()), grid.nx - 1), std::min(static_cast<int>(g.y()), grid.ny - 1)};
}

Expected<ResolvedPlace> resolve(const geo::AirspaceView& view, const Place& place, RouteEnd end) {
  if (const auto* pad = std::get_if<PadRef>(&place)) return on_pad(view.airspace(), *pad, end);
  if (const auto* ground = std::get_if<GroundPoint>(&place)) return on_ground(view, *ground, end);
  return in_air(view, std::get<AirbornePoint>(place), end);
}

namespace {

/// Places on the same deck to which a vertical that leans may be shifted as a whole: nearest first, and nearer than the
/// contracts' 0.05 m off the axis even after the wire's rounding.
std::vector<ResolvedPlace> places_within_the_lean(const geo::AirspaceView& view, const ResolvedPlace& place) {
  constexpr int kDirections = 8;
  const geo::Airspace& airspace = view.airspace();
  const auto ground = airspace.terrain.height_msl_m(place.at_enu);
  const bool on_roof = standing_on(view, place.at_enu) != nullptr;
  std::vector<ResolvedPlace> places;
  for (const double off_m : {0.25 * kBeside_m, 0.5 * kBeside_m, kBeside_m}) {
    for (int k = 0; k < kDirections; ++k) {
      const double angle = 2.0 * std::numbers::pi * k / kDirections;
      const Enu2 p = place.at_enu + off_m * Enu2(std::cos(angle), std::sin(angle));
      const GeoPoint there = airspace.frame.to_geo({p.x(), p.y(), place.deck_msl_m});
      ResolvedPlace beside = place;
      beside.at = {wire_degrees(there.lon_deg), wire_degrees(there.lat_deg)};
      beside.at_enu = airspace.frame.to_local(beside.at);
      const auto terrain = airspace.terrain.height_msl_m(beside.at_enu);
      if (!ground || !terrain || (standing_on(view, beside.at_enu) != nullptr) != on_roof) continue;
      if (!on_roof) beside.deck_msl_m = wire_metres(place.deck_msl_m + *terrain - *ground);
      places.push_back(beside);
    }
  }
  return places;
}

tl::expected<Terminal, TerminalProblem> terminal_exactly_at(const geo::AirspaceView& view, const ResolvedPlace& place,
                                                            RouteEnd end) {
  const auto blocked = [&](ErrorCode code, bool proven, std::string message, double alt_msl_m,
                           std::optional<ErrorCause> cause, std::string hint) {
    return tl::unexpected(
        problem(code, proven, std::move(message), end, place, alt_msl_m, std::move(cause), std::move(hint)));
  };
  const auto cell = cell_at(view.grid(), place.at_enu);
  const auto here = cell ? view.band_at(place.at_enu) : std::nullopt;
  if (!here) {
    const bool beyond_terrain = !view.airspace().terrain.height_msl_m(place.at_enu);
    return blocked(ErrorCode::out_of_region, beyond_terrain,
                   "the place is too near the edge of the region to fly there", place.deck_msl_m, {},
                   "choose a place at least one cell inside the region");
  }
  if (place.velocity_enu_m_s) {
    const Enu3 p(place.at_enu.x(), place.at_enu.y(), place.deck_msl_m);
    if (view.is_free(p, p)) return Terminal{.place = place, .transit_msl_m = place.deck_msl_m};
    return blocked(ErrorCode::start_in_obstacle, false, "the drone is where clearances or the height band are not kept",
                   place.deck_msl_m, {}, "");
  }
  if (const geo::Obstacle* o = obstruction(view, place)) {
    // A buffer's footprint is a little larger than the thing itself: only what is nearer still is proven.
    const double certain_m = view.options().policy.terminal_radius_m - kTolerance_m - o->enclosure_m;
    return blocked(ErrorCode::pad_obstructed, geo::distance_m(o->footprint, place.at_enu) < certain_m,
                   fmt::format("{} {} rises {:.1f} m above the deck within {} m of it", o->kind, o->id,
                               o->top_msl_m - place.deck_msl_m, view.options().policy.terminal_radius_m),
                   o->top_msl_m, ErrorCause{o->kind, o->id}, "choose a place with more room around it");
  }
  const auto likely = view.optimistic_band_at(place.at_enu);
  // Half a metre above the deck every take-off and landing passes, unless transit itself may begin lower.
  constexpr double kJustAbove_m = 0.5;
  const double passed = std::clamp(likely.floor_msl_m, place.deck_msl_m, place.deck_msl_m + kJustAbove_m);
  if (const geo::Geozone* zone = view.certain_zone({place.at_enu.x(), place.at_enu.y(), passed})) {
    return blocked(ErrorCode::no_fly_zone, true, fmt::format("zone {} covers the place", zone->id), passed,
                   ErrorCause{"geozone", zone->id}, "choose another time or place, or hold its authorisation");
  }
  // Transit begins where the constant bounds of a whole column hold, if they do: from there the first leg may go any
  // way.
  const auto whole = column_over(view, *cell, place.at_enu);
  const double ceiling = whole.open() ? std::min(here->ceiling_msl_m, whole.ceiling_msl_m) : here->ceiling_msl_m;
  // A column that is closed as a whole may be open at the place: then transit begins in the part of it that is.
  const bool in_part = !(std::max(whole.floor_msl_m, here->floor_msl_m) <= ceiling);
  const double whole_floor = in_part ? here->floor_msl_m : whole.floor_msl_m;
  double floor = std::ceil(std::max({here->floor_msl_m, whole_floor, place.deck_msl_m}) * 1e3) / 1e3;
  // Level with what profiles keep off the floor, so that they need not begin with a bend.
  if (const double level = floor + std::ceil(kProfileMargin_m * 1e3) / 1e3; level <= ceiling) floor = level;
  const bool proven = !likely.open() || likely.ceiling_msl_m < place.deck_msl_m;
  if (!(floor <= ceiling) && likely.open()) {
    const auto exit = find_terminal_exit(view, place.at_enu, place.deck_msl_m);
    if (exit && view.terminal_is_free(place.at_enu, place.deck_msl_m, exit->altitude_msl_m)) {
      return Terminal{.place = place, .transit_msl_m = exit->altitude_msl_m, .leaves_at_enu = exit->leaves_at_enu};
    }
  }
  if (!(floor <= ceiling)) {
    const double probe =
        std::clamp(place.deck_msl_m + view.options().policy.min_height_agl_m, place.deck_msl_m, 20000.0);
    if (const geo::Geozone* zone = view.blocking_zone({place.at_enu.x(), place.at_enu.y(), probe})) {
      return blocked(ErrorCode::no_fly_zone, proven, fmt::format("zone {} covers the place", zone->id), probe,
                     ErrorCause{"geozone", zone->id}, "choose another time or place, or hold its authorisation");
    }
    return blocked(proven ? ErrorCode::band_empty : ErrorCode::undecided_at_resolution, proven,
                   proven ? "no altitude over the place keeps the clearances and the height band at once"
                          : "no altitude could be proven free all over the cell of the place, and none was ruled out",
                   probe, {}, "a higher max_height_agl_m or smaller clearances would open it");
  }
  if (!view.terminal_is_free(place.at_enu, place.deck_msl_m, floor)) {
    for (const double z : {place.deck_msl_m, 0.5 * (place.deck_msl_m + floor), floor}) {
      if (const geo::Geozone* zone = view.blocking_zone({place.at_enu.x(), place.at_enu.y(), z})) {
        return blocked(ErrorCode::no_fly_zone, false, fmt::format("zone {} lies over the place", zone->id), z,
                       ErrorCause{"geozone", zone->id}, "choose another time or place, or hold its authorisation");
      }
    }
    return blocked(ErrorCode::band_empty, false, "the vertical segment over the place meets a zone or the ceiling",
                   floor, {}, "");
  }
  return Terminal{.place = place, .transit_msl_m = floor};
}

}  // namespace

tl::expected<Terminal, TerminalProblem> find_terminal(const geo::AirspaceView& view, const ResolvedPlace& place,
                                                      RouteEnd end) {
  auto exact = terminal_exactly_at(view, place, end);
  if (exact || exact.error().proven || place.velocity_enu_m_s) return exact;
  if (exact.error().error.code != ErrorCode::undecided_at_resolution) return exact;
  for (const ResolvedPlace& beside : places_within_the_lean(view, place)) {
    if (auto terminal = terminal_exactly_at(view, beside, end)) {
      terminal->others_within_m = kLean_m;
      return terminal;
    }
  }
  return exact;
}

Terminal braked(const Terminal& start, const VehicleProfile& vehicle) {
  const Enu3 velocity = start.place.velocity_enu_m_s.value_or(Enu3::Zero());
  const double speed = velocity.norm();
  if (speed < kHovering_m_s) return start;
  const Enu3 direction = velocity / speed;
  const double run = direction.head<2>().norm();
  double braking = run > 1e-9 ? vehicle.acceleration_m_s2 / run : vehicle.vertical_acceleration_m_s2;
  if (std::abs(direction.z()) > 1e-9) {
    braking = std::min(braking, vehicle.vertical_acceleration_m_s2 / std::abs(direction.z()));
  }
  const Enu3 rest = start.transit_enu() + speed * speed / (2.0 * braking) * direction;
  Terminal out = start;
  out.place.at_enu = rest.head<2>();
  out.place.deck_msl_m = rest.z();
  out.transit_msl_m = rest.z();
  return out;
}

}  // namespace swiftlet::planner
