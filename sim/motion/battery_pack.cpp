#include "sim/motion/battery_pack.hpp"

#include <algorithm>

namespace swiftlet::sim {
namespace {

constexpr double kSagNew_v_h = 0.015;
constexpr double kWarm_deg_c = 20.0;
constexpr double kColdCapacity_per_deg = 0.006;
constexpr double kColdResistance_per_deg = 0.025;

}  // namespace

BatteryPack::BatteryPack(double nominal_energy_wh, double ageing, double temperature_deg_c)
    : nominal_wh(nominal_energy_wh) {
  const double cold_deg = std::max(0.0, kWarm_deg_c - temperature_deg_c);
  capacity_wh = nominal_energy_wh * (1.0 - ageing) * std::max(0.3, 1.0 - kColdCapacity_per_deg * cold_deg);
  sag_v_h = kSagNew_v_h * (1.0 + 3.0 * ageing) * (1.0 + kColdResistance_per_deg * cold_deg);
}

double BatteryPack::open_circuit_v(double charge) {
  if (charge >= 0.6) return 3.87 + (std::min(charge, 1.0) - 0.6) * (4.20 - 3.87) / 0.4;
  if (charge >= 0.2) return 3.70 + (charge - 0.2) * (3.87 - 3.70) / 0.4;
  return 3.30 + std::max(charge, 0.0) * (3.70 - 3.30) / 0.2;
}

}  // namespace swiftlet::sim
