#pragma once

namespace swiftlet::geo {

/// What a flight must keep. Defaults are the contract's. All clearances are from the centre of the vehicle:
/// vehicle size and navigation error are included in what is asked for.
struct Policy {
  double min_height_agl_m = 30.0;        ///< en route, above the ground
  double max_height_agl_m = 120.0;       ///< everywhere, the terminal included
  double lateral_clearance_m = 10.0;     ///< from every obstacle
  double vertical_clearance_m = 10.0;    ///< above every obstacle
  double terminal_radius_m = 8.0;        ///< cylinder of vertical take-off and landing
  double cell_m = 2.0;                   ///< coarse cells of derived views
  double energy_reserve_fraction = 0.2;  ///< of the battery, untouched at touchdown
  double hold_s = 60.0;
  double zone_margin_m = 0.0;
  bool fly_under = false;  ///< may pass below an obstacle that has a base above the ground: a bridge, an overhang

  friend bool operator==(const Policy&, const Policy&) = default;
};

}  // namespace swiftlet::geo
