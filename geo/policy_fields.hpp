#pragma once

#include <span>
#include <string_view>

#include "geo/error.hpp"
#include "geo/policy.hpp"

namespace swiftlet::geo {

/// A policy's fields by name and range, as they stand in region.toml, requests, routes and compiled airspaces.
struct PolicyField {
  std::string_view key;
  double Policy::*member;
  double min;
  double max;
};

/// Every field that is a number.
[[nodiscard]] std::span<const PolicyField> policy_fields();

/// The one field that is no number: Policy::fly_under, true or false in JSON, 1 or 0 where only numbers can be said.
constexpr std::string_view kFlyUnder = "fly_under";

/// Sets one field. Errors: unknown_field with the nearest key, value_invalid with the range.
[[nodiscard]] Expected<void> set_policy_field(Policy& policy, std::string_view key, double value);

/// What must hold between the fields: the band is not empty, and cell_m is that of the region, because the grid is
/// compiled with it. Errors: value_invalid.
[[nodiscard]] Expected<void> check_policy(const Policy& policy, const Policy& region);

}  // namespace swiftlet::geo
