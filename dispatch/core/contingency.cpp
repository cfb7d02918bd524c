#include "dispatch/core/contingency.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "dispatch/core/sortie.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr double kLowShareOfReserve = 0.5;
/// A detour that saves less than this share of what is left to fly is not worth the parcel.
constexpr double kWorthTurning = 0.8;
/// What a guess of the energy for a leg may be short by.
constexpr double kEnergyMargin = 1.1;
constexpr double kOffRoute_m = 20.0;
constexpr double kContingent_s = 60.0;

struct Battery {
  double aboard_wh = 0.0;
  double rate_w_h_per_s = 0.0;
  double to_destination_wh = 0.0;
  double reserve_wh = 0.0;
};

std::optional<Battery> battery_of(const CoreContext& context, const Flight& flight) {
  const DroneLive* live = context.fleet.find(flight.drone);
  if (live == nullptr || !live->telemetry || !flight.mission || !(flight.mission->route->duration_s > 0.0)) {
    return std::nullopt;
  }
  const planner::Route& route = *flight.mission->route;
  const bool tracked = live->progress.mission_no() == flight.mission->mission_no;
  const double left_s = tracked ? live->progress.remaining_s(route, context.now) : route.duration_s;
  const double rate = route.energy_wh / route.duration_s;
  const double capacity_wh = context.config.profiles.at(context.index.find_drone(flight.drone)->profile).battery_wh;
  // What it has not known for a while has gone on being used.
  return Battery{.aboard_wh = live->battery_wh - rate * live->telemetry->battery_age_s,
                 .rate_w_h_per_s = rate,
                 .to_destination_wh = rate * left_s,
                 .reserve_wh = context.config.policy.energy_reserve_fraction * capacity_wh};
}

LegQuery leg_from_here(const CoreContext& context, const Flight& flight, const Spot& to) {
  const GeoPoint& here = context.fleet.find(flight.drone)->telemetry->position;
  return {.from = {.pad = {}, .slot = 0, .at = here.lonlat()},
          .to = to,
          .profile = context.index.find_drone(flight.drone)->profile};
}

double energy_to_wh(const CoreContext& context, const Flight& flight, const Battery& battery, const Spot& to) {
  return kEnergyMargin * battery.rate_w_h_per_s * context.legs.rough_duration_s(leg_from_here(context, flight, to));
}

bool goes_home(const Flight& flight) {
  return flight.leg().purpose == LegPurpose::home || flight.leg().purpose == LegPurpose::bring_back;
}

Contingency of_battery(const CoreContext& context, const Flight& flight) {
  const auto battery = battery_of(context, flight);
  if (!battery) return {};
  if (battery->aboard_wh - battery->to_destination_wh >= kLowShareOfReserve * battery->reserve_wh) return {};
  Contingency best{.steer = Steer::none, .cause = "battery", .to = {}};
  double best_wh = kWorthTurning * battery->to_destination_wh;
  if (const double home_wh = energy_to_wh(context, flight, *battery, flight.legs.back().to);
      !goes_home(flight) && home_wh < best_wh) {
    best.steer = Steer::home;
    best_wh = home_wh;
  }
  if (const auto pad = alternate_for(context, flight)) {
    if (const double pad_wh = energy_to_wh(context, flight, *battery, *pad); pad_wh < best_wh) {
      best.steer = Steer::divert;
      best.to = pad;
      best_wh = pad_wh;
    }
  }
  const double needed_wh = best.steer == Steer::none ? battery->to_destination_wh : best_wh;
  if (battery->aboard_wh < needed_wh) return {.steer = Steer::land, .cause = "battery", .to = {}};
  return best;
}

Contingency of_pad(const CoreContext& context, const Flight& flight) {
  if (!context.state().gates.closed_pads.contains(flight.leg().to.pad)) return {};
  const bool held = flight.steer == Steer::hold && flight.steer_cause == "pad_queue";
  if (flight.steer > Steer::hold) return {};
  if (!held || seconds_between(flight.steer_since, context.now) < context.config.policy.hold_s) {
    return {.steer = Steer::hold, .cause = "pad_queue", .to = {}};
  }
  if (flight.loaded || goes_home(flight)) {
    if (const auto pad = alternate_for(context, flight))
      return {.steer = Steer::divert, .cause = "pad_queue", .to = pad};
  }
  return {.steer = goes_home(flight) ? Steer::hold : Steer::home, .cause = "pad_queue", .to = {}};
}

