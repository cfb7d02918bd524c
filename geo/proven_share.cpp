#include "geo/proven_share.hpp"

#include <algorithm>

#include "geo/free_components.hpp"

namespace swiftlet::geo {

ProvenShare proven_share(const AirspacePtr& airspace, double max_height_agl_m) {
  constexpr double kWorthCounting_m2 = 100.0;
  const auto without_zones = std::make_shared<Airspace>(*airspace);
  without_zones->zones.clear();
  ViewOptions options{.policy = airspace->policy, .from = {}, .to = {}, .authorisations = {}};
  options.policy.max_height_agl_m = max_height_agl_m;
  const AirspaceView view(without_zones, options);
  const FreeComponents proven(view, FreeComponents::Kind::proven);
  const FreeComponents possible(view, FreeComponents::Kind::possible);
  const auto& areas = proven.areas_m2();
  return {.max_height_agl_m = max_height_agl_m,
          .proven_m2 = proven.area_m2(),
          .possible_m2 = possible.area_m2(),
          .components = static_cast<std::size_t>(
              std::count_if(areas.begin(), areas.end(), [](double area) { return area >= kWorthCounting_m2; })),
          .largest_m2 = areas.empty() ? 0.0 : areas.front()};
}

}  // namespace swiftlet::geo
