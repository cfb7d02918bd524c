#include "maps/feature_fields.hpp"

#include <fmt/core.h>

#include <charconv>
#include <cmath>

namespace swiftlet::maps {
namespace {

using nlohmann::json;

}  // namespace

std::string shown(const json& value) {
  constexpr std::size_t kLongest = 80;
  // A list may be a ring of a million positions: only its beginning is written out.
  if (value.is_array() && value.size() > 4) {
    json beginning(value.begin(), value.begin() + 2);
    return fmt::format("{} … ({} entries)", beginning.dump(-1, ' ', false, json::error_handler_t::replace),
                       value.size());
  }
  const std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  return text.size() <= kLongest ? text : text.substr(0, kLongest) + "…";
}

const json& member(const json& object, const char* key) {
  static const json kNull;
  if (!object.is_object()) return kNull;
  const auto it = object.find(key);
  return it == object.end() ? kNull : *it;
}

std::string text_of(const json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

Unexpected invalid(ErrorCode code, const char* field, const json& value, const std::string& wanted) {
  return fail(code, fmt::format("{} = {} must be {}", field, shown(value), wanted));
}

Expected<double> read_number(const json& value, const char* field) {
  double number = NAN;
  if (value.is_number()) {
    number = value.get<double>();
  } else if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size()) number = NAN;
  }
  if (!std::isfinite(number)) return invalid(ErrorCode::value_invalid, field, value, "a number");
  return number;
}

Expected<LonLat> read_position(const json& value, const char* field, ErrorCode code) {
  if (!value.is_array() || value.size() < 2 || !value[0].is_number() || !value[1].is_number()) {
    return invalid(code, field, value, "[longitude, latitude] in degrees");
  }
  const LonLat p{.lon_deg = value[0].get<double>(), .lat_deg = value[1].get<double>()};
  if (!(std::abs(p.lon_deg) <= 180.0 && std::abs(p.lat_deg) < 90.0)) {
    return invalid(code, field, value,
                   "[longitude, latitude], a longitude within 180 and a latitude within 90 degrees");
  }
  return p;
}

}  // namespace swiftlet::maps
