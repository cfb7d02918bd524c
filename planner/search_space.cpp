#include "planner/search_space.hpp"

#include <array>

namespace swiftlet::planner {
namespace {

/// Least shares of the height between the policy's limits that a column must leave, a mesh each.
constexpr std::array kLeastShares{0.0, 0.15, 0.8};

}  // namespace

SearchSpace::SearchSpace(std::shared_ptr<const geo::AirspaceView> of)
    : view(std::move(of)), possible(*view, ColumnMesh::Trust::possible) {
  const geo::Policy& policy = view->options().policy;
  proven.reserve(kLeastShares.size());
  for (const double share : kLeastShares) {
    const double height_m = policy.max_height_agl_m - policy.min_height_agl_m;
    proven.emplace_back(*view, ColumnMesh::Trust::proven, share * height_m);
  }
}

}  // namespace swiftlet::planner
