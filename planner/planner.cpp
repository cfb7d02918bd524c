#include "planner/planner.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <stdexcept>

#include "planner/alternatives.hpp"
#include "planner/arrival.hpp"
#include "planner/explain.hpp"
#include "planner/flight_plan.hpp"
#include "planner/flight_window.hpp"
#include "planner/route_finish.hpp"

namespace swiftlet::planner {
namespace {

using Clock = SearchBudget::Clock;

/// Work units (cells expanded) where a request says nothing: several times a city of 6 × 6 km at 2 m.
constexpr std::int64_t kDefaultEffort = 40'000'000;

std::int64_t microseconds_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
}

}  // namespace

struct Planner::Impl {
  geo::AirspacePtr airspace;
  std::shared_ptr<const geo::Referee> referee;
  mutable ViewCache views;

  Impl(geo::AirspacePtr a, std::shared_ptr<const geo::Referee> r)
      : airspace(std::move(a)), referee(std::move(r)), views(airspace) {}

  /// The wind that a request names with the region's profile, or the region's own.
  [[nodiscard]] Expected<FlightAir> air_of(const PlanRequest& request, const VehicleProfile& vehicle) const {
    const auto place_of = [&](const Place& place) { return ground_place(place).value_or(geo::Enu2::Zero()); };
    const FlightAir::Flight flight{.depart = request.depart,
                                   .longest_s = longest_flight_s(request, vehicle),
                                   .lowest_agl_m = request.policy.min_height_agl_m,
                                   .highest_agl_m = request.policy.max_height_agl_m,
                                   .middle_enu = 0.5 * (place_of(request.from) + place_of(request.to))};
    if (!request.wind) return FlightAir(airspace, airspace->wind_field, flight);
    if (!std::isfinite(request.wind->speed_m_s) || !std::isfinite(request.wind->from_deg))
      return fail(ErrorCode::value_invalid, "wind must be finite numbers", "wind");
    auto field = airspace->wind_field_of(*request.wind);
    if (!field) return Unexpected(field.error());
    return FlightAir(airspace, std::move(*field), flight);
  }

  /// Where a place is over the ground; nothing where it is not known.
  [[nodiscard]] std::optional<geo::Enu2> ground_place(const Place& place) const {
    LonLat at;
    if (const auto* ground = std::get_if<GroundPoint>(&place)) at = ground->at;
    if (const auto* flying = std::get_if<AirbornePoint>(&place)) at = flying->at.lonlat();
    if (const auto* ref = std::get_if<PadRef>(&place)) {
      const geo::Pad* pad = airspace->find_pad(ref->pad);
      if (pad == nullptr || pad->slots.empty()) return std::nullopt;
      at = pad->slots.front().lonlat();
    }
    if (!(std::abs(at.lon_deg) <= 180.0) || !(std::abs(at.lat_deg) <= 90.0)) return std::nullopt;
    const geo::Enu2 p = airspace->frame.to_local(at);
    return p.allFinite() ? std::optional(p) : std::nullopt;
  }

  /// No flight between the two places is faster; 0 where they are not known.
  [[nodiscard]] double straight_time_s(const PlanRequest& request, const VehicleProfile& vehicle) const {
    const auto from = ground_place(request.from);
    const auto to = ground_place(request.to);
    const double apart_m = from && to ? (*to - *from).norm() : 0.0;
    return std::isfinite(apart_m) ? apart_m / vehicle.cruise_speed_m_s : 0.0;
  }

