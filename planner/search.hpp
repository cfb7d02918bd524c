#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "planner/plan_request.hpp"
#include "planner/search_budget.hpp"
#include "planner/search_space.hpp"
#include "planner/terminal.hpp"
#include "planner/track_shortening.hpp"

namespace swiftlet::planner {

/// Why no track was found.
struct SearchFailure {
  Error error;
  RouteStatus status = RouteStatus::refused;
};

/// Is shown every flyable track as soon as it is found, with the search that it comes from; the one that is fastest
/// once it is rounded is wanted. Answers how long a way over the ground may be that could still be better than the best
/// flight so far; 0 where that one is good enough.
using TrackSink = std::function<double(const Track& track, std::string_view found_by)>;

struct SearchResult {
  int tracks = 0;               ///< that were shown; at least one
  double ground_bound_m = 0.0;  ///< no way over the ground is shorter in the exact geometry
};

/// From transit to transit. `auto`: the straight ground track if its profile costs next to nothing over the lower
/// bound; else that and the shortest ways through the meshes of proven columns, their corners merged. Where none of
/// them can be lifted, the shortest way through a mesh of all quarters. Where that finds nothing and the possible
/// columns do not connect either, the answer is a proof.
///
/// OMPL's planners are reached by name only: they depend on the clock and prove nothing when they fail, while our own
/// searches are complete at the resolution of the cells and give the same bytes every time.
///
/// `may_prove`: the view's interval covers every flight that the battery allows.
[[nodiscard]] tl::expected<SearchResult, SearchFailure> find_track(const SearchSpace& space, const FlightLimits& limits,
                                                                   const Terminal& start, const Terminal& goal,
                                                                   const PlanOptions& options, SearchBudget& budget,
                                                                   bool may_prove, const TrackSink& show);

/// The proof that no route leads from one place to the other, and what separates them; nothing where there is none.
[[nodiscard]] std::optional<SearchFailure> proven_apart(const SearchSpace& space, const geo::Enu2& start_enu,
                                                        const geo::Enu2& goal_enu,
                                                        const SearchSpace::StopAt& stop_at = {});

/// What a search that the clock has stopped comes to.
[[nodiscard]] SearchFailure out_of_time();

/// A track found over blocks of cells, which keeps to altitudes that are cheap to reach; nothing where there is none. A
/// second opinion where the ways over the ground cost much more than the bound; with `people` the way that avoids them.
[[nodiscard]] std::optional<Track> track_over_cells(const SearchSpace& space, const FlightLimits& limits,
                                                    const Terminal& start, const Terminal& goal, SearchBudget& budget,
                                                    const std::optional<RiskWeight>& people = {});

/// Whether `--planner NAME` names something: auto, swiftlet (the same) or one of OMPL's.
[[nodiscard]] bool is_planner_name(const std::string& name);

}  // namespace swiftlet::planner
