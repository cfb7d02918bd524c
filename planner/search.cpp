#include "planner/search.hpp"

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "planner/column_search.hpp"
#include "planner/corner_merging.hpp"
#include "planner/mesh_search.hpp"
#include "planner/ompl/ompl_search.hpp"
#include "planner/separation.hpp"

namespace swiftlet::planner {
namespace {

using geo::Enu2;

/// A straight line this near to what is possible is not worth a search.
constexpr double kGoodEnough = 1.02;
/// How eager a search is, and for how many expansions; one after the other.
constexpr std::array<std::pair<double, std::int64_t>, 3> kSearches{
    {{1.0, 6'000}, {1.1, 12'000}, {1.5, std::numeric_limits<std::int64_t>::max()}}};
/// A way so much longer than the straight line is worth the search for a bound.
constexpr double kWorthBounding = 1.01;
/// What finding the bound may take: cut, a search still gives one.
constexpr std::int64_t kBoundExpansions = 6'000;
constexpr std::chrono::milliseconds kOmplTime{1000};

tl::unexpected<SearchFailure> failure(ErrorCode code, RouteStatus status, std::string message, std::string hint = {}) {
  return tl::unexpected(
      SearchFailure{.error = {.code = code, .message = std::move(message), .hint = std::move(hint)}, .status = status});
}

tl::unexpected<SearchFailure> undecided(std::string message) {
  return failure(ErrorCode::undecided_at_resolution, RouteStatus::refused, std::move(message),
                 "smaller cells, a higher max_height_agl_m or smaller clearances may open a way");
}

tl::unexpected<SearchFailure> explain_nothing_found(const SearchSpace& space, const Terminal& start,
                                                    const Terminal& goal, SearchBudget& budget, bool may_prove) {
  if (budget.time_is_up()) return tl::unexpected(out_of_time());
  if (budget.effort_is_spent()) return undecided("the effort was spent before a route was found");
  if (may_prove) {
    if (auto apart = proven_apart(space, start.place.at_enu, goal.place.at_enu, budget.stop_at()))
      return tl::unexpected(std::move(*apart));
    if (budget.time_is_up()) return tl::unexpected(out_of_time());
  }
  return undecided(fmt::format("no route was found at {} m cells, and none was ruled out", space.view->grid().cell_m));
}

/// Whether a vertical that leans from a place may pass into a possible cell from which the place's own cannot be
/// entered.
bool leans_elsewhere(const geo::AirspaceView& view, const Enu2& p_enu) {
  const auto own = cell_at(view.grid(), p_enu);
  if (!own) return true;
  const auto here = view.optimistic_band(own->i, own->j);
  for (const double east : {-kLean_m, kLean_m}) {
    for (const double north : {-kLean_m, kLean_m}) {
      const auto cell = cell_at(view.grid(), p_enu + Enu2(east, north));
      if (!cell) continue;
      const auto there = view.optimistic_band(cell->i, cell->j);
      const bool passable =
          std::max(here.floor_msl_m, there.floor_msl_m) <= std::min(here.ceiling_msl_m, there.ceiling_msl_m);
      if (there.open() && !passable) return true;
    }
  }
  return false;
}

tl::expected<SearchResult, SearchFailure> by_ompl(const geo::AirspaceView& view, const TrackFinder& finder,
                                                  const Terminal& start, const Terminal& goal,
                                                  const PlanOptions& options, const TrackSink& show) {
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
  points.back() = goal.transit_enu().head<2>();
  const Track track = finder.over(points);
  if (!track.flyable())
    return undecided(fmt::format("the path that {} found could not be proven cell by cell", options.planner));
  (void)show(finder.shortened(track), "OMPL");
  return SearchResult{.tracks = 1};
}

/// An end of a track, and where on the mesh the way from it begins: there, unless its cell is closed as a whole and
/// only a part of it is free.
struct MeshEnd {
  Enu2 place;
  Enu2 on_mesh;
};

/// The nearest centre of a cell of the mesh that can be reached level and straight, within a few cells.
MeshEnd mesh_end(const geo::AirspaceView& view, const ColumnMesh& mesh, const geo::Enu3& transit_enu) {
  constexpr int kRings = 4;
  const Enu2 place = transit_enu.head<2>();
  MeshEnd end{place, place};
  const auto cell = cell_at(view.grid(), place);
  if (!cell || mesh.rectangle_at(place) != ColumnMesh::kNone) return end;
  double nearest_m = std::numeric_limits<double>::infinity();
  for (int dj = -kRings; dj <= kRings; ++dj) {
    for (int di = -kRings; di <= kRings; ++di) {
      const int i = cell->i + di;
      const int j = cell->j + dj;
      if (i < 0 || j < 0 || i >= view.grid().nx || j >= view.grid().ny) continue;
      const Enu2 centre = view.grid().centre(i, j);
      const double away_m = (centre - place).norm();
      if (away_m >= nearest_m || mesh.rectangle_at(centre) == ColumnMesh::kNone) continue;
      if (!view.is_free(transit_enu, {centre.x(), centre.y(), transit_enu.z()})) continue;
      nearest_m = away_m;
      end.on_mesh = centre;
    }
  }
  return end;
}

/// A way through a mesh as a track: its corners merged where that can be proven, else from portal to portal, which
/// always can; not flyable only where an end's band does not let it begin.
std::optional<Track> lifted(const geo::AirspaceView& view, const FlightLimits& limits, const TrackFinder& finder,
                            const ColumnMesh& mesh, const MeshPath& path, const MeshEnd& start, const MeshEnd& goal) {
  /// Kept off what a corner stands on.
  constexpr double kOff_m = 0.05;
  const auto between_ends = [&](const auto& add_middle) {
    std::vector<Enu2> points{start.place};
    if (start.on_mesh != start.place) points.push_back(start.on_mesh);
    add_middle(points);
    if (goal.on_mesh != goal.place) points.push_back(goal.on_mesh);
    points.push_back(goal.place);
    return points;
  };
  const std::vector<Enu2> bends = between_ends([&](std::vector<Enu2>& points) {
    for (const std::int32_t id : path.corners) {
      const ColumnMesh::Corner& c = mesh.corners()[static_cast<std::size_t>(id)];
      points.emplace_back(mesh.to_enu(Enu2(c.x, c.y)) + kOff_m * Enu2(c.out_x, c.out_y));
    }
  });
  const double least_band_m = mesh.least_band_m();
  Track merged = finder.over(merged_corners(view, limits, bends, least_band_m), least_band_m);
  if (merged.flyable()) return merged;
  Track plain = finder.over(bends, least_band_m);
  if (plain.flyable()) return plain;
  const std::vector<Enu2> portals = between_ends(
      [&](std::vector<Enu2>& points) { points.insert(points.end(), path.through.begin(), path.through.end()); });
  Track fewer = finder.over(merged_corners(view, limits, portals, least_band_m), least_band_m);
  if (fewer.flyable()) return fewer;
  Track through = finder.over(portals, least_band_m);
  return through.flyable() ? std::optional(std::move(through)) : std::nullopt;
}

/// The shortest way, or where that would take too many expansions one that is nearly so.
std::optional<MeshPath> short_way(const ColumnMesh& mesh, const Enu2& start, const Enu2& goal, double longest_m,
                                  std::size_t most_tries, SearchBudget& budget) {
  for (const auto& [eagerness, most] : std::span(kSearches).first(most_tries)) {
    const MeshAnswer answer = shortest_way(
        mesh, start, goal, {.eagerness = eagerness, .most_expansions = most, .longest_m = longest_m}, budget);
    if (answer.path) return answer.path;
    // Not connected, or too long.
    if (answer.bound_m > longest_m || std::isinf(answer.bound_m)) return std::nullopt;
  }
  return std::nullopt;
}

/// Shows short ways through meshes.
class MeshTracks {
 public:
  MeshTracks(const SearchSpace& space, const FlightLimits& limits, const TrackFinder& finder, const MeshEnd& start,
             const MeshEnd& goal, SearchBudget& budget, SearchResult& result, const TrackSink& show)
      : space_(space),
        limits_(limits),
        finder_(finder),
        start_(start),
        goal_(goal),
        budget_(budget),
        result_(result),
        show_(show) {}

