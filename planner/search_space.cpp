#include "planner/search_space.hpp"

#include <array>

namespace swiftlet::planner {
namespace {

/// Least shares of the height between the policy's limits that a column must leave, a mesh each.
constexpr std::array kRoomyShares{0.15, 0.8};

/// Cells, divided where quarters connect what cells leave apart.
ColumnMesh proven_mesh(const geo::AirspaceView& view) {
  const double cell_m = view.grid().cell_m;
  const std::vector<bool> divided =
      cells_that_join(ColumnIslands(ColumnGrid(view, Trust::proven, {.finest_m = cell_m}), Trust::proven),
                      ColumnGrid(view, Trust::proven, {}));
  return ColumnMesh(ColumnGrid(view, Trust::proven, {.divided = &divided}), Trust::proven);
}

}  // namespace

SearchSpace::SearchSpace(std::shared_ptr<const geo::AirspaceView> of)
    : view(std::move(of)),
      possible(ColumnGrid(*view, Trust::possible, {.finest_m = view->grid().cell_m}), Trust::possible) {
  const geo::Policy& policy = view->options().policy;
  const double height_m = policy.max_height_agl_m - policy.min_height_agl_m;
  proven.reserve(1 + kRoomyShares.size());
  proven.push_back(proven_mesh(*view));
  for (const double share : kRoomyShares) {
    proven.emplace_back(
        ColumnGrid(*view, Trust::proven, {.finest_m = view->grid().cell_m, .least_band_m = share * height_m}),
        Trust::proven);
  }
}

const ColumnIslands& SearchSpace::possible_islands() const {
  std::call_once(islands_made_, [&] { islands_.emplace(ColumnGrid(*view, Trust::possible, {}), Trust::possible); });
  return *islands_;
}

const ColumnMesh& SearchSpace::finest() const {
  std::call_once(finest_made_, [&] { finest_.emplace(ColumnGrid(*view, Trust::proven, {}), Trust::proven); });
  return *finest_;
}

}  // namespace swiftlet::planner
