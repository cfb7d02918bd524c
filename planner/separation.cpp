#include "planner/separation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "planner/terminal.hpp"

namespace swiftlet::planner {
namespace {

using geo::AirspaceView;

double middle_msl_m(const AirspaceView& view, const geo::Enu2& p) {
  const geo::Policy& policy = view.options().policy;
  const double ground = view.airspace().terrain.height_msl_m(p).value_or(0.0);
  return ground + 0.5 * (policy.min_height_agl_m + policy.max_height_agl_m);
}

Separation separated_at(const AirspaceView& view, const geo::Enu2& p) {
  return Separation{.where = view.airspace().frame.to_geo({p.x(), p.y(), middle_msl_m(view, p)}),
                    .cause = cause_at(view, p)};
}

double area_m2(const ColumnIslands& islands, const std::vector<std::uint32_t>& numbers) {
  double sum = 0.0;
  for (const std::uint32_t number : numbers) sum += islands.area_m2(number);
  return sum;
}

/// The place just outside an island that is nearest to `from`: beyond the side of one of its columns.
geo::Enu2 shore_of(const ColumnIslands& islands, std::uint32_t island, const geo::Enu2& from) {
  const ColumnGrid& grid = islands.grid();
  const geo::Enu2 target = grid.to_units(from);
  geo::Enu2 nearest = target;
  double best = std::numeric_limits<double>::infinity();
  const auto ask = [&](int x, int y) {
    const geo::Enu2 p(x + 0.5, y + 0.5);
    const double d = (p - target).squaredNorm();
    if (d >= best) return;
    const std::uint32_t there = grid.at(x, y);
    if (there != ColumnGrid::kNone && islands.of(there) == island) return;
    best = d;
    nearest = p;
  };
  const auto& columns = grid.columns();
  for (std::uint32_t n = 0; n < columns.size(); ++n) {
    if (islands.of(n) != island) continue;
    const ColumnGrid::Column& c = columns[n];
    ask(c.x + c.side / 2, c.y - 1);
    ask(c.x + c.side / 2, c.y + c.side);
    ask(c.x - 1, c.y + c.side / 2);
    ask(c.x + c.side, c.y + c.side / 2);
  }
  return grid.to_enu(nearest);
}

}  // namespace

ErrorCause cause_at(const AirspaceView& view, const geo::Enu2& p_enu) {
  const geo::Enu3 middle(p_enu.x(), p_enu.y(), middle_msl_m(view, p_enu));
  if (const geo::Geozone* zone = view.blocking_zone(middle)) return {"geozone", zone->id};
  const geo::Obstacle* highest = nullptr;
  const double reach_m = view.options().policy.lateral_clearance_m + view.grid().cell_m;
  for (const std::size_t k : view.obstacles_near(p_enu, reach_m)) {
    const geo::Obstacle& obstacle = view.airspace().obstacles[k];
    if (highest == nullptr || obstacle.top_msl_m > highest->top_msl_m) highest = &obstacle;
  }
  if (highest != nullptr) return {highest->kind, highest->id};
  return {"terrain", ""};
}

bool are_apart(const ColumnIslands& islands, const geo::Enu2& start_enu, const geo::Enu2& goal_enu) {
  const auto from = islands.around(start_enu, kLean_m);
  const auto to = islands.around(goal_enu, kLean_m);
  return !from.empty() && !to.empty() &&
         std::find_first_of(from.begin(), from.end(), to.begin(), to.end()) == from.end();
}

std::optional<Separation> find_separation(const SearchSpace& space, const geo::Enu2& start_enu,
                                          const geo::Enu2& goal_enu, const SearchSpace::StopAt& stop_at) {
  const ColumnIslands* possible = space.possible_islands(stop_at);
  if (possible == nullptr || !are_apart(*possible, start_enu, goal_enu)) return std::nullopt;
  const ColumnIslands& islands = *possible;
  const auto from = islands.around(start_enu, kLean_m);
  const auto to = islands.around(goal_enu, kLean_m);
  const bool goal_is_enclosed = area_m2(islands, to) <= area_m2(islands, from);
  return separated_at(*space.view, goal_is_enclosed ? shore_of(islands, to.front(), start_enu)
                                                    : shore_of(islands, from.front(), goal_enu));
}

}  // namespace swiftlet::planner
