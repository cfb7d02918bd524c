#include "planner/flight_plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "planner/ground_risk_cost.hpp"

namespace swiftlet::planner {
namespace {

using geo::Enu3;

/// Ends nearer than this have no transit between them.
constexpr double kSamePlace_m = 1.0;

/// What no flight is faster than. An autopilot times its flights itself: with its own limits where they are wider than
/// the profile's, in a wind that may be weaker near the ground, and with a clock that begins at lift-off.
LowerBounds bounds_of(const geo::AirspaceView& view, const FlightLimits& limits, const PowerModel& power,
                      const Terminal& start, const Terminal& goal, double ground_bound_m) {
  if (!limits.vehicle.autopilot) return lower_bounds(view, limits, power, start, goal, ground_bound_m);
  constexpr double kHeadStart_s = 1.5;
  const auto& ardupilot = limits.vehicle.autopilot->ardupilot;
  const auto& px4 = limits.vehicle.autopilot->px4;
  FlightLimits widest = limits;
  VehicleProfile& v = widest.vehicle;
  widest.air = FlightAir(geo::Wind{});
  v.max_airspeed_m_s = std::max(v.max_airspeed_m_s, 100.0);
  v.vertical_acceleration_m_s2 = 100.0;
  if (limits.vehicle.autopilot->kind == autopilot::Kind::px4) {
    v.climb_speed_m_s = std::max({v.climb_speed_m_s, px4.climb_speed_m_s, px4.take_off_speed_m_s});
    v.descent_speed_m_s = std::max(v.descent_speed_m_s, px4.descent_speed_m_s);
    v.landing_speed_m_s = v.descent_speed_m_s;
    v.acceleration_m_s2 = std::max(v.acceleration_m_s2, px4.acceleration_m_s2);
  } else {
    v.climb_speed_m_s = std::max(v.climb_speed_m_s, ardupilot.wp_speed_up_m_s);
    v.descent_speed_m_s = std::max({v.descent_speed_m_s, ardupilot.wp_speed_down_m_s, ardupilot.land_speed_high_m_s});
    v.landing_speed_m_s = v.descent_speed_m_s;
    v.acceleration_m_s2 = std::max(v.acceleration_m_s2, ardupilot.wp_acceleration_m_s2);
  }
  // It cuts corners, so that what it flies may be shorter than any proven way over the ground.
  LowerBounds out = lower_bounds(view, widest, power, start, goal, 0.0);
  const double kept = std::max(0.0, 1.0 - kHeadStart_s / std::max(out.time_s, kHeadStart_s));
  out.time_s *= kept;
  out.climb_s = std::max(0.0, out.climb_s - kHeadStart_s);
  // The power is the frame's own, which grows with thrust alone: hovering is the least of it.
  out.energy_wh = std::min(out.energy_wh, power.least_w(limits.vehicle.max_airspeed_m_s) / 3600.0 * out.time_s);
  return out;
}

tl::unexpected<SearchFailure> refused(ErrorCode code, std::string message, std::string field) {
  return tl::unexpected(SearchFailure{.error = {.code = code, .message = std::move(message), .where = std::move(field)},
                                      .status = RouteStatus::refused});
}

tl::unexpected<SearchFailure> against_the_wind(const FlightLimits& limits) {
  auto stopped =
      refused(ErrorCode::wind_too_strong,
              fmt::format("{} makes no way against the wind on any way that was found", limits.vehicle.name), "wind");
  stopped.value().error.hint = "depart at another time, or fly lower";
  return stopped;
}

tl::expected<Terminal, SearchFailure> terminal_at(const geo::AirspaceView& view, const Place& place, RouteEnd end,
                                                  bool may_prove) {
  const auto resolved = resolve(view, place, end);
  if (!resolved) return tl::unexpected(SearchFailure{.error = resolved.error(), .status = RouteStatus::refused});
  const auto terminal = find_terminal(view, *resolved, end);
  if (terminal) return *terminal;
  const bool proven = terminal.error().proven && may_prove;
  return tl::unexpected(SearchFailure{.error = terminal.error().error,
                                      .status = proven ? RouteStatus::infeasible : RouteStatus::refused});
}

}  // namespace

tl::expected<FlightEnds, SearchFailure> flight_ends(const geo::AirspaceView& view, const PlanRequest& request,
                                                    const FlightLimits& limits, bool may_prove) {
  const auto start = terminal_at(view, request.from, RouteEnd::start, may_prove);
  if (!start) return tl::unexpected(start.error());
  const auto goal = terminal_at(view, request.to, RouteEnd::goal, may_prove);
  if (!goal) return tl::unexpected(goal.error());
  const FlightEnds ends{.start = *start, .rest = braked(*start, limits.vehicle), .goal = *goal};
  if (ends.brakes() && !view.is_free(start->transit_enu(), ends.rest.transit_enu())) {
    return refused(ErrorCode::undecided_at_resolution, "there is no proven room to brake from the velocity given",
                   "from");
  }
  if ((ends.rest.place.at_enu - goal->place.at_enu).norm() < kSamePlace_m) {
    return refused(ErrorCode::bad_request, "start and goal are the same place", "to");
  }
  return ends;
}

std::optional<Trajectory> flown(const geo::AirspaceView& view, const FlightLimits& limits, const FlightEnds& ends,
                                const Track& track, const std::optional<Layer>& layer) {
  auto curve = flight_curve(view, limits, track, ends.rest, ends.goal, layer);
  if (!curve) return std::nullopt;
  if (ends.brakes()) {
    curve->points.insert(curve->points.begin(), CurvePoint{.p_enu = ends.start.transit_enu()});
    const Enu3& velocity = *ends.start.place.velocity_enu_m_s;
    const double ground = velocity.head<2>().norm();
    curve->start_speed_m_s = ground > 1e-9 ? ground : velocity.norm();
    curve->transit_ends += 1;
  }
  return timed(*curve, limits);
}

namespace {

/// A flight that costs so much more than the bound is worth another search.
constexpr double kDear = 1.25;
/// One that costs no more than this, by the bound that is quickest to have, is not worth a look for a better one.
constexpr double kGood = 1.04;

/// Shares of the people below the straight line that every second counts with besides: the less, the farther a way goes
/// round them.
constexpr std::array kRiskBases{0.01, 0.1, 0.5};
constexpr std::array kRiskBasesUnderLimit{0.01, 0.05, 0.2, 1.0, 4.0};

/// What no wind exceeds along a segment, told to within a few metres of it where that is more than the vehicle flies
/// in.
double strongest_along_m_s(const FlightLimits& limits, const TimedPoint& a, const TimedPoint& b) {
  constexpr double kShortest_m = 5.0;
  const double bound_m_s = limits.air.fastest_along_m_s(a.p_enu, b.p_enu, a.t_s, b.t_s);
  if (bound_m_s <= limits.vehicle.max_wind_m_s || (b.p_enu - a.p_enu).norm() <= kShortest_m) return bound_m_s;
  // Speed changes within a segment: the time of its middle is not known, and either half takes the whole's times.
  TimedPoint middle = a;
  middle.p_enu = 0.5 * (a.p_enu + b.p_enu);
  middle.t_s = b.t_s;
  const double first = strongest_along_m_s(limits, a, middle);
  middle.t_s = a.t_s;
  return std::max(first, strongest_along_m_s(limits, middle, b));
}

/// What no wind along the trajectory exceeds; infinite where the wind lets it not pass.
double strongest_wind_m_s(const Trajectory& trajectory, const FlightLimits& limits) {
  if (!std::isfinite(trajectory.duration_s())) return std::numeric_limits<double>::infinity();
  // Even wind was judged before the search.
  if (limits.air.even() || limits.air.fastest_m_s() <= limits.vehicle.max_wind_m_s) return 0.0;
  double strongest = 0.0;
  for (std::size_t k = 0; k + 1 < trajectory.points.size(); ++k) {
    strongest = std::max(strongest, strongest_along_m_s(limits, trajectory.points[k], trajectory.points[k + 1]));
  }
  return strongest;
}

}  // namespace

double flight_cost(const FlightPlan& plan, Objective objective) {
  return cost_in(objective, {.time_s = plan.trajectory.duration_s(),
                             .energy_wh = plan.energy_wh,
                             .length_m = plan.trajectory.length_m,
                             .ground_risk = plan.ground_risk});
}

std::optional<FlightPlan> planned(const geo::AirspaceView& view, const PlanRequest& request, const FlightLimits& limits,
                                  const FlightEnds& ends, const Track& track, const std::optional<Layer>& layer) {
  auto trajectory = flown(view, limits, ends, track, layer);
  if (!trajectory) return std::nullopt;
  FlightPlan plan;
  plan.strongest_wind_m_s = strongest_wind_m_s(*trajectory, limits);
  plan.energy_wh = energy_wh(*trajectory, limits, PowerModel(limits.vehicle, request.payload_kg));
  if (std::isfinite(plan.strongest_wind_m_s) &&
      !(std::isfinite(plan.energy_wh) && std::isfinite(trajectory->duration_s()))) {
    throw std::logic_error("the trajectory's time or energy is not finite");
  }
  const geo::GroundRisk& people = view.airspace().ground_risk;
  if (!people.empty()) {
    // A limit is one of what is published, whose waypoints are rounded.
    plan.ground_risk =
        request.max_ground_risk && std::isfinite(trajectory->duration_s())
            ? expected_fatalities(view.airspace(), limits.vehicle, to_waypoints(view.airspace(), *trajectory))
            : expected_fatalities(people, limits.vehicle, trajectory->points);
  }
  plan.trajectory = std::move(*trajectory);
  plan.ends = ends;
  plan.corners = track.points();
  return plan;
}

namespace {

/// Times every track that it is shown and keeps the best flight: of those that keep to max_ground_risk and to the
/// battery the one that costs least; while there is none, the one of least risk, then of least energy beyond.
class BestFlight {
 public:
  BestFlight(const geo::AirspaceView& view, const PlanRequest& request, const FlightLimits& limits,
             const FlightEnds& ends, const FlightSink& first)
      : view_(view),
        request_(request),
        limits_(limits),
        ends_(ends),
        first_(first),
        power_(limits.vehicle, request.payload_kg) {}

