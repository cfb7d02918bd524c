#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "geo/error.hpp"

// Private to maps: how the readers of zones and pads take fields out of a JSON document.
namespace swiftlet::maps {

/// The value as JSON, cut to a length that fits a message.
[[nodiscard]] std::string shown(const nlohmann::json& value);

/// The member of that name; null where there is none or `object` is no object.
[[nodiscard]] const nlohmann::json& member(const nlohmann::json& object, const char* key);

/// The text, or nothing ("") where the value is none.
[[nodiscard]] std::string text_of(const nlohmann::json& value);

/// "field = value must be wanted".
[[nodiscard]] Unexpected invalid(ErrorCode code, const char* field, const nlohmann::json& value,
                                 const std::string& wanted);

/// A finite number: a JSON number, or a text that is one. Errors: value_invalid.
[[nodiscard]] Expected<double> read_number(const nlohmann::json& value, const char* field);

/// [longitude, latitude] in degrees, |lon| ≤ 180, |lat| < 90; an altitude after them is ignored. Errors: `code`.
[[nodiscard]] Expected<LonLat> read_position(const nlohmann::json& value, const char* field, ErrorCode code);

}  // namespace swiftlet::maps