  /// Tries the view of the longest flight first, which alone may prove absence; then, where zones that start later
  /// stand in the way, the view of a flight about as long as needed.
  [[nodiscard]] tl::expected<FlightPlan, SearchFailure> fly(const PlanRequest& request, const FlightLimits& limits,
                                                            const PlanOptions& options, SearchBudget& budget,
                                                            const FlightSink& first) const {
    const double longest_s = longest_flight_s(request, limits.vehicle);
    const geo::ViewOptions whole = view_options(request, longest_s);
    const auto space = views.space(whole, budget.stop_at());
    if (!space) return tl::unexpected(out_of_time());
    auto plan = plan_flight(*space, request, limits, options, budget, *space->view, first);
    if (plan) plan->space = space;
    if (plan || plan.error().status == RouteStatus::deadline) return plan;
    // The last one is that of a flight nearly as fast as can be.
    constexpr double kEnds_s = 90.0;  // up, down, and getting under way
    const double short_s = kEnds_s + 1.1 * straight_time_s(request, limits.vehicle);
    for (const double share : {0.5, 0.25, 0.1, short_s / longest_s}) {
      const geo::ViewOptions part = view_options(request, share * longest_s);
      if (share > 1.0 || ViewCache::key(*airspace, part) == ViewCache::key(*airspace, whole)) continue;
      const auto later = views.space(part, budget.stop_at());
      if (!later) return tl::unexpected(out_of_time());
      auto shorter = plan_flight(*later, request, limits, options, budget, *space->view);
      if (!shorter || shorter->trajectory.duration_s() > share * longest_s) continue;
      shorter->space = later;
      shorter->longest_s = share * longest_s;
      return shorter;
    }
    return plan;
  }

  [[nodiscard]] Route blank(const PlanRequest& request, const VehicleProfile& vehicle,
                            const PlanOptions& options) const {
    return unanswered(*airspace, request, vehicle.name, options);
  }

  /// Really different routes, each finished and judged as the first one is.
  void add_alternatives(const PlanRequest& request, const FlightLimits& limits, const PlanOptions& options,
                        const FlightPlan& first, SearchBudget& budget, Route& route) const {
    const auto finished = [&](const FlightPlan& plan) {
      FlightPlan bounded = plan;
      bounded.bounds = first.bounds;
      Route other = blank(request, limits.vehicle, options);
      if (plan.trajectory.duration_s() > first.longest_s) return std::optional<Route>();
      finish(*airspace, *referee, request, limits, bounded, other);
      if (other.status != RouteStatus::ok) return std::optional<Route>();
      if (check_energy(request, limits.vehicle, PowerModel(limits.vehicle, request.payload_kg), other.energy_wh, 0.0))
        return std::optional<Route>();
      return std::optional(std::move(other));
    };
    const auto flights = alternative_flights(*first.space, request, limits, first, budget,
                                             [&](const FlightPlan& plan) { return finished(plan).has_value(); });
    for (const AlternativeFlight& flight : flights) {
      auto other = finished(flight.plan);
      if (!other) continue;
      other->differs = flight.differs;
      route.alternatives.push_back(std::move(*other));
    }
  }

  void explain_refusal(const PlanRequest& request, const FlightLimits& limits, const SearchBudget& budget,
                       Route& route) const {
    const auto space = views.space(view_options(request, longest_flight_s(request, limits.vehicle)), budget.stop_at());
    if (!space) return;
    route.explanation = explain_way(*space, request, limits);
    route.explanation->work_units = budget.spent();
  }

  /// What may be tried instead of a request that found no way; whether a higher ceiling opens one, only where it has to
  /// be explained: that takes another view.
  void add_hints(const PlanRequest& request, const FlightLimits& limits, const PlanOptions& options,
                 SearchBudget& budget, DatedRoute& out) const {
    const Error& error = out.route.error.value();
    if (out.route.status == RouteStatus::deadline) return;
    const auto space = views.space(view_options(request, longest_flight_s(request, limits.vehicle)), budget.stop_at());
    if (!space) return;
    constexpr double kEnds_s = 120.0;
    out.route.hints = hints_for(*space, request, error, kEnds_s + 1.5 * out.time_bound_s);
    const bool zone = error.cause && error.cause->kind == "geozone";
    const bool closed = error.code == ErrorCode::unreachable || error.code == ErrorCode::band_empty ||
                        error.code == ErrorCode::undecided_at_resolution;
    if (!request.explain || zone || !closed) return;
    for (const double more_m : {10.0, 20.0, 40.0, 80.0}) {
      if (budget.time_is_up()) return;
      PlanRequest higher = request;
      higher.explain = false;
      higher.alternatives = 0;
      higher.policy.max_height_agl_m += more_m;
      if (departing(higher, limits.vehicle, options, budget, Clock::now()).route.status != RouteStatus::ok) continue;
      out.route.hints.max_height_agl_m = higher.policy.max_height_agl_m;
      return;
    }
  }