  void consider(const Track& track, std::string_view found_by) {
    ++tracks;
    auto flight = planned(view_, request_, limits_, ends_, track);
    if (!flight) return;
    stopped_by_wind = stopped_by_wind || !std::isfinite(flight->trajectory.duration_s());
    if (flight->strongest_wind_m_s > limits_.vehicle.max_wind_m_s) {
      weakest_gale_m_s = std::min(weakest_gale_m_s, flight->strongest_wind_m_s);
      return;
    }
    flight->found_by = found_by;
    flight->track = tracks;
    const auto rank = rank_of(*flight);
    if (first_ && !found() && rank < kKeepsToAll) first_(*flight);
    if (!found() || rank < rank_of(plan)) plan = std::move(*flight);
  }

  [[nodiscard]] bool found() const { return !plan.trajectory.points.empty(); }
  [[nodiscard]] double cost() const {
    return found() ? flight_cost(plan, request_.objective) : std::numeric_limits<double>::infinity();
  }
  /// How long a way over the ground may be that could still be better than the best flight; 0 where that one, by bounds
  /// that are quick to have, is good enough.
  [[nodiscard]] double worth_looking_to_m(const LowerBounds& about) const {
    constexpr double kAnyLength = std::numeric_limits<double>::infinity();
    if (!found() || !(rank_of(plan) < kKeepsToAll) || request_.objective == Objective::risk) return kAnyLength;
    const double least = bound_for(request_.objective, about);
    if (cost() <= kGood * least) return 0.0;
    const double per_m = bound_per_m();
    return per_m > 0.0 ? about.ground_m + (cost() - least) / per_m : kAnyLength;
  }
  /// By how much the flight endangers more people than it may.
  [[nodiscard]] double over_limit(const FlightPlan& flight) const {
    return request_.max_ground_risk ? std::max(0.0, flight.ground_risk.value() - *request_.max_ground_risk) : 0.0;
  }
  [[nodiscard]] const PowerModel& power() const { return power_; }

