#pragma once

#include <optional>

#include "geo/airspace_view.hpp"

namespace swiftlet::planner {

/// The way out of a place that no proven column holds, though it is free itself: up to `at_enu`, level over the place,
/// then straight to `leaves_at_enu` in a column that is proven.
struct TerminalExit {
  double altitude_msl_m = 0.0;
  geo::Enu2 leaves_at_enu;
};

/// Every altitude at which the straight a-b is free in the exact geometry, by distances to the footprints themselves
/// and the bounds of the terrain under it; closed where that cannot be told. With kProofMargin_m to spare. For legs of
/// a metre or two: the terrain counts with its extremes. A zone nearby cuts it from above if it begins above the
/// ground, else from below.
[[nodiscard]] geo::AirspaceView::Band exact_band(const geo::AirspaceView& view, const geo::Enu2& a_enu,
                                                 const geo::Enu2& b_enu);

/// The nearest way out, to the middle of a column within two cells; nothing where there is none.
[[nodiscard]] std::optional<TerminalExit> find_terminal_exit(const geo::AirspaceView& view, const geo::Enu2& p_enu,
                                                             double deck_msl_m);

}  // namespace swiftlet::planner