  struct FirstAnswer {
    Route route;
    FlightPlan plan;  ///< its track is 0 where there is none
  };

  /// Makes the plan's route of a blank one. Where the first answer is the plan's own, or the plan, as an autopilot
  /// flies it or by the referee, turns out no better, the first answer is the route, and the plan becomes its.
  void publish(const PlanRequest& request, const FlightLimits& limits, FirstAnswer& first, FlightPlan& plan,
               Route& route) const {
    // One of the whole view: shorter ones have answers of their own.
    const bool stands = first.plan.track > 0 && first.route.status == RouteStatus::ok &&
                        plan.longest_s == std::numeric_limits<double>::infinity();
    if (!stands) return finish(*airspace, *referee, request, limits, plan, route);
    if (first.plan.track != plan.track) {
      finish(*airspace, *referee, request, limits, plan, route);
      if (route.status == RouteStatus::ok && route.cost < first.route.cost) {
        route.planning.first_solution_us = first.route.planning.first_solution_us;
        return;
      }
      // What it says of the search stays.
      first.plan.bounds = plan.bounds;
      first.plan.tracks = plan.tracks;
      first.plan.space = plan.space;
      plan = std::move(first.plan);
    }
    route = std::move(first.route);
    route.lower_bound = bound_for(route.objective, plan.bounds);
  }

  /// The answer for the departure that the request names.
  [[nodiscard]] DatedRoute departing(const PlanRequest& request, const VehicleProfile& vehicle,
                                     const PlanOptions& options, SearchBudget& budget, Clock::time_point began) const {
    DatedRoute out{.route = blank(request, vehicle, options)};
    auto air = air_of(request, vehicle);
    if (!air) {
      refuse(out.route, {.error = air.error(), .status = RouteStatus::refused});
      return out;
    }
    const FlightLimits limits(vehicle, std::move(*air));
    if (auto no = check_request(request, limits, options, *airspace)) {
      refuse(out.route, std::move(*no));
      return out;
    }
    if (budget.time_is_up()) {
      refuse(out.route, out_of_time());
      return out;
    }
    out.time_bound_s = straight_time_s(request, vehicle);
    // The first flight is finished and judged before anything better is looked for; mostly it stays the best.
    FirstAnswer first;
    auto plan = fly(request, limits, options, budget, [&](const FlightPlan& flight) {
      first = {.route = blank(request, vehicle, options), .plan = flight};
      finish(*airspace, *referee, request, limits, flight, first.route);
      first.route.planning.first_solution_us = microseconds_since(began);
    });
    if (!plan) {
      refuse(out.route, std::move(plan.error()));
      add_hints(request, limits, options, budget, out);
      if (request.explain) explain_refusal(request, limits, budget, out.route);
      return out;
    }
    out.time_bound_s = plan->bounds.time_s;
    const bool stopped = budget.stopped();
    publish(request, limits, first, *plan, out.route);
    if (out.route.status == RouteStatus::ok) {
      if (out.route.planning.first_solution_us == 0) out.route.planning.first_solution_us = microseconds_since(began);
      if (stopped) out.route.planning.stopped = "deadline";
    }
    if (out.route.status == RouteStatus::ok && request.alternatives > 0)
      add_alternatives(request, limits, options, *plan, budget, out.route);
    if (request.explain) {
      Explanation explanation = explain_way(*plan->space, request, limits);
      explain_plan(*plan, explanation);
      if (out.route.status == RouteStatus::ok) explanation.binding = binding_of(out.route);
      explanation.work_units = budget.spent();
      out.route.explanation = std::move(explanation);
    }
    return out;
  }

