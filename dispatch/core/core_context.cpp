#include "dispatch/core/core_context.hpp"

#include <algorithm>

namespace swiftlet::dispatch {

const geo::Pad* FleetConfig::find_pad(std::string_view id) const {
  const auto found = std::find_if(pads.begin(), pads.end(), [&](const geo::Pad& pad) { return pad.id == id; });
  return found == pads.end() ? nullptr : &*found;
}

const RegisteredDrone* FleetConfig::find_drone(std::string_view id) const {
  const auto found =
      std::find_if(drones.begin(), drones.end(), [&](const RegisteredDrone& drone) { return drone.id == id; });
  return found == drones.end() ? nullptr : &*found;
}

RateLimit FleetConfig::limit_of(const std::string& merchant) const {
  const auto own = merchant_limits.find(merchant);
  return own != merchant_limits.end() ? own->second : RateLimit{.rate_per_s = rate_per_s, .burst = burst};
}

void CoreContext::move_order(const std::string& order_id, OrderState to, const std::string& cause) {
  if (state().orders.at(order_id).state != to) commit(OrderMoved{.order_id = order_id, .to = to, .cause = cause});
}

void CoreContext::notice(NoticeLevel level, std::string text) {
  effects.notices.push_back({.level = level, .text = std::move(text)});
}

const Spot& CoreContext::home_of(const RegisteredDrone& drone) const {
  return index.home_of(*index.number_of(drone.id));
}

bool CoreContext::is_home(const std::string& spot_key) const { return index.is_home(spot_key); }

namespace {

bool reaches(LinkState link) { return link == LinkState::fresh || link == LinkState::stale; }

}  // namespace

bool CoreContext::in_contact(const std::string& drone) const { return reaches(fleet.link(drone, now)); }

bool CoreContext::is_off_control(const std::string& drone) const {
  const DroneLive* live = fleet.find(drone);
  return live != nullptr && live->is_off_control();
}

bool CoreContext::in_service(const DroneLedger& known, const DroneLive* live) const {
  return reaches(fleet.link(live, now)) && live->is_fit() && known.withdrawn.empty() && known.maintenance.empty();
}

bool CoreContext::in_service(const std::string& drone) const {
  return in_service(drones.ledger(drone), fleet.find(drone));
}

bool CoreContext::is_idle(const std::string& drone) const {
  const DroneLedger& known = drones.ledger(drone);
  return in_service(drone) && fleet.link(drone, now) == LinkState::fresh && known.flight_id.empty() &&
         !known.awaiting_swap;
}

}  // namespace swiftlet::dispatch
