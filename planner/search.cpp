#include "planner/search.hpp"

#include <fmt/core.h>

#include <cmath>

#include "planner/column_search.hpp"
#include "planner/ompl/ompl_search.hpp"
#include "planner/separation.hpp"

namespace swiftlet::planner {
namespace {

using geo::Enu2;

/// A straight line this near to what is possible is not worth a search.
constexpr double kGoodEnough = 1.02;
constexpr std::chrono::milliseconds kOmplTime{1000};

tl::unexpected<SearchFailure> failure(ErrorCode code, RouteStatus status, std::string message, std::string hint = {}) {
  return tl::unexpected(
      SearchFailure{.error = {.code = code, .message = std::move(message), .hint = std::move(hint)}, .status = status});
}

tl::unexpected<SearchFailure> undecided(std::string message) {
  return failure(ErrorCode::undecided_at_resolution, RouteStatus::refused, std::move(message),
                 "smaller cells, a higher max_height_agl_m or smaller clearances may open a way");
}

tl::unexpected<SearchFailure> explain_nothing_found(const geo::AirspaceView& view, const Terminal& start,
                                                    const Terminal& goal, SearchBudget& budget, bool may_prove) {
  if (budget.time_is_up()) {
    return failure(ErrorCode::deadline_passed, RouteStatus::deadline, "no proven route was found before the deadline",
                   "give it more time");
  }
  if (budget.effort_is_spent()) return undecided("the effort was spent before a route was found");
  const auto separation = find_separation(view, start.place.at_enu, goal.place.at_enu);
  if (!separation || !may_prove) {
    return undecided(fmt::format("no route was found at {} m cells, and none was ruled out", view.grid().cell_m));
  }
  const ErrorCause& cause = separation->cause;
  auto none = failure(ErrorCode::unreachable, RouteStatus::infeasible,
                      fmt::format("no route exists: {}{}{} separates start from goal", cause.kind,
                                  cause.id.empty() ? "" : " ", cause.id),
                      cause.kind == "geozone" ? "depart at another time, or hold its authorisation"
                                              : "a higher max_height_agl_m or smaller clearances would be needed");
  none.value().error.position = separation->where;
  none.value().error.cause = cause;
  return none;
}

tl::expected<SearchResult, SearchFailure> by_ompl(const geo::AirspaceView& view, const TrackFinder& finder,
                                                  const Terminal& start, const Terminal& goal,
                                                  const PlanOptions& options) {
  const OmplOptions ompl{
      .planner = options.planner, .seed = options.seed, .time = options.deadline.value_or(kOmplTime)};
  const auto path = ompl_path(view, start.transit_enu(), goal.transit_enu(), ompl);
  if (!path) {
    return tl::unexpected(SearchFailure{
        .error = path.error(),
        .status = path.error().code == ErrorCode::deadline_passed ? RouteStatus::deadline : RouteStatus::refused});
  }
  std::vector<Enu2> points;
  for (const geo::Enu3& p : *path) {
    const Enu2 ground = p.head<2>();
    if (points.empty() || (points.back() - ground).norm() > 1e-3) points.push_back(ground);
  }
  points.back() = goal.place.at_enu;
  const Track track = finder.over(points);
  if (!track.flyable())
    return undecided(fmt::format("the path that {} found could not be proven cell by cell", options.planner));
  return SearchResult{.track = finder.shortened(track)};
}

}  // namespace

bool is_planner_name(const std::string& name) { return name == "auto" || name == "swiftlet" || is_ompl_planner(name); }

tl::expected<SearchResult, SearchFailure> find_track(const geo::AirspaceView& view, const FlightLimits& limits,
                                                     const Terminal& start, const Terminal& goal,
                                                     const PlanOptions& options, SearchBudget& budget, bool may_prove) {
  const TrackFinder finder(view, limits, start.transit_enu(), goal.transit_enu());
  if (is_ompl_planner(options.planner)) return by_ompl(view, finder, start, goal, options);
  const Enu2 apart = goal.place.at_enu - start.place.at_enu;
  const Track straight = finder.over({start.place.at_enu, goal.place.at_enu});
  const double bound_s = apart.norm() / limits.ground_speed_bound_m_s(apart.normalized());
  if (straight.flyable() && straight.time_s() <= kGoodEnough * bound_s) return SearchResult{.track = straight};
  const auto points = column_track(view, limits, start.transit_enu(), goal.transit_enu(), budget);
  if (points) {
    const Track found = finder.over(*points);
    if (found.flyable()) {
      Track better = finder.shortened(found);
      const bool keep_straight = straight.flyable() && straight.time_s() <= better.time_s();
      return SearchResult{.track = keep_straight ? straight : std::move(better)};
    }
  }
  if (straight.flyable()) return SearchResult{.track = straight, .cut_by_deadline = budget.time_is_up()};
  if (points) return undecided("the columns that were found could not be proven");
  return explain_nothing_found(view, start, goal, budget, may_prove);
}

}  // namespace swiftlet::planner