  [[nodiscard]] Route answer(const PlanRequest& request, const VehicleProfile& vehicle, const PlanOptions& options,
                             Clock::time_point began) const {
    const std::optional<Clock::time_point> stop_at =
        options.deadline ? std::optional(options.began.value_or(began) +
                                         std::min(*options.deadline, std::chrono::milliseconds(std::chrono::hours(24))))
                         : std::nullopt;
    SearchBudget budget(options.effort.value_or(kDefaultEffort), stop_at);
    if (!request.arrive_by) return departing(request, vehicle, options, budget, began).route;
    if (std::holds_alternative<AirbornePoint>(request.from)) {
      Route route = blank(request, vehicle, options);
      refuse(route, {.error = {.code = ErrorCode::bad_request,
                               .message = "a drone in flight has departed: arrive_by needs a start on the ground",
                               .where = "arrive_by"}});
      return route;
    }
    PlanRequest dated = request;
    dated.alternatives = 0;
    dated.explain = false;
    Route route = arriving_by(*airspace, request, [&](UtcTime depart) {
      dated.depart = depart;
      return departing(dated, vehicle, options, budget, began);
    });
    if (route.status != RouteStatus::ok || (request.alternatives == 0 && !request.explain)) return route;
    dated = request;
    dated.depart = route.depart;
    return departing(dated, vehicle, options, budget, began).route;
  }
};

Route unanswered(const geo::Airspace& airspace, const PlanRequest& request, const std::string& vehicle,
                 const PlanOptions& options) {
  Route route;
  route.id = request.id;
  route.airspace_name = airspace.name;
  route.airspace_hash = airspace.hash;
  route.ellipsoid_minus_datum_m = airspace.ellipsoid_minus_datum_m;
  route.vehicle = vehicle;
  route.objective = request.objective;
  route.depart = request.depart;
  route.policy = request.policy;
  route.authorisations = request.authorisations;
  route.time_uncertainty_s = kTimeUncertainty_s;
  route.planning.planner = options.planner == "auto" ? "swiftlet" : options.planner;
  return route;
}

Planner::Planner(geo::AirspacePtr airspace, std::shared_ptr<const geo::Referee> referee) {
  if (!airspace || !referee) throw std::invalid_argument("a Planner needs an airspace and a referee");
  impl_ = std::make_unique<Impl>(std::move(airspace), std::move(referee));
}

Planner::~Planner() = default;

bool Planner::passes_again(const Route& route) const {
  return route.status == RouteStatus::ok && route.waypoints.size() >= 2 &&
         route.airspace_hash == impl_->airspace->hash && planner::passes_again(*impl_->referee, route);
}

const geo::AirspacePtr& Planner::airspace_ptr() const { return impl_->airspace; }

void Planner::prepare(const PlanRequest& like, const VehicleProfile& vehicle,
                      const std::function<bool()>& go_on) const {
  const auto space = impl_->views.space(view_options(like, longest_flight_s(like, vehicle)));
  if (!go_on()) return;
  (void)space->meshes();
  for (std::size_t n = 0; n < SearchSpace::kRoomyShares.size() && go_on(); ++n) (void)space->roomy(n);
}

Route Planner::plan(const PlanRequest& request, const VehicleProfile& vehicle, const PlanOptions& options) const {
  const auto began = Clock::now();
  Route route;
  try {
    route = impl_->answer(request, vehicle, options, began);
  } catch (const geo::AirspaceDamaged& damage) {
    // A tile of the mapped airspace that this request was the first to touch: it is refused, and so is every other that
    // needs the tile.
    route = impl_->blank(request, vehicle, options);
    refuse(route, {.error = damage.error(), .status = RouteStatus::refused});
  } catch (const std::exception& error) {
    // One request that breaks an invariant must not take the others of its batch with it.
    route = impl_->blank(request, vehicle, options);
    refuse(route, {.error = {.code = ErrorCode::internal, .message = error.what()}, .status = RouteStatus::refused});
  }
  route.planning.time_us = microseconds_since(began);
  return route;
}

}  // namespace swiftlet::planner
