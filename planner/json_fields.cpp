#include "planner/json_fields.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "geo/config_table.hpp"

namespace swiftlet::planner {
namespace {

using nlohmann::json;

const json kNothing = json::object();

/// The value as the message quotes it: short, and never invalid UTF-8.
std::string shown(const json& value) {
  std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

}  // namespace

JsonFields::JsonFields(const json& object, std::string path, JsonProblem& problem)
    : object_(&object), path_(std::move(path)), problem_(&problem) {}

std::string JsonFields::path(std::string_view key) const {
  if (key.empty()) return path_;
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

const json* JsonFields::find(std::string_view key) const {
  const auto it = object_->find(key);
  return it == object_->end() ? nullptr : &*it;
}

bool JsonFields::has(std::string_view key) const { return find(key) != nullptr; }

double JsonFields::checked(std::string_view key, const json& value, double min, double max) const {
  if (!value.is_number()) {
    reject(ErrorCode::bad_request, fmt::format("{} must be a number, not {}", path(key), shown(value)), key);
    return min;
  }
  const double number = value.get<double>();
  if (std::isfinite(number) && number >= min && number <= max) return number;
  reject(ErrorCode::value_invalid,
         fmt::format("{} = {} must be a finite number from {} to {}", path(key), shown(value), min, max), key);
  return min;
}

double JsonFields::number(std::string_view key, double fallback, double min, double max) const {
  const json* value = find(key);
  return value == nullptr ? fallback : checked(key, *value, min, max);
}

double JsonFields::required_number(std::string_view key, double min, double max) const {
  const json* value = find(key);
  if (value != nullptr) return checked(key, *value, min, max);
  reject(ErrorCode::bad_request, fmt::format("{} is missing; it must be a number", path(key)), key);
  return min;
}

std::optional<double> JsonFields::optional_number(std::string_view key, double min, double max) const {
  const json* value = find(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return checked(key, *value, min, max);
}

bool JsonFields::flag(std::string_view key, bool fallback) const {
  const json* value = find(key);
  if (value == nullptr) return fallback;
  if (value->is_boolean()) return value->get<bool>();
  reject(ErrorCode::bad_request, fmt::format("{} must be true or false", path(key)), key);
  return fallback;
}

std::int64_t JsonFields::integer(std::string_view key, std::int64_t fallback, std::int64_t min,
                                 std::int64_t max) const {
  const json* value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_number_integer()) {
    reject(ErrorCode::bad_request, fmt::format("{} must be a whole number, not {}", path(key), shown(*value)), key);
    return fallback;
  }
  // An unsigned value above 2^63 must not wrap round to a negative one that passes.
  const bool huge = value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
  const std::int64_t number = huge ? INT64_MAX : value->get<std::int64_t>();
  if (!huge && number >= min && number <= max) return number;
  reject(ErrorCode::value_invalid, fmt::format("{} = {} must be from {} to {}", path(key), shown(*value), min, max),
         key);
  return fallback;
}

std::string JsonFields::text(std::string_view key, std::string_view fallback) const {
  const json* value = find(key);
  if (value == nullptr) return std::string(fallback);
  if (value->is_string()) return value->get<std::string>();
  reject(ErrorCode::bad_request, fmt::format("{} must be a text, not {}", path(key), shown(*value)), key);
  return std::string(fallback);
}

std::string JsonFields::required_text(std::string_view key) const {
  if (!has(key)) reject(ErrorCode::bad_request, fmt::format("{} is missing; it must be a text", path(key)), key);
  return text(key, "");
}

std::vector<std::string> JsonFields::texts(std::string_view key) const {
  std::vector<std::string> found;
  const json* value = find(key);
  if (value == nullptr) return found;
  const bool good =
      value->is_array() && std::all_of(value->begin(), value->end(), [](const json& v) { return v.is_string(); });
  if (!good) {
    reject(ErrorCode::bad_request, fmt::format("{} must be a list of texts, not {}", path(key), shown(*value)), key);
    return found;
  }
  for (const json& v : *value) found.push_back(v.get<std::string>());
  return found;
}

std::optional<UtcTime> JsonFields::time(std::string_view key) const {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    reject(ErrorCode::bad_request, fmt::format("{} must be an RFC 3339 time, not {}", path(key), shown(*value)), key);
    return std::nullopt;
  }
  const auto parsed = parse_rfc3339(value->get<std::string>());
  if (parsed) return *parsed;
  reject(parsed.error().code, parsed.error().message, key);
  return std::nullopt;
}

LonLat JsonFields::required_lonlat() const {
  return {.lon_deg = required_number("lon", -180.0, 180.0), .lat_deg = required_number("lat", -90.0, 90.0)};
}

JsonFields JsonFields::object(std::string_view key) const {
  const json* value = find(key);
  if (value != nullptr && !value->is_object()) {
    reject(ErrorCode::bad_request, fmt::format("{} must be an object, not {}", path(key), shown(*value)), key);
    value = nullptr;
  }
  return {value == nullptr ? kNothing : *value, path(key), *problem_};
}

void JsonFields::refuse_others(const std::vector<std::string>& known) const {
  for (const auto& [key, value] : object_->items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string near = nearest_word(key, known);
    reject(ErrorCode::unknown_field,
           fmt::format("unknown field {}{}", shown(key),
                       near.empty() ? std::string() : fmt::format("; the nearest known one is \"{}\"", near)),
           key);
  }
}

Expected<json> parse_object(std::string_view text) {
  json document;
  try {
    document = json::parse(text);
  } catch (const json::exception& error) {
    // Numbers beyond double's range (1e999) end here as well as broken syntax.
    return fail(ErrorCode::bad_json, fmt::format("not valid JSON: {}", error.what()));
  }
  if (!document.is_object()) return fail(ErrorCode::bad_request, "the JSON document must be one object");
  return document;
}

}  // namespace swiftlet::planner
