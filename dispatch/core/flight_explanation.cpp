#include "dispatch/core/flight_explanation.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "dispatch/core/fleet_outlook.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

constexpr std::size_t kOthers = 5;

double one_decimal(double value) { return std::round(value * 10.0) / 10.0; }

}  // namespace

Expected<json> explain_flight(const CoreContext& context, const FleetOutlook& outlook, const std::string& flight_id) {
  const auto found = context.state().flights.find(flight_id);
  if (found == context.state().flights.end())
    return fail(ErrorCode::not_found, "no flight of this id is under way", "flight_id");
  const Flight& flight = found->second;
  const Order* order = context.state().order_of(flight);
  const RegisteredDrone& drone = *context.index.find_drone(flight.drone);
  const double full_wh = context.config.profiles.at(drone.profile).battery_wh;
  const double reserve_wh = full_wh * context.config.policy.energy_reserve_fraction;
  json out{{"flight_id", flight.flight_id}, {"order_id", flight.order_id}, {"drone", flight.drone}};
  double needed_wh = 0.0;
  json& legs = out["legs"] = json::array();
  for (std::size_t k = 0; k < flight.legs.size(); ++k) {
    const Leg& leg = flight.legs[k];
    needed_wh += leg.energy_wh;
    legs.push_back({{"purpose", name(leg.purpose)},
                    {"from", leg.from.key()},
                    {"to", leg.to.key()},
                    {"payload_kg", leg.payload_kg},
                    {"duration_s", one_decimal(leg.duration_s)},
                    {"energy_wh", one_decimal(leg.energy_wh)},
                    {"phase", k < flight.leg_index   ? "done"
                              : k > flight.leg_index ? "ahead"
                                                     : name(flight.phase)}});
  }
  out["battery"] = {{"full_wh", one_decimal(full_wh)},
                    {"reserve_wh", one_decimal(reserve_wh)},
                    {"needed_wh", one_decimal(needed_wh)},
                    {"spare_wh", one_decimal(full_wh - reserve_wh - needed_wh)}};
  out["rule"] =
      "least cost over all orders and drones: lateness at the pick-up and the drone's time; its proven sortie fits "
      "the battery";
  out["why"] = flight.why.empty() ? json(nullptr) : json::parse(flight.why, nullptr, false);
  out["steer"] = {{"told", name(flight.steer)}, {"cause", flight.steer_cause}};
  out["promise"] = nullptr;
  out["others_now"] = json::array();
  if (order == nullptr) return out;  // it was taken off the flight, which goes home without
  out["promise"] = {{"pickup_eta", format_rfc3339(order->promise.pickup_eta)},
                    {"delivery_eta", format_rfc3339(order->promise.delivery.eta)},
                    {"p95", format_rfc3339(order->promise.delivery.p95)},
                    {"ready_at", format_rfc3339(order->ready_at())}};
  json& others = out["others_now"];
  const auto pickups = spots_of(context, order->wish.pickup);
  if (pickups.empty()) return out;
  for (const ExpectedPickup& one : outlook.candidates(pickups.front(), order->wish.parcel, order->ready_at())) {
    if (one.drone->id == flight.drone) continue;
    if (others.size() >= kOthers) break;
    others.push_back({{"drone", one.drone->id},
                      {"leaves_at", format_rfc3339(one.leaves_at)},
                      {"arrives_at", format_rfc3339(one.arrives_at)},
                      {"behind_others", one.behind_others}});
  }
  return out;
}

}  // namespace swiftlet::dispatch