  /// The length of the shortest way over the ground, infinite where there is none; nothing is too long for it.
  double add_proven(const ColumnMesh& mesh) {
    return add(mesh, kInfinity, kSearches.size(), "shortest way through proven columns");
  }
  /// Ways through roomy columns, as long as they may still be better than the best flight so far.
  double add_roomy() {
    double shortest_m = kInfinity;
    for (std::size_t n = 0; n < SearchSpace::kRoomyShares.size() && longest_m_ > 0.0; ++n) {
      const ColumnMesh* mesh = space_.roomy(n, budget_.stop_at());
      if (mesh == nullptr) {
        budget_.stop();
        break;
      }
      shortest_m = std::min(shortest_m, add(*mesh, longest_m_, 1, "shortest way through roomy columns"));
    }
    return shortest_m;
  }

 private:
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  double add(const ColumnMesh& mesh, double longest_m, std::size_t most_tries, std::string_view found_by) {
    const auto path = short_way(mesh, start_.on_mesh, goal_.on_mesh, longest_m, most_tries, budget_);
    if (!path) return kInfinity;
    // Where leaving out narrow bands changes nothing, it is the same way.
    if (path->length_m == last_length_m_) return path->length_m;
    last_length_m_ = path->length_m;
    if (const auto track = lifted(*space_.view, limits_, finder_, mesh, *path, start_, goal_)) {
      ++result_.tracks;
      longest_m_ = show_(*track, found_by);
    }
    return path->length_m;
  }

