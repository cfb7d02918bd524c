#include "maps/feature_fields.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>

namespace swiftlet::maps {
namespace {

using nlohmann::json;

constexpr std::uintmax_t kLargestFile = std::uintmax_t{512} << 20U;
constexpr int kDeepest = 64;

/// Stops a document that is nested deeper than any zone or pad, before it exhausts the stack.
bool shallow(int depth, json::parse_event_t event, json& /*parsed*/) {
  if (event != json::parse_event_t::object_start && event != json::parse_event_t::array_start) return true;
  if (depth > kDeepest) {
    throw json::other_error::create(599, fmt::format("nested deeper than {} levels", kDeepest), nullptr);
  }
  return true;
}

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

Expected<json> parse_json(const std::string& text, const std::string& where) {
  try {
    return json::parse(text, shallow);
  } catch (const json::parse_error& error) {
    const std::size_t at = std::min(error.byte == 0 ? 0 : error.byte - 1, text.size());
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    const std::size_t begin = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
    const std::size_t column = begin == std::string::npos ? at + 1 : at - begin;
    return fail(ErrorCode::bad_json, fmt::format("is not valid JSON at line {}, column {}", line, column), where);
  } catch (const json::exception& error) {  // a number beyond double's range, too deep
    return fail(ErrorCode::bad_json, fmt::format("is not JSON that can be read: {}", error.what()), where);
  }
}

Expected<json> read_json_file(const std::filesystem::path& file) {
  std::error_code ec;
  if (!std::filesystem::is_regular_file(file, ec)) {
    return fail(ErrorCode::file_not_found, "there is no such file", file.string());
  }
  if (const auto size = std::filesystem::file_size(file, ec); ec || size > kLargestFile) {
    return fail(ErrorCode::file_unreadable, fmt::format("holds {} bytes; at most {} are read", size, kLargestFile),
                file.string());
  }
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) return fail(ErrorCode::file_unreadable, "cannot be read to its end", file.string());
  return parse_json(text, file.string());
}

}  // namespace swiftlet::maps
