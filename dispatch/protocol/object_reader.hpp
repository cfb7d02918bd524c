#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/utc_time.hpp"

namespace swiftlet::dispatch {

/// Reads the fields of one JSON object into checked values, each asked for by name. The first thing that is wrong is
/// kept, with the field's path ("dropoff.pad"), and every later read answers a harmless default, so that a caller
/// reads everything and asks once at the end. A field that nobody asked for is an error too.
///
///     ObjectReader body(json, "", fault);
///     request.mass_kg = body.number("mass_kg", 0.0, 100.0);
///     body.finish();
///     if (fault) return Unexpected(*fault);
class ObjectReader {
 public:
  using Fault = std::optional<Error>;

  ObjectReader(const nlohmann::json& object, std::string path, Fault& fault);

  [[nodiscard]] bool has(const char* field) const;  ///< there, and not null

  std::string text(const char* field, std::size_t max_size, std::size_t min_size = 1);
  double number(const char* field, double least, double most);
  std::int64_t integer(const char* field, std::int64_t least, std::int64_t most);
  bool boolean(const char* field);
  UtcTime time(const char* field);
  /// The object in a field; an empty one where it is missing or of another type.
  const nlohmann::json& object(const char* field);
  const nlohmann::json& array(const char* field, std::size_t max_size);
  /// Whatever stands in a field; null where it is missing.
  const nlohmann::json& value(const char* field);

  std::optional<std::string> optional_text(const char* field, std::size_t max_size);
  std::optional<double> optional_number(const char* field, double least, double most);
  std::optional<std::int64_t> optional_integer(const char* field, std::int64_t least, std::int64_t most);
  std::optional<UtcTime> optional_time(const char* field);

  /// Refuses fields that were not asked for.
  void finish();
  void refuse(ErrorCode code, std::string message, const std::string& field);
  [[nodiscard]] std::string path_of(const std::string& field) const;

 private:
  const nlohmann::json* find(const char* field);

  const nlohmann::json& object_;
  std::string path_;
  Fault& fault_;
  std::vector<std::string> asked_;
};

}  // namespace swiftlet::dispatch
