#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "geo/error.hpp"

namespace swiftlet::maps {

/// Reads a JSON source: UTF-8, at most 256 MiB, at most 64 levels deep, no key twice in one object. Errors:
/// file_not_found, file_unreadable, bad_json with line and column.
[[nodiscard]] Expected<nlohmann::json> read_json_source(const std::filesystem::path& file);

/// The same for text that is in memory already; `where` stands in the errors.
[[nodiscard]] Expected<nlohmann::json> parse_json_source(std::string_view text, const std::string& where);

}  // namespace swiftlet::maps