Contingency of_route(const CoreContext& context, const Flight& flight) {
  const DroneLive* live = context.fleet.find(flight.drone);
  if (live == nullptr || !live->off_route_since) return {};
  if (seconds_between(*live->off_route_since, context.now) < kContingent_s) return {};
  return {.steer = Steer::reroute, .cause = "wind", .to = {}};
}

Contingency of_control(const CoreContext& context, const Flight& flight) {
  const DroneLive* live = context.fleet.find(flight.drone);
  // What it said before it had the mission of now was answered by that.
  const bool given_back = live != nullptr && live->telemetry && live->telemetry->control == ControlState::given_back &&
                          live->telemetry->mission_no >= flight.mission->mission_no;
  return given_back ? Contingency{.steer = Steer::reroute, .cause = "operator", .to = {}} : Contingency();
}

void note_conformance(CoreContext& context, const Flight& flight) {
  DroneLive& live = context.fleet.at(flight.drone);
  const bool off =
      live.progress.mission_no() == flight.mission->mission_no && live.progress.off_route_m() > kOffRoute_m;
  if (!off) {
    live.off_route_since.reset();
  } else if (!live.off_route_since) {
    live.off_route_since = context.now;
    context.notice(NoticeLevel::alarm,
                   fmt::format("drone {} is {:.0f} m off its route", flight.drone, live.progress.off_route_m()));
  }
}

void steer(CoreContext& context, const Flight& flight, const Contingency& wanted) {
  context.notice(
      wanted.steer == Steer::none ? NoticeLevel::info : NoticeLevel::alarm,
      fmt::format("flight {} of drone {}: {} ({})", flight.flight_id, flight.drone, name(wanted.steer), wanted.cause));
  const std::string flight_id = flight.flight_id;
  const std::string order_id = flight.order_id;
  context.commit(FlightSteered{.flight_id = flight_id, .steer = wanted.steer, .cause = wanted.cause, .to = wanted.to});
  if (order_id.empty()) return;
  const OrderState now = context.state().orders.at(order_id).state;
  if (wanted.steer == Steer::hold && (now == OrderState::airborne || now == OrderState::arriving)) {
    context.move_order(order_id, OrderState::holding, wanted.cause);
  }
  if (wanted.steer == Steer::none && now == OrderState::holding) {
    context.move_order(order_id, OrderState::airborne, wanted.cause);
  }
}

}  // namespace

std::optional<Spot> alternate_for(const CoreContext& context, const Flight& flight) {
  const DroneLive* live = context.fleet.find(flight.drone);
  if (live == nullptr || !live->telemetry) return std::nullopt;
  std::optional<Spot> nearest;
  double nearest_m = std::numeric_limits<double>::infinity();
  for (const geo::Pad& pad : context.config.pads) {
    if (pad.id == flight.leg().to.pad || pad.id == flight.legs.back().to.pad) continue;
    const auto slot = free_spot(context, Stop{.pad = pad.id, .at = {}});
    if (!slot) continue;
    const double away_m = distance_m(live->telemetry->position.lonlat(), slot->at);
    if (away_m < nearest_m) {
      nearest_m = away_m;
      nearest = slot;
    }
  }
  return nearest;
}

Contingency contingency_of(const CoreContext& context, const Flight& flight) {
  Contingency worst;
  for (const auto& found :
       {of_route(context, flight), of_control(context, flight), of_pad(context, flight), of_battery(context, flight)}) {
    if (found.steer > worst.steer) worst = found;
  }
  return worst;
}

void watch_flights(CoreContext& context) {
  std::vector<std::string> flying;
  for (const auto& [id, flight] : context.state().flights) {
    if (flight.phase == LegPhase::flying && context.in_contact(flight.drone)) flying.push_back(id);
  }
  for (const std::string& id : flying) {
    const Flight& flight = context.state().flights.at(id);
    if (context.is_off_control(flight.drone)) {
      context.fleet.at(flight.drone).off_route_since.reset();
      continue;
    }
    note_conformance(context, flight);
    const Contingency wanted = contingency_of(context, flight);
    const bool pad_is_open = flight.steer == Steer::hold && flight.steer_cause == "pad_queue" &&
                             !context.state().gates.closed_pads.contains(flight.leg().to.pad);
    if (wanted.steer > flight.steer) {
      steer(context, flight, wanted);
    } else if (pad_is_open) {
      steer(context, flight, {.steer = Steer::none, .cause = "pad_queue", .to = {}});
    }
  }
}

}  // namespace swiftlet::dispatch
