#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geo/error.hpp"
#include "geo/geo_point.hpp"
#include "geo/utc_time.hpp"

// Private to the planner's JSON readers; stands in no public header.
namespace swiftlet::planner {

/// The first thing that is wrong in a JSON document.
struct JsonProblem {
  std::optional<Error> first;
  void note(ErrorCode code, std::string message, std::string field) {
    if (!first) first = Error{.code = code, .message = std::move(message), .where = std::move(field)};
  }
};

/// One JSON object read by name and type. Every getter notes what is wrong (field path, value, what would be right) and
/// answers with a fallback, so that callers read everything and check once.
class JsonFields {
 public:
  /// `path` is that of the object itself; empty for the root.
  JsonFields(const nlohmann::json& object, std::string path, JsonProblem& problem);

  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] const nlohmann::json* find(std::string_view key) const;
  /// A finite number in [min, max].
  [[nodiscard]] double number(std::string_view key, double fallback, double min, double max) const;
  [[nodiscard]] double required_number(std::string_view key, double min, double max) const;
  /// Absent or null: nothing.
  [[nodiscard]] std::optional<double> optional_number(std::string_view key, double min, double max) const;
  [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t fallback, std::int64_t min,
                                     std::int64_t max) const;
  [[nodiscard]] bool flag(std::string_view key, bool fallback) const;
  [[nodiscard]] std::string text(std::string_view key, std::string_view fallback) const;
  [[nodiscard]] std::string required_text(std::string_view key) const;
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;
  [[nodiscard]] std::optional<UtcTime> time(std::string_view key) const;
  [[nodiscard]] LonLat required_lonlat() const;                 ///< from the keys "lon" and "lat"
  [[nodiscard]] JsonFields object(std::string_view key) const;  ///< an empty one where it is absent
  /// Notes unknown_field for the first key that is not in `known`, with the nearest one that is.
  void refuse_others(const std::vector<std::string>& known) const;
  void reject(ErrorCode code, std::string message, std::string_view key) const {
    problem_->note(code, std::move(message), path(key));
  }
  [[nodiscard]] std::string path(std::string_view key) const;

 private:
  [[nodiscard]] double checked(std::string_view key, const nlohmann::json& value, double min, double max) const;

  const nlohmann::json* object_;
  std::string path_;
  JsonProblem* problem_;
};

/// Parses a document whose root is an object. Errors: bad_json, bad_request.
[[nodiscard]] Expected<nlohmann::json> parse_object(std::string_view json);

}  // namespace swiftlet::planner
