#include "dispatch/core/fleet_picture.hpp"

#include <algorithm>
#include <unordered_map>

#include "dispatch/core/fleet_outlook.hpp"
#include "dispatch/core/standstill.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr auto kKeepEnded = std::chrono::hours(1);

DronePicture picture_of(const CoreContext& context, const RegisteredDrone& drone) {
  const auto& profile = context.config.profiles.at(drone.profile);
  DronePicture seen{.id = drone.id,
                    .profile = drone.profile,
                    .home_pad = drone.home_pad,
                    .link = context.fleet.link(drone.id, context.now),
                    .battery_wh = profile.battery_wh,
                    .battery_full_wh = profile.battery_wh,
                    .battery_reserve_wh = profile.battery_wh * context.config.policy.energy_reserve_fraction};
  const DroneLedger& ledger = context.drones.ledger(drone.id);
  seen.awaiting_swap = ledger.awaiting_swap;
  seen.withdrawn = ledger.withdrawn;
  seen.maintenance = ledger.maintenance;
  if (const DroneLive* live = context.fleet.find(drone.id); live != nullptr && live->connection != 0) {
    seen.heard_at = live->heard_at;
    seen.telemetry = live->telemetry;
    seen.battery_wh = live->battery_wh;
  }
  if (const Flight* flight = context.drones.flight(drone.id); flight != nullptr) {
    seen.flight_id = flight->flight_id;
    seen.order_id = flight->order_id;
    seen.purpose = name(flight->leg().purpose);
    seen.leg_phase = name(flight->phase);
    if (flight->steer != Steer::none) {
      seen.steer = name(flight->steer);
      seen.steer_cause = flight->steer_cause;
    }
  }
  return seen;
}

OrderPicture picture_of(const CoreContext& context, const FleetOutlook& outlook, const Order& order) {
  OrderPicture seen{.id = order.order_id,
                    .merchant = order.merchant,
                    .client_order_id = order.client_order_id,
                    .state = order.state,
                    .drone = order.drone,
                    .flight_id = order.flight_id,
                    .pickup = order.wish.pickup,
                    .dropoff = order.wish.dropoff,
                    .mass_kg = order.wish.parcel.mass_kg,
                    .priority = order.priority,
                    .created_at = order.created_at(),
                    .ready_at = order.ready_at(),
                    .deliver_by = order.wish.deliver_by,
                    .promise = order.promise,
                    .delivered_at = order.delivered_at,
                    .history = order.history};
  if (is_terminal(order.state)) return seen;
  const Forecast expected = forecast(context, outlook, order);
  seen.pickup_eta = expected.pickup_eta;
  seen.delivery = expected.delivery;
  seen.cause = expected.cause;
  seen.standstill = order.standstill;
  if (order.standstill) seen.given_up_at = ends_at(context, order);
  return seen;
}

std::vector<PadPicture> pictures_of_pads(const CoreContext& context) {
  std::unordered_map<std::string, std::string> holder_of;
  std::unordered_map<std::string, std::string> lives_on;
  for (const RegisteredDrone& drone : context.config.drones) lives_on.emplace(context.home_of(drone).key(), drone.id);
  for (const auto& [id, flight] : context.state().flights) {
    for (const auto& [key, spot] : flight.reserved) holder_of.emplace(key, flight.drone);
  }
  for (const auto& [id, drone] : context.state().drones) {
    if (drone.stranded_on) holder_of.emplace(drone.stranded_on->key(), id);
  }
  std::vector<PadPicture> pads;
  for (const geo::Pad& pad : context.config.pads) {
    PadPicture seen{.id = pad.id};
    for (std::size_t slot = 0; slot < pad.slots.size(); ++slot) {
      const std::string key = Spot{.pad = pad.id, .slot = static_cast<int>(slot), .at = pad.slots[slot].lonlat()}.key();
      const auto home = lives_on.find(key);
      const auto holder = holder_of.find(key);
      seen.slot_is_home.push_back(home != lives_on.end());
      seen.slot_holders.push_back(holder != holder_of.end() ? holder->second
                                  : home != lives_on.end()  ? home->second
                                                            : std::string());
    }
    pads.push_back(std::move(seen));
  }
  return pads;
}

}  // namespace

FleetPicture picture_of_drones(const CoreContext& context) {
  FleetPicture picture{.at = context.now, .epoch = context.state().epoch};
  picture.drones.reserve(context.config.drones.size());
  for (const RegisteredDrone& drone : context.config.drones) picture.drones.push_back(picture_of(context, drone));
  return picture;
}

FleetPicture whole_picture(const CoreContext& context, const FleetOutlook& outlook) {
  FleetPicture picture = picture_of_drones(context);
  picture.whole = true;
  const DispatchState& state = context.state();
  for (const auto& [number, order_id] : state.order_by_number) {
    const Order& order = state.orders.at(order_id);
    if (is_terminal(order.state) && order.history.back().at + kKeepEnded < context.now) continue;
    picture.orders.push_back(picture_of(context, outlook, order));
  }
  for (const auto& [id, flight] : state.flights) {
    const Error* refusal = context.refusals.of_flight(id);
    picture.flights.push_back({.id = id,
                               .order_id = flight.order_id,
                               .drone = flight.drone,
                               .legs = flight.legs,
                               .leg_index = flight.leg_index,
                               .phase = flight.phase,
                               .phase_since = flight.phase_since,
                               .mission = flight.mission,
                               .kept_by = refusal != nullptr ? refusal->message : std::string()});
  }
  picture.pads = pictures_of_pads(context);
  picture.gates = state.gates;
  picture.merchants = context.config.merchants;
  for (const auto& [merchant, ledger] : state.merchants) {
    if (std::find(picture.merchants.begin(), picture.merchants.end(), merchant) == picture.merchants.end())
      picture.merchants.push_back(merchant);
  }
  return picture;
}

}  // namespace swiftlet::dispatch
