#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "geo/terrain.hpp"
#include "geo/terrain_bounds.hpp"
#include "maps/flat_file.hpp"

// Private to maps: the terrain and its bounds as sections of a flat file, and back.
namespace swiftlet::maps {

[[nodiscard]] std::vector<SectionPlan> plan_of(const geo::TerrainModel& terrain);
/// What is no array of it.
[[nodiscard]] nlohmann::ordered_json facts_of(const geo::TerrainModel& terrain);
/// Errors: output_refused.
[[nodiscard]] Expected<void> write(const geo::TerrainModel& terrain, FlatFileWriter& file);
/// Errors: airspace_damaged.
[[nodiscard]] Expected<geo::TerrainModel> mapped_terrain(const FlatFile& file, const nlohmann::ordered_json& facts);

[[nodiscard]] std::vector<SectionPlan> plan_of_bounds(const geo::GridFrame& grid);
/// Appends the bounds over the next rows of cells; the nodes on their northern edge only if no rows follow. Errors:
/// output_refused.
[[nodiscard]] Expected<void> append(const geo::TerrainBounds& rows, bool is_last, FlatFileWriter& file);
/// Errors: airspace_damaged.
[[nodiscard]] Expected<geo::TerrainBounds> mapped_bounds(const FlatFile& file, const geo::GridFrame& grid);

}  // namespace swiftlet::maps
