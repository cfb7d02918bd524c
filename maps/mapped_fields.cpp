#include "maps/mapped_fields.hpp"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "maps/airspace_facts.hpp"

namespace swiftlet::maps {
namespace {

using nlohmann::ordered_json;

constexpr const char* kWind = "wind_velocities";
constexpr const char* kRisk = "ground_risk";

geo::WindProfile profile_from(const ordered_json& facts, double at_height_m) {
  return {.kind = static_cast<geo::WindProfileKind>(facts.at("kind").get<unsigned>() % 3U),
          .at_height_m = at_height_m,
          .z0_m = facts.at("z0_m").get<double>(),
          .displacement_m = facts.at("displacement_m").get<double>(),
          .exponent = facts.at("exponent").get<double>()};
}

ordered_json wind_facts(const geo::WindField& field) {
  const geo::WindProfile& profile = field.profile();
  ordered_json out{{"kind", static_cast<unsigned>(profile.kind)},
                   {"at_height_m", profile.at_height_m},
                   {"z0_m", profile.z0_m},
                   {"displacement_m", profile.displacement_m},
                   {"exponent", profile.exponent}};
  if (field.uniform()) return out;
  const geo::WindField::Lattice& lattice = field.lattice();
  out["lattice"] = {{"x_m", lattice.origin.x()},
                    {"y_m", lattice.origin.y()},
                    {"spacing_m", lattice.spacing_m},
                    {"nx", lattice.nx},
                    {"ny", lattice.ny}};
  out["instants_ms"] = ordered_json::array();
  for (const UtcTime t : field.instants()) out["instants_ms"].push_back(t.time_since_epoch().count());
  return out;
}

Expected<geo::WindField> map_wind(const FlatFile& file, const ordered_json& facts, const geo::Wind& wind) {
  const geo::WindProfile profile = profile_from(facts, facts.at("at_height_m").get<double>());
  if (!facts.contains("instants_ms")) return geo::WindField(wind, profile);
  const ordered_json& at = facts.at("lattice");
  const geo::WindField::Lattice lattice{.origin = {at.at("x_m").get<double>(), at.at("y_m").get<double>()},
                                        .spacing_m = at.at("spacing_m").get<double>(),
                                        .nx = at.at("nx").get<int>(),
                                        .ny = at.at("ny").get<int>()};
  std::vector<UtcTime> instants;
  for (const ordered_json& ms : facts.at("instants_ms")) {
    instants.emplace_back(std::chrono::milliseconds(ms.get<std::int64_t>()));
  }
  auto section = file.section(kWind, sizeof(double));
  if (!section) return Unexpected(section.error());
  return geo::WindField(profile, lattice, std::move(instants), geo::FlatArray<double>(std::move(*section)));
}

Expected<geo::GroundRisk> map_risk(const FlatFile& file, const ordered_json& facts) {
  if (facts.is_null()) return geo::GroundRisk();
  const auto grid = read_grid(ordered_json{{"grid", facts}});
  if (!grid) return Unexpected(grid.error());
  auto section = file.section(kRisk, sizeof(float));
  if (!section) return Unexpected(section.error());
  return geo::GroundRisk(*grid, geo::FlatArray<float>(std::move(*section)));
}

}  // namespace

std::vector<SectionPlan> plan_of_fields(const geo::Airspace& airspace) {
  std::vector<SectionPlan> plan;
  if (!airspace.wind_field.uniform()) {
    plan.push_back(
        {.name = kWind, .count = airspace.wind_field.velocities_m_s().size(), .element_bytes = sizeof(double)});
  }
  if (!airspace.ground_risk.empty()) {
    plan.push_back(
        {.name = kRisk, .count = airspace.ground_risk.pyramid_per_km2().size(), .element_bytes = sizeof(float)});
  }
  return plan;
}

ordered_json facts_of_fields(const geo::Airspace& airspace) {
  return {{"wind", wind_facts(airspace.wind_field)},
          {"ground_risk", airspace.ground_risk.empty() ? ordered_json() : to_json(airspace.ground_risk.grid())}};
}

Expected<void> write_fields(const geo::Airspace& airspace, FlatFileWriter& file) {
  Expected<void> done;
  if (!airspace.wind_field.uniform()) done = file.append<double>(kWind, airspace.wind_field.velocities_m_s());
  if (done && !airspace.ground_risk.empty()) {
    done = file.append<float>(kRisk, airspace.ground_risk.pyramid_per_km2());
  }
  return done;
}

Expected<void> map_fields(const FlatFile& file, const ordered_json& facts, geo::Airspace& airspace) {
  try {
    auto wind = map_wind(file, facts.at("wind"), airspace.wind);
    if (!wind) return Unexpected(wind.error());
    auto risk = map_risk(file, facts.at("ground_risk"));
    if (!risk) return Unexpected(risk.error());
    airspace.wind_field = std::move(*wind);
    airspace.ground_risk = std::move(*risk);
    return {};
  } catch (const std::invalid_argument& error) {
    return fail(ErrorCode::airspace_damaged, fmt::format("holds {}; build the airspace again", error.what()),
                file.where());
  }
}

}  // namespace swiftlet::maps
