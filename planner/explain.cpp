#include "planner/explain.hpp"

#include <algorithm>
#include <cmath>

#include "planner/flight_window.hpp"
#include "planner/separation.hpp"
#include "planner/zone_changes.hpp"

namespace swiftlet::planner {
namespace {

using geo::Enu2;

/// What is used up to this much binds.
constexpr double kBinds_m = 0.5;

Explanation::End end_of(const Terminal& terminal) {
  return {.deck_msl_m = terminal.place.deck_msl_m,
          .transit_msl_m = terminal.transit_msl_m,
          .aside_m = (terminal.transit_enu().head<2>() - terminal.place.at_enu).norm()};
}

/// The straight line, and the first place beyond which no open leg reaches, to a decimetre.
Explanation::Straight straight_of(const geo::AirspaceView& view, const Enu2& from, const Enu2& to) {
  if (leg_is_open(view, from, to)) return {.free = true};
  double open = 0.0;
  double closed = 1.0;
  while ((closed - open) * (to - from).norm() > 0.1) {
    const double middle = 0.5 * (open + closed);
    (leg_is_open(view, from, from + middle * (to - from)) ? open : closed) = middle;
  }
  const Enu2 at = from + closed * (to - from);
  const double ground_msl_m = view.airspace().terrain.height_msl_m(at).value_or(0.0);
  return {.free = false,
          .blocked_by = cause_at(view, at),
          .at = view.airspace().frame.to_geo({at.x(), at.y(), ground_msl_m})};
}

/// The first instant from which the zone stays out of the way of a flight, within a few changes.
std::optional<UtcTime> out_of_the_way(const geo::Airspace& airspace, const PlanRequest& request, const std::string& id,
                                      double flight_s) {
  constexpr int kMostChanges = 6;
  const bool timed = std::any_of(airspace.zones.begin(), airspace.zones.end(), [&](const geo::Geozone& zone) {
    return zone.id == id && !zone.applicability.empty();
  });
  if (!timed) return std::nullopt;
  UtcTime at = request.depart;
  for (int k = 0; k < kMostChanges; ++k) {
    const auto change = zone_change_after(airspace, request.authorisations, at);
    if (!change) return std::nullopt;
    at = *change;
    const UtcTime depart = after(at, kTimeUncertainty_s + 1.0);
    const bool active = std::any_of(airspace.zones.begin(), airspace.zones.end(), [&](const geo::Geozone& zone) {
      return zone.id == id && zone.blocks(request.authorisations) &&
             zone.active_within(after(depart, -kTimeUncertainty_s), after(depart, flight_s + kTimeUncertainty_s));
    });
    if (!active) return depart;
  }
  return std::nullopt;
}

/// The pad nearest to a place at which a flight may begin or end.
std::string open_pad_near(const geo::AirspaceView& view, const Enu2& p, const Place& other, RouteEnd end) {
  struct Near {
    double away_m;
    const geo::Pad* pad;
  };
  const auto* named = std::get_if<PadRef>(&other);
  std::vector<Near> pads;
  for (const geo::Pad& pad : view.airspace().pads) {
    if (pad.slots.empty() || (named != nullptr && named->pad == pad.id)) continue;
    pads.push_back({(view.airspace().frame.to_local(pad.slots.front()).head<2>() - p).norm(), &pad});
  }
  std::sort(pads.begin(), pads.end(), [](const Near& a, const Near& b) { return a.away_m < b.away_m; });
  constexpr std::size_t kMostPads = 10;
  for (std::size_t k = 0; k < std::min(kMostPads, pads.size()); ++k) {
    const auto place = resolve(view, PadRef{.pad = pads[k].pad->id}, end);
    if (place && find_terminal(view, *place, end)) return pads[k].pad->id;
  }
  return {};
}

}  // namespace

Explanation explain_way(const SearchSpace& space, const PlanRequest& request, const FlightLimits& limits) {
  Explanation out;
  const auto ends = flight_ends(*space.view, request, limits, false);
  if (!ends) return out;
  out.start = end_of(ends->start);
  out.goal = end_of(ends->goal);
  out.straight = straight_of(*space.view, ends->rest.transit_enu().head<2>(), ends->goal.transit_enu().head<2>());
  return out;
}

void explain_plan(const FlightPlan& plan, Explanation& explanation) {
  explanation.bound = Explanation::Bound{.ground_m = plan.bounds.ground_m,
                                         .across_s = plan.bounds.across_s,
                                         .climb_s = plan.bounds.climb_s,
                                         .landing_s = plan.bounds.landing_s};
  explanation.found_by = plan.found_by;
  explanation.tracks = plan.tracks;
}

std::vector<Explanation::Binding> binding_of(const Route& route) {
  std::vector<Explanation::Binding> out;
  const auto least = [&](const char* what, const std::optional<double>& value, double limit, bool obstacle) {
    if (!value || std::abs(*value - limit) > kBinds_m) return;
    Explanation::Binding binding{.what = what, .cause = {}, .value_m = *value, .limit_m = limit};
    if (obstacle && route.certificate.nearest) binding.cause = route.certificate.nearest->obstacle;
    out.push_back(std::move(binding));
  };
  const Certificate& c = route.certificate;
  least("lateral_clearance", c.min_lateral_clearance_m, route.policy.lateral_clearance_m, true);
  least("vertical_clearance", c.min_vertical_clearance_m, route.policy.vertical_clearance_m, true);
  least("min_height_agl", c.min_height_agl_m, route.policy.min_height_agl_m, false);
  least("max_height_agl", c.max_height_agl_m, route.policy.max_height_agl_m, false);
  for (const std::string& zone : c.geozones) out.push_back({.what = "geozone", .cause = ErrorCause{"geozone", zone}});
  return out;
}

Hints hints_for(const SearchSpace& space, const PlanRequest& request, const Error& error, double flight_s) {
  Hints hints;
  if (error.cause && error.cause->kind == "geozone")
    hints.depart_after = out_of_the_way(space.view->airspace(), request, error.cause->id, flight_s);
  const bool at_an_end = error.code == ErrorCode::pad_obstructed || error.code == ErrorCode::no_fly_zone ||
                         error.code == ErrorCode::band_empty;
  if (at_an_end && error.position) {
    const RouteEnd end = error.where.starts_with("to") ? RouteEnd::goal : RouteEnd::start;
    hints.pad = open_pad_near(*space.view, space.view->airspace().frame.to_local(*error.position).head<2>(),
                              end == RouteEnd::goal ? request.from : request.to, end);
  }
  return hints;
}

}  // namespace swiftlet::planner
