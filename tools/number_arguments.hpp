#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "geo/error.hpp"
#include "geo/wind.hpp"

namespace swiftlet::tools {

/// The whole text as a number.
[[nodiscard]] std::optional<double> number_in(std::string_view text);

/// "A,B" as two numbers.
[[nodiscard]] std::optional<std::pair<double, double>> pair_in(std::string_view text);

/// --wind SPEED_M_S,FROM_DEG, at 10 m above the ground. Errors: usage.
[[nodiscard]] Expected<geo::Wind> parse_wind(std::string_view text);

}  // namespace swiftlet::tools
