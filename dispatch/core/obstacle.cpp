#include "dispatch/core/obstacle.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "dispatch/core/fleet_outlook.hpp"
#include "dispatch/core/offer.hpp"

namespace swiftlet::dispatch {
namespace {

/// Before that nobody misses the parcel.
constexpr auto kSoon = std::chrono::minutes(2);

Obstacle refused(const Error& error) {
  return {.cause = cause_of(error), .code = std::string(name(as_merchant_error(error).code)), .what = error.message};
}

std::optional<Obstacle> of_gates(const Gates& gates) {
  if (gates.weather_hold) return Obstacle{.cause = "weather_hold", .code = "weather_hold", .what = *gates.weather_hold};
  if (gates.ground_stop) return Obstacle{.cause = "operator", .code = "no_drone_in_time", .what = *gates.ground_stop};
  return std::nullopt;
}

std::optional<Obstacle> of_pad(const Gates& gates, const std::string& pad) {
  const auto closed = gates.closed_pads.find(pad);
  if (closed == gates.closed_pads.end()) return std::nullopt;
  return Obstacle{.cause = "operator",
                  .code = "pad_closed",
                  .what = fmt::format("pad {} is closed{}{}", pad, closed->second.empty() ? "" : ": ", closed->second)};
}

/// Why the drone cannot leave where it stands; nullptr where it can.
const Error* kept_on_ground(const CoreContext& context, const std::string& drone) {
  const Flight* flight = context.drones.flight(drone);
  return flight == nullptr ? nullptr : context.refusals.of_flight(flight->flight_id);
}

/// Whatever it was that kept it: an order that is so late is not kept by its turn in a queue any more.
std::optional<Obstacle> of_time(const CoreContext& context, const Order& order, const Flight* flight) {
  const UtcTime due = std::max(order.promise.delivery.p95, order.ready_at());
  if (context.now < after(due, context.config.patience_s)) return std::nullopt;
  if (flight == nullptr) {
    return Obstacle{.cause = "pad_queue", .code = "no_drone_in_time", .what = "no drone has been free for it"};
  }
  if (flight->waits_for_dropoff()) {
    return Obstacle{.cause = "pad_queue",
                    .code = "pad_full",
                    .what = fmt::format("no slot of pad {} has come free", flight->leg().to.pad)};
  }
  const bool waits = flight->phase == LegPhase::landed && flight->leg().purpose == LegPurpose::pickup;
  return Obstacle{.cause = waits ? "readiness" : "link",
                  .code = "no_drone_in_time",
                  .what = fmt::format("drone {} reports no progress", flight->drone)};
}

/// Why no drone in service could carry it; nothing if one could.
std::optional<Obstacle> of_fleet(CoreContext& context, const Order& order) {
  const auto spots = spots_between(context, order.wish);
  if (!spots) return Obstacle{.cause = "operator", .code = "pad_full", .what = "no slot is left for orders"};
  const auto& [pickup, dropoff] = *spots;
  const auto& by_base =
      context.sortie_times.of(order.number, pickup, dropoff, order.wish.parcel, context.legs, context.now);
  const RegisteredDrone* refused_to = nullptr;
  const Error* stuck = nullptr;
  for (std::size_t base = 0; base < by_base.size(); ++base) {
    for (const std::size_t number : context.sortie_times.bases()[base].drones) {
      const RegisteredDrone& drone = context.config.drones[number];
      if (!context.in_service(number)) continue;
      if (const Error* kept = kept_on_ground(context, drone.id)) {
        stuck = kept;
        continue;
      }
      if (by_base[base].possible) return std::nullopt;
      refused_to = &drone;
      break;
    }
  }
  if (refused_to == nullptr && stuck != nullptr) {
    return Obstacle{.cause = cause_of(*stuck),
                    .code = "no_drone_in_time",
                    .what = "every drone in service stands where it cannot leave: " + stuck->message};
  }
  if (refused_to == nullptr) {
    return Obstacle{.cause = "link", .code = "no_drone_in_time", .what = "no drone is in service"};
  }
  const Sortie sortie = make_sortie(context, *refused_to, pickup, dropoff, order.wish.parcel.mass_kg);
  if (const auto why = check_sortie(context, sortie).error) return refused(*why);
  return Obstacle{.cause = "wind", .code = "unreachable", .what = "no base has a way to it and back"};
}

}  // namespace

std::string cause_of(const Error& refusal) {
  switch (refusal.code) {
    case ErrorCode::wind_too_strong:
    case ErrorCode::weather_hold:
      return "wind";
    case ErrorCode::energy_insufficient:
      return "battery";
    case ErrorCode::no_fly_zone:
    case ErrorCode::unreachable:
    case ErrorCode::undecided_at_resolution:
      return "zone";
    default:
      return "operator";  // ours to find out
  }
}

std::optional<Obstacle> obstacle_of(const CoreContext& context, const Flight& flight) {
  if (!context.in_contact(flight.drone)) {
    return Obstacle{
        .cause = "link", .code = "no_drone_in_time", .what = fmt::format("drone {} is silent", flight.drone)};
  }
  if (context.is_off_control(flight.drone)) {
    return Obstacle{.cause = "operator",
                    .code = "no_drone_in_time",
                    .what = fmt::format("drone {} is in a pilot's hands, or a failsafe's", flight.drone)};
  }
  if (flight.phase == LegPhase::flying || flight.phase == LegPhase::landed) return std::nullopt;
  const Gates& gates = context.state().gates;
  if (auto closed = of_gates(gates)) return closed;
  if (flight.leg().purpose != LegPurpose::home) {
    if (auto closed = of_pad(gates, flight.leg().to.pad)) return closed;
  }
  if (flight.steer == Steer::hold) {
    return Obstacle{.cause = "operator", .code = "no_drone_in_time", .what = "an operator holds the flight"};
  }
  const Error* refusal = context.refusals.of_flight(flight.flight_id);
  return refusal != nullptr ? std::optional(refused(*refusal)) : std::nullopt;
}

std::optional<Obstacle> obstacle_of(CoreContext& context, const FleetOutlook& outlook, const Order& order) {
  if (is_terminal(order.state)) return std::nullopt;
  const auto flight = context.state().flights.find(order.flight_id);
  if (flight != context.state().flights.end()) {
    const auto kept = obstacle_of(context, flight->second);
    return kept ? kept : of_time(context, order, &flight->second);
  }
  if (order.ready_at() > context.now + kSoon) return std::nullopt;
  const Gates& gates = context.state().gates;
  if (auto closed = of_gates(gates)) return closed;
  for (const std::string& pad : {order.wish.pickup.pad, order.wish.dropoff.pad}) {
    if (auto closed = of_pad(gates, pad)) return closed;
  }
  if (const Error* refusal = context.refusals.of_order(order.order_id)) return refused(*refusal);
  if (outlook.expected(order.number) == nullptr) {
    if (auto lacking = of_fleet(context, order)) return lacking;
  }
  return of_time(context, order, nullptr);
}

}  // namespace swiftlet::dispatch
