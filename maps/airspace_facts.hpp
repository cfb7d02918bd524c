#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <vector>

#include "geo/airspace.hpp"
#include "geo/error.hpp"

// Private to maps: everything in a compiled airspace that is no large array, as JSON: names, grid, policy, wind, pads
// and zones.
namespace swiftlet::maps {

/// The corners of all zones' rings, one zone after the other; the facts say how many belong to which ring.
struct ZoneVertices {
  std::vector<double> xy_m;
};

[[nodiscard]] nlohmann::ordered_json to_json(const geo::Policy& policy);
[[nodiscard]] nlohmann::ordered_json to_json(const geo::Wind& wind);
[[nodiscard]] nlohmann::ordered_json to_json(const geo::GridFrame& grid);

[[nodiscard]] nlohmann::ordered_json facts_of(const geo::Airspace& airspace, ZoneVertices& vertices);

/// Takes the facts into an airspace. They are untrusted: every number is checked to be finite and in range. Errors:
/// airspace_damaged, naming what is wrong, without `where`.
[[nodiscard]] Expected<void> read_facts(const nlohmann::ordered_json& facts, std::span<const double> zone_xy_m,
                                        geo::Airspace& airspace);
/// The grid of the flyable extent. Errors as read_facts.
[[nodiscard]] Expected<geo::GridFrame> read_grid(const nlohmann::ordered_json& facts);

}  // namespace swiftlet::maps
