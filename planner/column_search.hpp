#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "geo/airspace_view.hpp"
#include "planner/flight_limits.hpp"
#include "planner/risk_weight.hpp"
#include "planner/search_budget.hpp"

namespace swiftlet::planner {

/// A straight that a track may not cross.
struct Cut {
  geo::Enu2 from;
  geo::Enu2 to;
};

/// Which blocks connect by moves of column_track: where its search has nothing to find, it need not look at every block
/// to know.
class BlockIslands {
 public:
  /// Precondition: the view outlives this. `each_row` is called now and then; what it throws ends the work.
  explicit BlockIslands(
      const geo::AirspaceView& view, const std::function<void()>& each_row = [] {});
  /// Whether the blocks that a track from start to goal would begin and end in connect.
  [[nodiscard]] bool connect(const geo::Enu2& start_enu, const geo::Enu2& goal_enu) const;

 private:
  const geo::AirspaceView* view_;
  std::vector<std::uint32_t> island_of_;  ///< by block, row by row
};

/// From a place on a track straight across it to the left and right, as far as the blocks are open.
[[nodiscard]] Cut cut_across(const geo::AirspaceView& view, const geo::Enu2& p_enu, const geo::Enu2& along_enu);

/// A track whose climbs are cheap, by weighted A* over blocks of 4 × 4 cells: eight neighbours, a move
/// where the bands of both blocks overlap (of all four around a corner, for a diagonal one). The altitude is
/// followed greedily, which prices climbs without a third dimension. Deterministic; not complete, as a block is closed
/// where one of its cells is. A second opinion beside the ways through meshes, which know nothing of climbs.
///
/// Returns the ground track from start to goal (both included), bends only; nothing if there is none or the budget
/// ended. Near its ends it may not be open. With `people` every second counts with the people below; `cuts` are not
/// crossed. Work arrays are
/// kept per thread.
[[nodiscard]] std::optional<std::vector<geo::Enu2>> column_track(const geo::AirspaceView& view,
                                                                 const FlightLimits& limits, const geo::Enu3& start_enu,
                                                                 const geo::Enu3& goal_enu, SearchBudget& budget,
                                                                 const std::optional<RiskWeight>& people = {},
                                                                 std::span<const Cut> cuts = {});

}  // namespace swiftlet::planner
