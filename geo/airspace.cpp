#include "geo/airspace.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace swiftlet::geo {

const Pad* Airspace::find_pad(std::string_view id) const {
  const auto it = std::find_if(pads.begin(), pads.end(), [&](const Pad& pad) { return pad.id == id; });
  return it == pads.end() ? nullptr : &*it;
}

Expected<WindField> Airspace::wind_field_of(const Wind& other) const {
  WindProfile profile = wind_field.profile();
  profile.at_height_m = other.at_height_m;
  if (profile.sound()) return WindField(other, profile);
  return fail(ErrorCode::value_invalid,
              fmt::format("a wind at {} m above the ground says nothing here: by the region's profile none blows up to "
                          "{} m (displacement_m = {}, z0_m = {})",
                          other.at_height_m, profile.calm_below_m(), profile.displacement_m, profile.z0_m),
              "wind");
}

std::optional<Enu2> Airspace::wind_at_m_s(const Enu3& p_enu, UtcTime t) const {
  const auto ground_msl_m = terrain.height_msl_m(p_enu.head<2>());
  if (!ground_msl_m) return std::nullopt;
  return wind_field.velocity_m_s(p_enu.head<2>(), p_enu.z() - *ground_msl_m, t);
}

}  // namespace swiftlet::geo
