#include "maps/wind_source.hpp"

#include <fmt/core.h>

#include "maps/source_path.hpp"

namespace swiftlet::maps {
namespace {

geo::WindProfile read_profile(const ConfigTable& entry) {
  geo::WindProfile profile;
  profile.at_height_m = entry.number("at_height_m", profile.at_height_m, 0.1, 1000.0);
  const std::string kind = entry.text("profile", "constant");
  profile.z0_m = entry.number("z0_m", profile.z0_m, 1e-5, 10.0);
  profile.displacement_m = entry.number("displacement_m", profile.displacement_m, 0.0, 200.0);
  profile.exponent = entry.number("exponent", profile.exponent, 0.0, 1.0);
  if (kind == "log") {
    profile.kind = geo::WindProfileKind::log;
  } else if (kind == "power") {
    profile.kind = geo::WindProfileKind::power;
  } else if (kind != "constant") {
    entry.reject(ErrorCode::config_invalid, "profile",
                 fmt::format("profile = \"{}\" must be \"log\", \"power\" or \"constant\"", kind));
  }
  if (!profile.sound()) {
    entry.reject(ErrorCode::value_invalid, "at_height_m",
                 fmt::format("at_height_m = {} must be above {} m, where by this profile the wind begins "
                             "(displacement_m, and z0_m of the log profile)",
                             profile.at_height_m, profile.calm_below_m()));
  }
  return profile;
}

}  // namespace

WindSource read_wind_source(const ConfigTable& entry, const std::filesystem::path& folder) {
  WindSource source;
  source.profile = read_profile(entry);
  if (!entry.has("path")) {
    source.wind = {.speed_m_s = entry.required_number("speed_m_s", 0.0, 100.0),
                   .from_deg = entry.required_number("from_deg", -360.0, 360.0),
                   .at_height_m = source.profile.at_height_m};
    return source;
  }
  source.path = source_path(entry, "path", folder);
  source.speed_variable = entry.text("speed_variable");
  source.direction_variable = entry.text("direction_variable");
  source.u_variable = entry.text("u_variable");
  source.v_variable = entry.text("v_variable");
  const auto pair = [&](const char* one, const char* other, const std::string& a, const std::string& b) {
    if (a.empty() == b.empty()) return;
    entry.reject(ErrorCode::config_invalid, a.empty() ? other : one, fmt::format("{} and {} go together", one, other));
  };
  pair("speed_variable", "direction_variable", source.speed_variable, source.direction_variable);
  pair("u_variable", "v_variable", source.u_variable, source.v_variable);
  const std::string vectors = entry.text("vectors");
  if (vectors == "true_north") {
    source.vectors = WindVectors::true_north;
  } else if (vectors == "grid") {
    source.vectors = WindVectors::grid;
  } else if (!vectors.empty()) {
    entry.reject(ErrorCode::config_invalid, "vectors",
                 fmt::format("vectors = \"{}\" must be \"true_north\" (u blows east) or \"grid\" (u blows along the "
                             "grid's x axis)",
                             vectors));
  }
  return source;
}

std::string to_toml(const WindSource& source) {
  std::string out;
  const auto number = [&](std::string_view key, double value) { out += fmt::format("{} = {:#}\n", key, value); };
  const auto text = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) out += fmt::format("{} = {}\n", key, quoted_toml(std::string(value)));
  };
  if (source.path.empty()) {
    number("speed_m_s", source.wind.speed_m_s);
    number("from_deg", source.wind.from_deg);
  }
  text("speed_variable", source.speed_variable);
  text("direction_variable", source.direction_variable);
  text("u_variable", source.u_variable);
  text("v_variable", source.v_variable);
  if (source.vectors == WindVectors::true_north) text("vectors", "true_north");
  if (source.vectors == WindVectors::grid) text("vectors", "grid");
  number("at_height_m", source.profile.at_height_m);
  text("profile", geo::name(source.profile.kind));
  number("z0_m", source.profile.z0_m);
  number("displacement_m", source.profile.displacement_m);
  number("exponent", source.profile.exponent);
  return out;
}

}  // namespace swiftlet::maps
