#include "dispatch/protocol/object_reader.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

const json kEmptyObject = json::object();
const json kEmptyArray = json::array();

}  // namespace

ObjectReader::ObjectReader(const json& object, std::string path, Fault& fault)
    : object_(object.is_object() ? object : kEmptyObject), path_(std::move(path)), fault_(fault) {
  if (!object.is_object() && !fault_) {
    fault_ = Error{.code = ErrorCode::bad_request,
                   .message = fmt::format("an object belongs here, not {}", object.type_name()),
                   .where = path_};
  }
}

std::string ObjectReader::path_of(const std::string& field) const {
  return path_.empty() ? field : path_ + "." + field;
}

void ObjectReader::refuse(ErrorCode code, std::string message, const std::string& field) {
  if (!fault_) fault_ = Error{.code = code, .message = std::move(message), .where = path_of(field)};
}

bool ObjectReader::has(const char* field) const {
  const auto found = object_.find(field);
  return found != object_.end() && !found->is_null();
}

const json* ObjectReader::find(const char* field) {
  asked_.emplace_back(field);
  if (has(field)) return &*object_.find(field);
  refuse(ErrorCode::bad_request, "missing", field);
  return nullptr;
}

std::string ObjectReader::text(const char* field, std::size_t max_size, std::size_t min_size) {
  const json* value = find(field);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    refuse(ErrorCode::bad_request, fmt::format("text belongs here, not {}", value->type_name()), field);
    return {};
  }
  const auto& text = value->get_ref<const std::string&>();
  if (text.size() < min_size || text.size() > max_size) {
    refuse(ErrorCode::bad_request, fmt::format("{} to {} bytes, not {}", min_size, max_size, text.size()), field);
    return {};
  }
  return text;
}

double ObjectReader::number(const char* field, double least, double most) {
  const json* value = find(field);
  if (value == nullptr) return least;
  if (!value->is_number()) {
    refuse(ErrorCode::bad_request, fmt::format("a number belongs here, not {}", value->type_name()), field);
    return least;
  }
  const double number = value->get<double>();
  if (!std::isfinite(number) || number < least || number > most) {
    refuse(ErrorCode::bad_request, fmt::format("{} is not within {} to {}", number, least, most), field);
    return least;
  }
  return number;
}

std::int64_t ObjectReader::integer(const char* field, std::int64_t least, std::int64_t most) {
  const json* value = find(field);
  if (value == nullptr) return least;
  const bool too_large = value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(most);
  if (!value->is_number_integer() || too_large || value->get<std::int64_t>() < least ||
      value->get<std::int64_t>() > most) {
    refuse(ErrorCode::bad_request, fmt::format("{} is not a whole number within {} to {}", value->dump(), least, most),
           field);
    return least;
  }
  return value->get<std::int64_t>();
}

bool ObjectReader::boolean(const char* field) {
  const json* value = find(field);
  if (value == nullptr) return false;
  if (!value->is_boolean()) {
    refuse(ErrorCode::bad_request, fmt::format("true or false belongs here, not {}", value->type_name()), field);
    return false;
  }
  return value->get<bool>();
}

UtcTime ObjectReader::time(const char* field) {
  const std::string text_value = text(field, 40);
  if (text_value.empty()) return {};
  const auto parsed = parse_rfc3339(text_value);
  if (parsed) return *parsed;
  refuse(ErrorCode::bad_request, parsed.error().message, field);
  return {};
}

const json& ObjectReader::object(const char* field) {
  const json* value = find(field);
  if (value == nullptr) return kEmptyObject;
  if (value->is_object()) return *value;
  refuse(ErrorCode::bad_request, fmt::format("an object belongs here, not {}", value->type_name()), field);
  return kEmptyObject;
}

const json& ObjectReader::array(const char* field, std::size_t max_size) {
  const json* value = find(field);
  if (value == nullptr) return kEmptyArray;
  if (value->is_array() && value->size() <= max_size) return *value;
  refuse(ErrorCode::bad_request, fmt::format("an array of at most {} values belongs here", max_size), field);
  return kEmptyArray;
}

const json& ObjectReader::value(const char* field) {
  static const json kNull;
  const json* value = find(field);
  return value != nullptr ? *value : kNull;
}

std::optional<std::string> ObjectReader::optional_text(const char* field, std::size_t max_size) {
  asked_.emplace_back(field);
  return has(field) ? std::optional(text(field, max_size)) : std::nullopt;
}

std::optional<double> ObjectReader::optional_number(const char* field, double least, double most) {
  asked_.emplace_back(field);
  return has(field) ? std::optional(number(field, least, most)) : std::nullopt;
}

std::optional<std::int64_t> ObjectReader::optional_integer(const char* field, std::int64_t least, std::int64_t most) {
  asked_.emplace_back(field);
  return has(field) ? std::optional(integer(field, least, most)) : std::nullopt;
}

std::optional<UtcTime> ObjectReader::optional_time(const char* field) {
  asked_.emplace_back(field);
  return has(field) ? std::optional(time(field)) : std::nullopt;
}

void ObjectReader::finish() {
  for (const auto& [field, value] : object_.items()) {
    if (std::find(asked_.begin(), asked_.end(), field) == asked_.end()) {
      refuse(ErrorCode::unknown_field, "no such field here", field);
    }
  }
}

}  // namespace swiftlet::dispatch
