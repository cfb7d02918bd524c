#pragma once

namespace swiftlet::sim {

/// A lithium-polymer pack as its vehicle's profile states its energy, aged and at a temperature. Everything is a share
/// of the nominal, so that it fits packs of any size:
///   open-circuit voltage of a cell   piecewise linear in the state of charge, 4.20 V full, 3.70 V at 20 %, 3.30 V
///   empty sag                              resistance × C-rate: 15 mV a cell and 1/h when new and warm; losses heat
///   the pack ageing                           capacity fades by the given share, resistance grows by three times that
///   share cold                             below 20 °C capacity falls by 0.6 % and resistance grows by 2.5 % a degree
/// Typical figures of the trade, none of them fitted: the flights at hand have no cell voltages. A cut-off ends the
/// flight: at 3.0 V a cell under load, or empty.
struct BatteryPack {
  double capacity_wh = 0.0;  ///< usable, at low rate
  double sag_v_h = 0.0;      ///< volts a cell and 1/h of C-rate
  double nominal_wh = 0.0;   ///< what the C-rate is a share of

  static constexpr double kCutOff_v = 3.0;

  BatteryPack() = default;
  /// Precondition: nominal above 0; ageing in [0, 0.5].
  BatteryPack(double nominal_energy_wh, double ageing, double temperature_deg_c);

  [[nodiscard]] static double open_circuit_v(double charge);

  /// What happens under that load for a moment, at that state of charge.
  struct Load {
    double cell_v;   ///< under load
    double drain_w;  ///< out of the capacity: the load and what the resistance takes
  };
  [[nodiscard]] Load under(double power_w, double charge) const {
    const double open_v = open_circuit_v(charge);
    const double sag_v = sag_v_h * power_w / nominal_wh;
    const double cell_v = open_v - sag_v;
    return {.cell_v = cell_v, .drain_w = cell_v > 0.0 ? power_w * (1.0 + sag_v / cell_v) : power_w};
  }
};

}  // namespace swiftlet::sim
