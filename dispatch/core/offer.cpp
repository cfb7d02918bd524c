#include "dispatch/core/offer.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "dispatch/core/forecast.hpp"

namespace swiftlet::dispatch {
namespace {

/// A drone that comes so soon after the parcel is ready comes for the kitchen, not from a queue.
constexpr auto kAtOnce = std::chrono::seconds(5);
/// The farther off the drone is, the more may come between.
constexpr double kQueueShare = 0.05;
constexpr double kLeastQueue_s = 10.0;
/// Nobody is promised a place in a queue for slots that is longer than this.
constexpr double kLongestAtPads_s = 1800.0;

std::optional<Error> check_stop(const CoreContext& context, const Stop& stop, const char* field) {
  if (stop.pad.empty()) return std::nullopt;
  if (context.index.find_pad(stop.pad) == nullptr) {
    return Error{
        .code = ErrorCode::not_found,
        .message = fmt::format("no pad \"{}\" in {}; pads.list has them all", stop.pad, context.config.airspace_name),
        .where = std::string(field) + ".pad"};
  }
  if (const auto closed = context.state().gates.closed_pads.find(stop.pad);
      closed != context.state().gates.closed_pads.end()) {
    return Error{.code = ErrorCode::pad_closed,
                 .message = fmt::format("pad \"{}\" is closed{}{}", stop.pad, closed->second.empty() ? "" : ": ",
                                        closed->second),
                 .where = std::string(field) + ".pad"};
  }
  if (!first_spot_of(context, stop)) {
    return Error{.code = ErrorCode::pad_full,
                 .message = fmt::format("every slot of pad \"{}\" is some drone's home", stop.pad),
                 .where = std::string(field) + ".pad"};
  }
  return std::nullopt;
}

Error no_drone(std::string message) {
  return Error{.code = ErrorCode::no_drone_in_time, .message = std::move(message)};
}

/// That neither pad, or not both at once, has a slot for the order within kLongestAtPads_s.
std::optional<Error> check_pads(const ExpectedPickup& pickup, const DeliveryWish& wish) {
  if (pickup.pads_wait_s <= kLongestAtPads_s) return std::nullopt;
  return Error{.code = ErrorCode::pad_full,
               .message = fmt::format("pads \"{}\" and \"{}\" have slots for it in {:.0f} min only", wish.pickup.pad,
                                      wish.dropoff.pad, std::ceil(pickup.pads_wait_s / 60.0)),
               .where = {}};
}

/// Which stop of the wish a leg's refusal is about; empty where it is not about one.
std::string stop_at_fault(const Error& error, std::size_t leg) {
  const bool at_start = error.where.starts_with("from");
  const bool at_goal = error.where.starts_with("to");
  if (leg == 0) return at_goal ? "pickup" : "";
  if (leg == 1) return at_start ? "pickup" : at_goal ? "dropoff" : "";
  return at_start ? "dropoff" : "";
}

/// What decides when the parcel is delivered.
ForecastKind kind_of(const CoreContext& context, const ExpectedPickup& pickup, UtcTime ready_at) {
  if (ready_at > context.now + kHorizon) return ForecastKind::scheduled;
  if (pickup.arrives_at > ready_at + kAtOnce) {
    return pickup.behind_others ? ForecastKind::queued : ForecastKind::prompt;
  }
  return ForecastKind::kitchen;
}

Offer offer_from(const CoreContext& context, const ExpectedPickup& pickup, const Sortie& sortie,
                 const DeliveryWish& wish) {
  const LegEstimate& delivery = *context.legs.find(sortie.to_dropoff(), context.now);
  const double arrives_s = std::max(seconds_between(context.now, pickup.arrives_at), 0.0);
  const double out_s = leg_duration_s(context, sortie.to_pickup());
  const StageTime wait =
      wait_for_parcel(context, wish.ready_at.value_or(context.now), after(context.now, arrives_s), false);
  std::vector<StageTime> stages{
      {.mean_s = arrives_s, .sd_s = flying(out_s).sd_s + context.stages.departure.time().sd_s}};
  if (pickup.behind_others) stages.push_back({.mean_s = 0.0, .sd_s = kQueueShare * arrives_s + kLeastQueue_s});
  for (const StageTime& stage : stages_after_pickup(context, wait, delivery.duration_s)) stages.push_back(stage);
  const StageTime left = sum_of(stages);
  const Expectation expected{.eta = after(context.now, left.mean_s),
                             .spread_s = left.sd_s,
                             .kind = kind_of(context, pickup, wish.ready_at.value_or(context.now))};
  const Tariff& tariff = context.config.tariff;
  const StageFilters& filters = context.stages;
  const double occupied_s = out_s + delivery.duration_s + leg_duration_s(context, sortie.legs[2]) +
                            3.0 * filters.departure.time().mean_s + filters.loading.time().mean_s +
                            filters.release.time().mean_s + filters.turnaround.time().mean_s;
  return {.pickup = pickup,
          .occupied_s = occupied_s,
          .promise = {.pickup_eta = after(context.now, arrives_s),
                      .delivery = context.state().learned.interval(expected, context.now),
                      .expected = expected},
          .fee = {.amount_minor = tariff.base_minor +
                                  std::llround(static_cast<double>(tariff.per_km_minor) * delivery.length_m / 1000.0),
                  .currency = tariff.currency}};
}

}  // namespace

std::optional<Error> check_gates(const CoreContext& context, const std::string& merchant) {
  const Gates& gates = context.state().gates;
  if (const auto paused = gates.paused_merchants.find(merchant); paused != gates.paused_merchants.end()) {
    return Error{.code = ErrorCode::merchant_paused, .message = "new orders are paused: " + paused->second};
  }
  if (gates.weather_hold) return Error{.code = ErrorCode::weather_hold, .message = "weather: " + *gates.weather_hold};
  if (gates.ground_stop) return no_drone("departures are stopped: " + *gates.ground_stop);
  return std::nullopt;
}

std::optional<Error> check_wish(const CoreContext& context, const DeliveryWish& wish) {
  if (auto error = check_stop(context, wish.pickup, "pickup")) return error;
  if (auto error = check_stop(context, wish.dropoff, "dropoff")) return error;
  if (wish.pickup == wish.dropoff) {
    return Error{.code = ErrorCode::bad_request, .message = "the same place as the pick-up", .where = "dropoff"};
  }
  if (wish.ready_at && *wish.ready_at > context.now + kFarthestAhead) {
    return Error{.code = ErrorCode::time_invalid, .message = "more than 30 days ahead", .where = "ready_at"};
  }
  if (wish.deliver_by && *wish.deliver_by <= context.now) {
    return Error{.code = ErrorCode::time_invalid,
                 .message = "has passed; it is " + format_rfc3339(context.now),
                 .where = "deliver_by"};
  }
  std::optional<Error> refusal = no_drone("no drone is registered");
  for (const RegisteredDrone& drone : context.config.drones) {
    refusal = refuses_parcel(context.config.profiles.at(drone.profile), wish.parcel);
    if (!refusal) break;
  }
  return refusal;
}

OfferAnswer make_offer(CoreContext& context, const FleetOutlook& outlook, const DeliveryWish& wish) {
  if (auto error = check_wish(context, wish)) return {.offer = {}, .refusal = std::move(error)};
  const Spot pickup = *first_spot_of(context, wish.pickup);
  const Spot dropoff = *first_spot_of(context, wish.dropoff);
  Error refusal = no_drone("no drone is in service now");
  const UtcTime ready_at = wish.ready_at.value_or(context.now);
  for (const ExpectedPickup& candidate : outlook.candidates(pickup, wish.parcel, ready_at)) {
    const Sortie sortie = make_sortie(context, *candidate.drone, pickup, dropoff, wish.parcel.mass_kg);
    const SortieCheck check = check_sortie(context, sortie);
    if (check.verdict == SortieVerdict::unknown) {
      OfferAnswer later;
      for (const LegQuery& leg : sortie.legs) {
        if (context.legs.find(leg, context.now) != nullptr) continue;
        context.ask_for_leg(leg);
        later.waits_for.push_back(context.legs.numbered(leg));
      }
      return later;
    }
    if (check.verdict == SortieVerdict::infeasible) {
      refusal = as_merchant_error(*check.error);
      refusal.where = stop_at_fault(*check.error, check.leg);
      if (check.delivery_itself_fails) break;
      continue;
    }
    const bool far_ahead = ready_at > context.now + kHorizon;
    const ExpectedPickup queued =
        far_ahead ? candidate : outlook.behind_pads(candidate, wish, leg_duration_s(context, sortie.to_dropoff()));
    if (auto full = check_pads(queued, wish)) return {.offer = {}, .refusal = std::move(full)};
    Offer offer = offer_from(context, queued, sortie, wish);
    if (wish.deliver_by && offer.promise.delivery.p95 > *wish.deliver_by) {
      Error late = no_drone("delivery by " + format_rfc3339(*wish.deliver_by) + " cannot be promised; " +
                            format_rfc3339(offer.promise.delivery.p95) + " can");
      late.where = "deliver_by";
      return {.offer = {}, .refusal = std::move(late)};
    }
    return {.offer = std::move(offer), .refusal = {}};
  }
  return {.offer = {}, .refusal = std::move(refusal)};
}

Error as_merchant_error(const Error& error) {
  using enum ErrorCode;
  ErrorCode code = unreachable;
  switch (error.code) {
    case out_of_region:
    case no_fly_zone:
    case unreachable:
    case payload_too_heavy:
    case payload_too_large:
    case time_invalid:
      code = error.code;
      break;
    case wind_too_strong:
      code = weather_hold;
      break;
    case deadline_passed:
      code = overloaded;
      break;
    case internal:
    case referee_refused:
      code = internal;
      break;
    default:
      break;
  }
  return Error{.code = code, .message = error.message, .where = {}};
}

}  // namespace swiftlet::dispatch
