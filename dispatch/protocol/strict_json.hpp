#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// The largest frame in either direction, bytes.
inline constexpr std::size_t kMaxFrameBytes = 64 * 1024;
inline constexpr int kMaxJsonDepth = 32;

/// Reads one JSON value that fills the whole text. Stricter than JSON itself: UTF-8 only, no name twice in an object,
/// at most kMaxJsonDepth levels, every number finite. Errors: bad_json.
[[nodiscard]] Expected<nlohmann::json> parse_strict_json(std::string_view text);

/// One line of JSON for the wire; text that is not UTF-8 is replaced, never thrown at.
[[nodiscard]] std::string to_wire(const nlohmann::json& value);

}  // namespace swiftlet::dispatch
