#pragma once

#include <vector>

#include "geo/airspace.hpp"

namespace swiftlet::geo {

struct ViewOptions;

/// Constant limits a cell, terrain left out: what obstacles and zones do to floor and ceiling.
struct CellLimits {
  std::vector<float> floor_msl_m;    ///< −∞ where nothing lifts the floor; +∞ where the cell is closed
  std::vector<float> ceiling_msl_m;  ///< +∞ where nothing lowers the ceiling
};

/// Limits that prove paths: bounds that hold at every point of the closed cell, rounded to the safe side, with
/// AirspaceView::kProofMargin_m to spare. Cells that are not flyable are closed.
[[nodiscard]] CellLimits safe_limits(const Airspace& airspace, const ViewOptions& options);

/// Limits that prove absence: only what binds at every point of the cell, during the whole interval.
[[nodiscard]] CellLimits optimistic_limits(const Airspace& airspace, const ViewOptions& options);

}  // namespace swiftlet::geo
