#include "geo/policy_fields.hpp"

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "geo/config_table.hpp"

namespace swiftlet::geo {
namespace {

constexpr std::array kFields{
    PolicyField{"min_height_agl_m", &Policy::min_height_agl_m, 0.0, 10000.0},
    PolicyField{"max_height_agl_m", &Policy::max_height_agl_m, 0.0, 10000.0},
    PolicyField{"lateral_clearance_m", &Policy::lateral_clearance_m, 0.0, 1000.0},
    PolicyField{"vertical_clearance_m", &Policy::vertical_clearance_m, 0.0, 1000.0},
    PolicyField{"terminal_radius_m", &Policy::terminal_radius_m, 0.0, 1000.0},
    PolicyField{"cell_m", &Policy::cell_m, 0.25, 100.0},
    PolicyField{"energy_reserve_fraction", &Policy::energy_reserve_fraction, 0.0, 0.95},
    PolicyField{"hold_s", &Policy::hold_s, 0.0, 3600.0},
    PolicyField{"zone_margin_m", &Policy::zone_margin_m, 0.0, 10000.0},
};

// A field of Policy that does not stand here would be lost on every way in and out.
static_assert(sizeof(Policy) == kFields.size() * sizeof(double) + sizeof(double));  // the numbers and fly_under

}  // namespace

std::span<const PolicyField> policy_fields() { return kFields; }

Expected<void> set_policy_field(Policy& policy, std::string_view key, double value) {
  std::vector<std::string> known;
  for (const PolicyField& field : kFields) {
    known.emplace_back(field.key);
    if (field.key != key) continue;
    if (!std::isfinite(value) || value < field.min || value > field.max) {
      return fail(ErrorCode::value_invalid,
                  fmt::format("{} = {} must be a finite number from {} to {}", key, value, field.min, field.max),
                  fmt::format("policy.{}", key));
    }
    policy.*field.member = value;
    return {};
  }
  known.emplace_back(kFlyUnder);
  if (key == kFlyUnder) {
    if (value != 0.0 && value != 1.0) {
      return fail(ErrorCode::value_invalid, fmt::format("{} = {} must be true or false", key, value),
                  fmt::format("policy.{}", key));
    }
    policy.fly_under = value == 1.0;
    return {};
  }
  const std::string near = nearest_word(key, known);
  return fail(ErrorCode::unknown_field,
              fmt::format("unknown policy \"{}\"{}", key,
                          near.empty() ? std::string() : fmt::format("; the nearest known one is \"{}\"", near)),
              fmt::format("policy.{}", key));
}

Expected<void> check_policy(const Policy& policy, const Policy& region) {
  if (policy.max_height_agl_m <= policy.min_height_agl_m) {
    return fail(ErrorCode::value_invalid,
                fmt::format("max_height_agl_m = {} must be above min_height_agl_m = {}", policy.max_height_agl_m,
                            policy.min_height_agl_m),
                "policy.max_height_agl_m");
  }
  if (policy.cell_m != region.cell_m) {
    return fail(ErrorCode::value_invalid,
                fmt::format("cell_m = {} must be the region's own {}: the grid is compiled with it", policy.cell_m,
                            region.cell_m),
                "policy.cell_m");
  }
  return {};
}

}  // namespace swiftlet::geo
