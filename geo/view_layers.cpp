#include "geo/view_layers.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "geo/airspace_view.hpp"
#include "geo/cell_limits.hpp"

namespace swiftlet::geo {
namespace {

/// The array of that name, as values. Errors: airspace_damaged.
template <class Value>
Expected<FlatArray<Value>> take(std::span<const ViewLayers::NamedArray> arrays, std::string_view name,
                                std::size_t count, const std::shared_ptr<const void>& owner) {
  const auto found = std::find_if(arrays.begin(), arrays.end(), [&](const auto& array) { return array.name == name; });
  if (found == arrays.end()) {
    return fail(ErrorCode::airspace_damaged, fmt::format("lacks \"{}\"; build the airspace again", name),
                "view layers");
  }
  const std::span<const std::byte> bytes = found->bytes;
  if (bytes.size() != count * sizeof(Value) || reinterpret_cast<std::uintptr_t>(bytes.data()) % 8 != 0) {
    return fail(ErrorCode::airspace_damaged,
                fmt::format("\"{}\" has {} bytes where {} were to be; build the airspace again", name, bytes.size(),
                            count * sizeof(Value)),
                "view layers");
  }
  return FlatArray<Value>({reinterpret_cast<const Value*>(bytes.data()), count}, owner);
}

}  // namespace

bool ViewLayers::same_layers(const Policy& a, const Policy& b) {
  return a.min_height_agl_m == b.min_height_agl_m && a.max_height_agl_m == b.max_height_agl_m &&
         a.lateral_clearance_m == b.lateral_clearance_m && a.vertical_clearance_m == b.vertical_clearance_m;
}

std::shared_ptr<const ViewLayers> ViewLayers::derive(const Airspace& airspace, const Policy& policy) {
  const auto layers = std::make_shared<ViewLayers>();
  layers->policy_ = policy;
  layers->safe_floor_ = FlatArray<float>(safe_floors(airspace, policy));
  layers->optimistic_floor_ = FlatArray<float>(optimistic_floors(airspace, policy));
  const GridFrame& grid = airspace.bounds.grid();
  layers->pyramid_ = BandPyramid(grid.nx, grid.ny, safe_bands(airspace, policy, layers->safe_floor_msl_m(), {}));
  return layers;
}

Expected<std::shared_ptr<const ViewLayers>> ViewLayers::adopt(const Airspace& airspace, const Policy& policy,
                                                              std::span<const NamedArray> arrays,
                                                              std::shared_ptr<const void> owner) {
  const GridFrame& grid = airspace.bounds.grid();
  auto safe = take<float>(arrays, "safe_floor", grid.cell_count(), owner);
  if (!safe) return Unexpected(safe.error());
  auto optimistic = take<float>(arrays, "optimistic_floor", grid.cell_count(), owner);
  if (!optimistic) return Unexpected(optimistic.error());
  auto bands = take<BandPyramid::Band>(arrays, "bands", BandPyramid::band_count(grid.nx, grid.ny), owner);
  if (!bands) return Unexpected(bands.error());
  const auto layers = std::make_shared<ViewLayers>();
  layers->policy_ = policy;
  layers->safe_floor_ = std::move(*safe);
  layers->optimistic_floor_ = std::move(*optimistic);
  layers->pyramid_ = BandPyramid(grid.nx, grid.ny, std::move(*bands));
  return layers;
}

std::vector<ViewLayers::NamedArray> ViewLayers::arrays() const {
  return {{"safe_floor", safe_floor_.bytes()},
          {"optimistic_floor", optimistic_floor_.bytes()},
          {"bands", pyramid_.bands().bytes()}};
}

}  // namespace swiftlet::geo
