#include "geo/error.hpp"

#include "geo/error_lookup.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace swiftlet {
namespace {

using enum ErrorCode;

constexpr std::array kTable{
    // code, name, exit, http, retryable
    ErrorTraits{internal, "internal", 1, 500, true},
    ErrorTraits{usage, "usage", 2, 400, false},
    ErrorTraits{file_not_found, "file_not_found", 3, 400, false},
    ErrorTraits{file_unreadable, "file_unreadable", 3, 400, false},
    ErrorTraits{unsupported_format, "unsupported_format", 3, 400, false},
    ErrorTraits{crs_missing, "crs_missing", 3, 400, false},
    ErrorTraits{raster_empty, "raster_empty", 3, 400, false},
    ErrorTraits{raster_value_invalid, "raster_value_invalid", 3, 400, false},
    ErrorTraits{geometry_invalid, "geometry_invalid", 3, 400, false},
    ErrorTraits{height_missing, "height_missing", 3, 400, false},
    ErrorTraits{value_invalid, "value_invalid", 3, 400, false},
    ErrorTraits{outside_terrain, "outside_terrain", 3, 400, false},
    ErrorTraits{pad_invalid, "pad_invalid", 3, 400, false},
    ErrorTraits{config_invalid, "config_invalid", 3, 400, false},
    ErrorTraits{config_unknown_key, "config_unknown_key", 3, 400, false},
    ErrorTraits{output_refused, "output_refused", 3, 400, false},
    ErrorTraits{airspace_damaged, "airspace_damaged", 3, 400, false},
    ErrorTraits{source_unavailable, "source_unavailable", 3, 503, true},
    ErrorTraits{out_of_region, "out_of_region", 3, 422, false},
    ErrorTraits{start_in_obstacle, "start_in_obstacle", 3, 422, false},
    ErrorTraits{goal_in_obstacle, "goal_in_obstacle", 3, 422, false},
    ErrorTraits{pad_obstructed, "pad_obstructed", 4, 422, false},
    ErrorTraits{no_fly_zone, "no_fly_zone", 4, 422, false},
    ErrorTraits{band_empty, "band_empty", 4, 422, false},
    ErrorTraits{unreachable, "unreachable", 4, 422, false},
    ErrorTraits{undecided_at_resolution, "undecided_at_resolution", 4, 422, false},
    ErrorTraits{energy_insufficient, "energy_insufficient", 4, 422, false},
    ErrorTraits{wind_too_strong, "wind_too_strong", 4, 422, false},
    ErrorTraits{ground_risk_too_high, "ground_risk_too_high", 4, 422, false},
    ErrorTraits{ground_risk_unknown, "ground_risk_unknown", 3, 422, false},
    ErrorTraits{arrive_by_too_soon, "arrive_by_too_soon", 4, 422, false},
    ErrorTraits{payload_too_heavy, "payload_too_heavy", 4, 422, false},
    ErrorTraits{payload_too_large, "payload_too_large", 4, 422, false},
    ErrorTraits{time_invalid, "time_invalid", 3, 422, false},
    ErrorTraits{deadline_passed, "deadline_passed", 5, 503, true},
    ErrorTraits{referee_refused, "referee_refused", 6, 500, false},
    ErrorTraits{interrupted, "interrupted", 130, 503, true},
    ErrorTraits{bad_frame, "bad_frame", 3, 400, false},
    ErrorTraits{bad_json, "bad_json", 3, 400, false},
    ErrorTraits{bad_request, "bad_request", 3, 400, false},
    ErrorTraits{unknown_field, "unknown_field", 3, 400, false},
    ErrorTraits{unknown_type, "unknown_type", 3, 400, false},
    ErrorTraits{unsupported_version, "unsupported_version", 3, 400, false},
    ErrorTraits{unauthorized, "unauthorized", 3, 401, false},
    ErrorTraits{forbidden, "forbidden", 3, 403, false},
    ErrorTraits{not_found, "not_found", 3, 404, false},
    ErrorTraits{conflict, "conflict", 3, 409, false},
    ErrorTraits{quote_used, "quote_used", 3, 409, false},
    ErrorTraits{too_late, "too_late", 3, 409, false},
    ErrorTraits{quote_expired, "quote_expired", 3, 410, false},
    ErrorTraits{history_gone, "history_gone", 3, 410, false},
    ErrorTraits{pad_closed, "pad_closed", 4, 503, true},
    ErrorTraits{pad_full, "pad_full", 4, 503, true},
    ErrorTraits{no_drone_in_time, "no_drone_in_time", 4, 503, true},
    ErrorTraits{weather_hold, "weather_hold", 4, 503, true},
    ErrorTraits{merchant_paused, "merchant_paused", 4, 503, true},
    ErrorTraits{rate_limited, "rate_limited", 4, 429, true},
    ErrorTraits{overloaded, "overloaded", 4, 503, true},
    ErrorTraits{store_unavailable, "store_unavailable", 3, 503, true},
    ErrorTraits{draining, "draining", 4, 503, true},
    ErrorTraits{not_leader, "not_leader", 4, 503, true},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].code) != i) return false;
  }
  return true;
}
static_assert(in_order(), "the table of errors follows the order of ErrorCode");
static_assert(kTable.size() == static_cast<std::size_t>(not_leader) + 1, "every ErrorCode has a line");

}  // namespace

const ErrorTraits& traits(ErrorCode code) { return kTable.at(static_cast<std::size_t>(code)); }

std::string_view name(ErrorCode code) { return traits(code).name; }

std::optional<ErrorCode> error_code(std::string_view text) {
  for (const ErrorTraits& line : kTable) {
    if (line.name == text) return line.code;
  }
  return std::nullopt;
}

void ErrorList::note(Error error) {
  if (!first_) {
    first_ = std::move(error);
    return;
  }
  std::vector<Error> more = std::move(error.others);
  error.others.clear();
  more.insert(more.begin(), std::move(error));
  for (Error& one : more) {
    if (first_->others.size() < Error::kMostOthers) {
      first_->others.push_back(std::move(one));
    } else {
      ++untold_;
    }
  }
}

Error ErrorList::first() const {
  Error error = *first_;
  if (untold_ > 0) {
    error.others.push_back(
        {.code = error.code, .message = "… and " + std::to_string(untold_) + " more problems", .where = error.where});
  }
  return error;
}

std::vector<Error> one_by_one(const std::vector<Error>& problems) {
  std::vector<Error> all;
  for (const Error& problem : problems) {
    all.push_back(problem);
    all.back().others.clear();
    all.insert(all.end(), problem.others.begin(), problem.others.end());
  }
  return all;
}

std::string describe(const Error& error) {
  std::string text(name(error.code));
  if (!error.where.empty()) text += ": " + error.where;
  text += ": " + error.message;
  if (!error.hint.empty()) text += " (" + error.hint + ")";
  // Names and values come out of files: what a terminal would obey is not passed on.
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text;
}

}  // namespace swiftlet
