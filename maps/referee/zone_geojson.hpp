#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "geo/error.hpp"

namespace swiftlet::maps::referee {

/// Whether a member of the list of zones is a GeoJSON feature: ED-269 has a list of volumes for `geometry`.
[[nodiscard]] bool is_geojson(const nlohmann::json& zone);

/// Says a GeoJSON feature, with the properties of ED-318 or of ED-269, in the words of ED-269: identifier, restriction,
/// applicability and a volume for each polygon or circle. What is wrong with the values is left to the reader of
/// ED-269. Errors: value_invalid where the feature has no such form.
[[nodiscard]] Expected<nlohmann::json> in_words_of_ed269(const nlohmann::json& feature, const std::string& where);

}  // namespace swiftlet::maps::referee