  const SearchSpace& space_;
  const FlightLimits& limits_;
  const TrackFinder& finder_;
  const MeshEnd start_;
  const MeshEnd goal_;
  SearchBudget& budget_;
  SearchResult& result_;
  const TrackSink& show_;
  double longest_m_ = kInfinity;
  double last_length_m_ = -1.0;
};

}  // namespace

SearchFailure out_of_time() {
  return {.error = {.code = ErrorCode::deadline_passed,
                    .message = "no proven route was found before the deadline",
                    .hint = "give it more time"},
          .status = RouteStatus::deadline};
}

std::optional<SearchFailure> proven_apart(const SearchSpace& space, const Enu2& start_enu, const Enu2& goal_enu,
                                          const SearchSpace::StopAt& stop_at) {
  const auto separation = find_separation(space, start_enu, goal_enu, stop_at);
  if (!separation) return std::nullopt;
  const ErrorCause& cause = separation->cause;
  auto none = failure(ErrorCode::unreachable, RouteStatus::infeasible,
                      fmt::format("no route exists: {}{}{} separates start from goal", cause.kind,
                                  cause.id.empty() ? "" : " ", cause.id),
                      cause.kind == "geozone" ? "depart at another time, or hold its authorisation"
                                              : "a higher max_height_agl_m or smaller clearances would be needed");
  none.value().error.position = separation->where;
  none.value().error.cause = cause;
  return none.value();
}

bool is_planner_name(const std::string& name) { return name == "auto" || name == "swiftlet" || is_ompl_planner(name); }

tl::expected<SearchResult, SearchFailure> find_track(const SearchSpace& space, const FlightLimits& limits,
                                                     const Terminal& start, const Terminal& goal,
                                                     const PlanOptions& options, SearchBudget& budget, bool may_prove,
                                                     const TrackSink& show) {
  const geo::AirspaceView& view = *space.view;
  const TrackFinder finder(view, limits, start.transit_enu(), goal.transit_enu());
  if (is_ompl_planner(options.planner)) return by_ompl(view, finder, start, goal, options, show);
  const Enu2 from = start.transit_enu().head<2>();
  const Enu2 to = goal.transit_enu().head<2>();
  SearchResult result;
  const Track straight = finder.over({from, to});
  const double bound_s = (to - from).norm() / limits.ground_speed_bound_m_s((to - from).normalized());
  const bool good = straight.flyable() && straight.time_s() <= kGoodEnough * bound_s;
  if (straight.flyable()) {
    ++result.tracks;
    if (show(straight, "straight line") <= 0.0 || good) return result;
  }
  const auto ends_on = [&](const ColumnMesh& mesh) {
    return std::pair(mesh_end(view, mesh, start.transit_enu()), mesh_end(view, mesh, goal.transit_enu()));
  };
  const auto cut = [&]() -> tl::expected<SearchResult, SearchFailure> {
    budget.stop();
    if (result.tracks == 0) return tl::unexpected(out_of_time());
    return result;
  };
  const SearchSpace::Meshes* meshes = space.meshes(budget.stop_at());
  if (meshes == nullptr) return cut();
  const auto [mesh_start, mesh_goal] = ends_on(meshes->proven);
  MeshTracks tracks(space, limits, finder, mesh_start, mesh_goal, budget, result, show);
  double shortest_m = tracks.add_proven(meshes->proven);
  shortest_m = std::min(shortest_m, tracks.add_roomy());
  // What is possible is no longer than what is proven: where that is nearly straight there is nothing to gain.
  if (shortest_m > kWorthBounding * (to - from).norm()) {
    result.ground_bound_m =
        shortest_way(meshes->possible, from, to, {.most_expansions = kBoundExpansions}, budget).bound_m;
    // It was found between the ends of the transit, not of the flight.
    const double beside_m = (from - start.place.at_enu).norm() + (to - goal.place.at_enu).norm();
    const bool holds = std::isfinite(result.ground_bound_m) && !leans_elsewhere(view, start.place.at_enu) &&
                       !leans_elsewhere(view, goal.place.at_enu);
    result.ground_bound_m = holds ? result.ground_bound_m - beside_m : 0.0;
  }
  if (result.tracks > 0) return result;
  const ColumnIslands* islands = space.possible_islands(budget.stop_at());
  if (islands == nullptr) return cut();
  if (are_apart(*islands, from, to)) return explain_nothing_found(space, start, goal, budget, may_prove);
  const ColumnMesh* finest = space.finest(budget.stop_at());
  if (finest == nullptr) return cut();
  const auto [finest_start, finest_goal] = ends_on(*finest);
  const auto path = short_way(*finest, finest_start.on_mesh, finest_goal.on_mesh,
                              std::numeric_limits<double>::infinity(), kSearches.size(), budget);
  if (!path) return explain_nothing_found(space, start, goal, budget, may_prove);
  if (const auto track = lifted(view, limits, finder, *finest, *path, finest_start, finest_goal)) {
    (void)show(*track, "shortest way through the finest columns");
    ++result.tracks;
    return result;
  }
  return undecided("the columns that were found could not be proven");
}

std::optional<Track> track_over_cells(const SearchSpace& space, const FlightLimits& limits, const Terminal& start,
                                      const Terminal& goal, SearchBudget& budget,
                                      const std::optional<RiskWeight>& people) {
  const BlockIslands* blocks = space.blocks(budget.stop_at());
  const geo::Enu3 from = start.transit_enu();
  const geo::Enu3 to = goal.transit_enu();
  if (blocks == nullptr) budget.stop();
  if (blocks == nullptr || !blocks->connect(from.head<2>(), to.head<2>())) return std::nullopt;
  const TrackFinder finder(*space.view, limits, from, to, people);
  const auto points = column_track(*space.view, limits, from, to, budget, people);
  if (!points) return std::nullopt;
  const Track found = finder.over(*points);
  return found.flyable() ? std::optional(finder.shortened(found)) : std::nullopt;
}

}  // namespace swiftlet::planner
