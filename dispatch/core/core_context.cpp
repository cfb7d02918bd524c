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

const DroneLedger& CoreContext::ledger_of(const std::string& drone) const {
  static const DroneLedger kNew;
  const auto number = index.number_of(drone);
  const bool may_be_known = number && *number < ledgers_.size();
  if (may_be_known && ledgers_[*number] != nullptr) return *ledgers_[*number];
  const auto found = state().drones.find(drone);
  if (found == state().drones.end()) return kNew;
  if (may_be_known) ledgers_[*number] = &found->second;
  return found->second;
}

bool CoreContext::in_contact(const std::string& drone) const {
  const LinkState link = fleet.link(drone, now);
  return link == LinkState::fresh || link == LinkState::stale;
}

bool CoreContext::in_service(const std::string& drone) const {
  const DroneLedger& known = ledger_of(drone);
  return in_contact(drone) && known.withdrawn.empty() && known.maintenance.empty();
}

bool CoreContext::is_idle(const std::string& drone) const {
  const DroneLedger& known = ledger_of(drone);
  return in_service(drone) && fleet.link(drone, now) == LinkState::fresh && known.flight_id.empty() &&
         !known.awaiting_swap;
}

}  // namespace swiftlet::dispatch
