#include "tools/free_area.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "geo/proven_share.hpp"

namespace swiftlet::tools {

nlohmann::ordered_json free_area(const geo::AirspacePtr& airspace) {
  auto list = nlohmann::ordered_json::array();
  if (airspace->bounds.grid().cell_count() > kMostCells) return list;
  for (const double ceiling_m : {50.0, 40.0, 35.0}) {
    if (ceiling_m <= airspace->policy.min_height_agl_m) continue;
    const geo::ProvenShare share = geo::proven_share(airspace, ceiling_m);
    list.push_back({{"max_height_agl_m", ceiling_m},
                    {"proven_m2", share.proven_m2},
                    {"possible_m2", share.possible_m2},
                    {"proven_share_at_least", share.at_least()},
                    {"components", share.components},
                    {"largest_component_m2", share.largest_m2}});
  }
  return list;
}

void print_free_area(const nlohmann::ordered_json& shares) {
  for (const auto& share : shares) {
    fmt::print(
        "under {:>3} m  at least {:.2f} % of the exact free area is proven free; {} components of 100 m2 and "
        "more, the largest {:.2f} %\n",
        share.at("max_height_agl_m").get<double>(), 100.0 * share.at("proven_share_at_least").get<double>(),
        share.at("components").get<std::size_t>(),
        100.0 * share.at("largest_component_m2").get<double>() / std::max(1.0, share.at("proven_m2").get<double>()));
  }
}

}  // namespace swiftlet::tools
