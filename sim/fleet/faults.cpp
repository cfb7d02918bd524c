#include "sim/fleet/faults.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace swiftlet::sim {
namespace {

using Fault = Scenario::ScriptedFault;

constexpr double kSagShare = 0.15;
constexpr double kMotorShare = 0.15;

void strike_drone(std::size_t i, const Fault& fault, double now_s, OnboardFleet& fleet, FaultCounts& counts) {
  switch (fault.kind) {
    case Fault::Kind::link_loss:
      ++counts["link_loss"];
      fleet.lose_link(i, now_s + fault.lasts_s);
      break;
    case Fault::Kind::battery_sag:
      ++counts["battery_sag"];
      fleet.sag(i, fault.share);
      break;
    default:
      ++counts["motor_degraded"];
      fleet.degrade_motor(i, fault.share);
      break;
  }
}

void lose_hubs(double share, const std::vector<dispatch::RegisteredDrone>& drones, OnboardFleet& fleet,
               FaultCounts& counts) {
  std::set<std::string> hubs;
  for (const auto& drone : drones) hubs.insert(drone.home_pad);
  auto left = std::lround(share * static_cast<double>(hubs.size()));
  for (const std::string& hub : hubs) {
    if (left-- == 0) return;
    ++counts["hub_lost"];
    for (std::size_t i = 0; i < fleet.size(); ++i) {
      if (drones[i].home_pad == hub && !fleet.flying(i)) fleet.break_down(i);
    }
  }
}

}  // namespace

std::vector<Fault> faults_due(const Scenario& scenario, std::int64_t second) {
  std::vector<Fault> due;
  for (const Fault& fault : scenario.faults) {
    if (static_cast<std::int64_t>(scenario.second_of(fault.at_h)) == second) due.push_back(fault);
  }
  return due;
}

void strike(const Fault& fault, const std::vector<dispatch::RegisteredDrone>& drones, double now_s, OnboardFleet& fleet,
            FaultCounts& counts) {
  if (fault.kind == Fault::Kind::hub_lost) return lose_hubs(fault.share, drones, fleet, counts);
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    const bool meant = fault.drone > 0 ? static_cast<std::size_t>(fault.drone) == i + 1 : fleet.flying(i);
    if (meant) strike_drone(i, fault, now_s, fleet, counts);
  }
}

void strike_by_chance(const Scenario& scenario, double now_s, RandomStream& chance, OnboardFleet& fleet,
                      FaultCounts& counts) {
  if (scenario.link_loss_per_h + scenario.battery_sag_per_h + scenario.motor_per_h <= 0.0) return;
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    if (!fleet.flying(i)) continue;
    if (chance.uniform() * 3600.0 < scenario.link_loss_per_h) {
      const double lasts_s = chance.exponential(1.0 / std::max(scenario.link_loss_s, 0.1));
      strike_drone(i, {.kind = Fault::Kind::link_loss, .lasts_s = lasts_s}, now_s, fleet, counts);
    }
    if (chance.uniform() * 3600.0 < scenario.battery_sag_per_h) {
      strike_drone(i, {.kind = Fault::Kind::battery_sag, .share = kSagShare}, now_s, fleet, counts);
    }
    if (chance.uniform() * 3600.0 < scenario.motor_per_h) {
      strike_drone(i, {.kind = Fault::Kind::motor_degraded, .share = kMotorShare}, now_s, fleet, counts);
    }
  }
}

}  // namespace swiftlet::sim
