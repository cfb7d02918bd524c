#include "planner/search_space.hpp"

#include <future>
#include <system_error>
#include <utility>

namespace swiftlet::planner {
namespace {

void go_on(const std::atomic<bool>& given_up) {
  if (given_up) throw Abandoned{};
}

/// Cells, divided where quarters connect what cells leave apart.
ColumnMesh proven_mesh(const geo::AirspaceView& view, const std::atomic<bool>& given_up) {
  const double cell_m = view.grid().cell_m;
  const ColumnIslands islands(ColumnGrid(view, Trust::proven, {.finest_m = cell_m}), Trust::proven);
  go_on(given_up);
  const std::vector<bool> divided = cells_that_join(islands, ColumnGrid(view, Trust::proven, {}));
  go_on(given_up);
  return ColumnMesh(ColumnGrid(view, Trust::proven, {.divided = &divided}), Trust::proven);
}

SearchSpace::Meshes meshes_of(const geo::AirspaceView& view, const std::atomic<bool>& given_up) {
  // The possible columns beside the proven ones, where a thread is to be had.
  auto possible = std::async(std::launch::async | std::launch::deferred, [&] {
    return ColumnMesh(ColumnGrid(view, Trust::possible, {.finest_m = view.grid().cell_m}), Trust::possible);
  });
  ColumnMesh proven = proven_mesh(view, given_up);
  go_on(given_up);
  return {.proven = std::move(proven), .possible = possible.get()};
}

/// Makes the mesh of the columns whose bands leave that share of the height between the policy's limits.
Prepared<ColumnMesh>::Make roomy_mesh(const geo::AirspaceView& view, double share) {
  return [&view, share](const std::atomic<bool>& given_up) {
    const geo::Policy& policy = view.options().policy;
    ColumnGrid grid(
        view, Trust::proven,
        {.finest_m = view.grid().cell_m, .least_band_m = share * (policy.max_height_agl_m - policy.min_height_agl_m)});
    go_on(given_up);
    return ColumnMesh(std::move(grid), Trust::proven);
  };
}

template <std::size_t... N>
std::array<Prepared<ColumnMesh>, sizeof...(N)> roomy_meshes(const geo::AirspaceView& view,
                                                            std::index_sequence<N...> /*of the shares*/) {
  return {Prepared<ColumnMesh>(roomy_mesh(view, SearchSpace::kRoomyShares[N]))...};
}

}  // namespace

SearchSpace::SearchSpace(std::shared_ptr<const geo::AirspaceView> of)
    : view(std::move(of)),
      meshes_([this](const std::atomic<bool>& given_up) { return meshes_of(*view, given_up); }),
      roomy_(roomy_meshes(*view, std::make_index_sequence<kRoomyShares.size()>())),
      islands_([this](const std::atomic<bool>& given_up) {
        ColumnGrid grid(*view, Trust::possible, {});
        go_on(given_up);
        return ColumnIslands(std::move(grid), Trust::possible);
      }),
      blocks_([this](const std::atomic<bool>& given_up) { return BlockIslands(*view, [&] { go_on(given_up); }); }),
      finest_([this](const std::atomic<bool>& given_up) {
        ColumnGrid grid(*view, Trust::proven, {});
        go_on(given_up);
        return ColumnMesh(std::move(grid), Trust::proven);
      }) {}

SearchSpace::~SearchSpace() {
  for (const auto& mesh : roomy_) mesh.give_up();
}

const SearchSpace::Meshes* SearchSpace::meshes(const StopAt& stop_at) const {
  std::call_once(began_ahead_, [this] {
    try {
      ahead_ = std::jthread([this](const std::stop_token& stop) { make_roomy(stop); });
    } catch (const std::system_error&) {  // no thread to be had: who asks for them makes them
    }
  });
  return meshes_.get_by(stop_at);
}

void SearchSpace::make_roomy(const std::stop_token& stop) const {
  try {
    for (const auto& mesh : roomy_) {
      if (!stop.stop_requested()) (void)mesh.get();
    }
  } catch (const std::exception&) {  // comes out again for who asks for it
  }
}

}  // namespace swiftlet::planner