  FlightPlan plan;
  int tracks = 0;
  double weakest_gale_m_s = std::numeric_limits<double>::infinity();  ///< of flights in wind above the vehicle's limit
  bool stopped_by_wind = false;                                       ///< a flight that makes no way against it

 private:
  /// What it endangers and takes beyond what it may, and its cost; the less, the better.
  using Rank = std::tuple<double, double, double>;
  static constexpr Rank kKeepsToAll{0.0, 0.0, std::numeric_limits<double>::infinity()};
  [[nodiscard]] Rank rank_of(const FlightPlan& flight) const {
    const bool lasts = !check_energy(request_, limits_.vehicle, power_, flight.energy_wh, 0.0);
    return {over_limit(flight), lasts ? 0.0 : flight.energy_wh, flight_cost(flight, request_.objective)};
  }

  /// What another metre over the ground costs at least.
  [[nodiscard]] double bound_per_m() const {
    const double seconds = 1.0 / limits_.vehicle.cruise_speed_m_s;
    return cost_in(request_.objective,
                   {.time_s = seconds,
                    .energy_wh = power_.least_w(limits_.vehicle.max_airspeed_m_s) * seconds / 3600.0,
                    .length_m = 1.0,
                    .ground_risk = 0.0});
  }

  const geo::AirspaceView& view_;
  const PlanRequest& request_;
  const FlightLimits& limits_;
  const FlightEnds& ends_;
  const FlightSink& first_;
  PowerModel power_;
};

/// Shows the flight ways that go round people, near and far.
void avoid_people(const SearchSpace& space, const FlightLimits& limits, const FlightEnds& ends,
                  std::span<const double> bases, SearchBudget& budget, BestFlight& best) {
  const geo::GroundRisk& people = space.view->airspace().ground_risk;
  const double straight_per_km2 = people.mean_along_per_km2(ends.rest.place.at_enu, ends.goal.place.at_enu);
  for (const double base : bases) {
    const RiskWeight weight{.risk = &people, .base_per_km2 = base * std::max(1.0, straight_per_km2)};
    if (const auto track = track_over_cells(space, limits, ends.rest, ends.goal, budget, weight))
      best.consider(*track, "search round people");
  }
}

}  // namespace

tl::expected<FlightPlan, SearchFailure> plan_flight(const SearchSpace& space, const PlanRequest& request,
                                                    const FlightLimits& limits, const PlanOptions& options,
                                                    SearchBudget& budget, const geo::AirspaceView& whole,
                                                    const FlightSink& first) {
  const geo::AirspaceView& view = *space.view;
  const bool may_prove = &view == &whole;
  const auto ends = flight_ends(view, request, limits, may_prove);
  if (!ends) {
    if (may_prove && ends.error().error.code == ErrorCode::undecided_at_resolution) {
      const auto from = resolve(view, request.from, RouteEnd::start);
      const auto to = resolve(view, request.to, RouteEnd::goal);
      auto apart = from && to ? proven_apart(space, from->at_enu, to->at_enu, budget.stop_at()) : std::nullopt;
      if (apart) return tl::unexpected(std::move(*apart));
      if (budget.time_is_up()) return tl::unexpected(out_of_time());
    }
    return tl::unexpected(ends.error());
  }
  BestFlight best(view, request, limits, *ends, first);
  const LowerBounds about = bounds_of(whole, limits, best.power(), ends->start, ends->goal, 0.0);
  auto found = find_track(space, limits, ends->rest, ends->goal, options, budget, may_prove,
                          [&](const Track& track, std::string_view by) {
                            best.consider(track, by);
                            return best.worth_looking_to_m(about);
                          });
  if (!found) return tl::unexpected(std::move(found.error()));
  // The ways that another view leaves are none of this one's.
  const double ground_m = ends->brakes() || !may_prove ? 0.0 : found->ground_bound_m;
  LowerBounds bounds = bounds_of(whole, limits, best.power(), ends->start, ends->goal, ground_m);
  const bool own_search = options.planner == "auto" || options.planner == "swiftlet";
  if (request.objective == Objective::risk || request.max_ground_risk) {
    // An autopilot cuts corners by itself, and may so be over people for less time than any way that is bounded here.
    if (!limits.vehicle.autopilot) {
      bounds.ground_risk = ground_risk_bound(whole, limits.vehicle, ends->start, ends->goal, bounds);
    }
    if (own_search && request.objective == Objective::risk) {
      avoid_people(space, limits, *ends, kRiskBases, budget, best);
    } else if (own_search && (!best.found() || best.over_limit(best.plan) > 0.0)) {
      avoid_people(space, limits, *ends, kRiskBasesUnderLimit, budget, best);
    }
  }
  if (own_search && request.objective != Objective::risk &&
      best.cost() > kDear * bound_for(request.objective, bounds)) {
    if (const auto track = track_over_cells(space, limits, ends->rest, ends->goal, budget))
      best.consider(*track, "search over blocks of cells");
  }
  if (!best.found() && std::isfinite(best.weakest_gale_m_s)) {
    auto blown = refused(ErrorCode::wind_too_strong,
                         fmt::format("the calmest way found meets wind of {:.1f} m/s; {} flies in at most {}",
                                     best.weakest_gale_m_s, limits.vehicle.name, limits.vehicle.max_wind_m_s),
                         "wind");
    blown.value().error.hint = "depart at another time, or fly lower";
    return blown;
  }
  if (!best.found() && best.stopped_by_wind) return against_the_wind(limits);
  if (!best.found()) {
    return refused(ErrorCode::undecided_at_resolution,
                   "the track that was found could not be proven segment by segment", "");
  }
  FlightPlan plan = std::move(best.plan);
  plan.bounds = bounds;
  plan.tracks = best.tracks;
  if (auto no = check_energy(request, limits.vehicle, best.power(), plan.energy_wh, plan.bounds.energy_wh)) {
    return tl::unexpected(std::move(*no));
  }
  return plan;
}

}  // namespace swiftlet::planner
