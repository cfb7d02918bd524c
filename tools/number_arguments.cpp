#include "tools/number_arguments.hpp"

#include <fmt/core.h>

#include <charconv>
#include <cmath>

namespace swiftlet::tools {

std::optional<double> number_in(std::string_view text) {
  double value = 0.0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::pair<double, double>> pair_in(std::string_view text) {
  const auto comma = text.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const auto a = number_in(text.substr(0, comma));
  const auto b = number_in(text.substr(comma + 1));
  if (!a || !b) return std::nullopt;
  return std::pair(*a, *b);
}

Expected<geo::Wind> parse_wind(std::string_view text) {
  const auto wind = pair_in(text);
  if (!wind || !(wind->first >= 0.0 && wind->first <= 100.0 && std::abs(wind->second) <= 360.0)) {
    return fail(ErrorCode::usage, fmt::format("--wind {} must be SPEED_M_S,FROM_DEG such as 5,270", text));
  }
  return geo::Wind{.speed_m_s = wind->first, .from_deg = wind->second, .at_height_m = 10.0};
}

}  // namespace swiftlet::tools
