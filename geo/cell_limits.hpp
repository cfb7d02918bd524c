#pragma once

#include <span>
#include <vector>

#include "geo/airspace.hpp"
#include "geo/band_pyramid.hpp"

namespace swiftlet::geo {

struct ViewOptions;

/// Floors a cell from obstacles alone, terrain and zones left out: −∞ where nothing lifts the floor, +∞ where the cell
/// is closed. The safe ones hold at every point of the closed cell, are rounded to the safe side with
/// AirspaceView::kProofMargin_m to spare, and prove paths; cells that are not flyable are closed.
[[nodiscard]] std::vector<float> safe_floors(const Airspace& airspace, const Policy& policy);

/// The optimistic ones hold only what binds at every point of the cell, and prove absence.
[[nodiscard]] std::vector<float> optimistic_floors(const Airspace& airspace, const Policy& policy);

/// Constant limits a cell, terrain left out: what obstacles and zones do to floor and ceiling.
struct CellLimits {
  std::vector<float> floor_msl_m;
  std::vector<float> ceiling_msl_m;  ///< +∞ where nothing lowers the ceiling
};

/// Cuts limits by the zones that block at some instant of the interval, to the safe side.
void cut_safe_limits(const Airspace& airspace, const ViewOptions& options, CellLimits& limits);

/// Cuts limits by what zones certainly take during the whole interval.
void cut_optimistic_limits(const Airspace& airspace, const ViewOptions& options, CellLimits& limits);

/// The proven band over every closed cell, terrain included. No ceilings: none is lowered.
[[nodiscard]] std::vector<BandPyramid::Band> safe_bands(const Airspace& airspace, const Policy& policy,
                                                        std::span<const float> floors_msl_m,
                                                        std::span<const float> ceilings_msl_m);

}  // namespace swiftlet::geo
