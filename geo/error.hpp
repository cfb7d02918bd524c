#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "geo/geo_point.hpp"

namespace swiftlet {

/// Every way in which Swiftlet can say no. Names, texts, exit statuses, HTTP statuses and whether a
/// retry can help stand in one table in error.cpp; nothing else maps an error to any of these.
enum class ErrorCode {
  // ours
  internal,
  // how the program was called, what it was given
  usage,
  file_not_found,
  file_unreadable,
  unsupported_format,
  crs_missing,
  raster_empty,
  raster_value_invalid,
  geometry_invalid,
  height_missing,
  value_invalid,
  outside_terrain,
  pad_invalid,
  config_invalid,
  config_unknown_key,
  output_refused,
  airspace_damaged,
  source_unavailable,
  // planning
  out_of_region,
  start_in_obstacle,
  goal_in_obstacle,
  pad_obstructed,
  no_fly_zone,
  band_empty,
  unreachable,
  undecided_at_resolution,
  energy_insufficient,
  wind_too_strong,
  ground_risk_too_high,
  ground_risk_unknown,
  arrive_by_too_soon,
  payload_too_heavy,
  payload_too_large,
  time_invalid,
  deadline_passed,
  referee_refused,
  interrupted,
  // messages
  bad_frame,
  bad_json,
  bad_request,
  unknown_field,
  unknown_type,
  unsupported_version,
  unauthorized,
  forbidden,
  not_found,
  conflict,
  quote_used,
  too_late,
  quote_expired,
  history_gone,
  pad_closed,
  pad_full,
  no_drone_in_time,
  weather_hold,
  merchant_paused,
  rate_limited,
  overloaded,
  store_unavailable,
  draining,
  not_leader,
};

/// One line of the table of errors.
struct ErrorTraits {
  ErrorCode code;
  std::string_view name;  ///< as it stands on the wire and in JSON
  int exit_status;
  int http_status;
  bool retryable;
};

[[nodiscard]] const ErrorTraits& traits(ErrorCode code);
[[nodiscard]] std::string_view name(ErrorCode code);

/// The thing that an error blames: an obstacle, a zone, a pad.
struct ErrorCause {
  std::string kind;
  std::string id;
};

/// The world's fault, as a value: what, where, and what would be right.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;                    ///< a sentence with the offending value and what would be right
  std::string where = {};                 ///< file, feature, field or line; empty where it does not apply
  std::optional<GeoPoint> position = {};  ///< the place in the world, where there is one
  std::optional<ErrorCause> cause = {};
  std::string hint = {};  ///< what to try next; may be empty
  /// What else is wrong with the same source, where it was read on to tell; kMostOthers at most.
  std::vector<Error> others = {};

  static constexpr std::size_t kMostOthers = 99;
};

/// Collects what is wrong with a source while it is read on.
class ErrorList {
 public:
  void note(Error error);
  [[nodiscard]] bool empty() const { return !first_; }
  /// The first problem with the others in it, and how many more there were. Precondition: not empty.
  [[nodiscard]] Error first() const;

 private:
  std::optional<Error> first_;
  std::size_t untold_ = 0;  ///< beyond kMostOthers
};

/// Each of the problems, and after it the others that it carries.
[[nodiscard]] std::vector<Error> one_by_one(const std::vector<Error>& problems);

/// "code: where: message" on one line, for logs and terminals: control characters become spaces.
[[nodiscard]] std::string describe(const Error& error);

template <class T>
using Expected = tl::expected<T, Error>;

using Unexpected = tl::unexpected<Error>;

[[nodiscard]] inline Unexpected fail(ErrorCode code, std::string message, std::string where = {}) {
  return Unexpected(Error{.code = code, .message = std::move(message), .where = std::move(where)});
}

}  // namespace swiftlet
