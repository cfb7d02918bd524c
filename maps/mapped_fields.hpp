#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "geo/airspace.hpp"
#include "maps/flat_file.hpp"

// Private to maps: wind and ground risk as sections of a flat file, and back.
namespace swiftlet::maps {

[[nodiscard]] std::vector<SectionPlan> plan_of_fields(const geo::Airspace& airspace);
/// What is no array of them.
[[nodiscard]] nlohmann::ordered_json facts_of_fields(const geo::Airspace& airspace);
/// Errors: output_refused.
[[nodiscard]] Expected<void> write_fields(const geo::Airspace& airspace, FlatFileWriter& file);
/// Takes both into the airspace, whose `wind` is there already. Errors: airspace_damaged. Throws nlohmann's exceptions
/// and AirspaceDamaged.
[[nodiscard]] Expected<void> map_fields(const FlatFile& file, const nlohmann::ordered_json& facts,
                                        geo::Airspace& airspace);

}  // namespace swiftlet::maps
