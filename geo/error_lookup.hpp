#pragma once

#include <optional>
#include <string_view>

#include "geo/error.hpp"

namespace swiftlet {

/// The code that has this name in the table of errors, if there is one: for what comes in over the wire.
[[nodiscard]] std::optional<ErrorCode> error_code(std::string_view name);

}  // namespace swiftlet
