#include "sim/fleet/scenario.hpp"

#include <fmt/core.h>

#include <fstream>
#include <iterator>

#include "dispatch/core/operator_command.hpp"
#include "geo/config_table.hpp"

namespace swiftlet::sim {
namespace {

constexpr double kMostHours = 48.0;
constexpr double kMostRate_per_h = 100'000.0;

int whole(const ConfigTable& table, const char* key, int fallback, int least, int most) {
  const double value = table.number(key, fallback, least, most);
  const int truncated = static_cast<int>(value);
  if (truncated != value) table.reject(ErrorCode::value_invalid, key, fmt::format("{} must be a whole number", value));
  return truncated;
}

double hour(const ConfigTable& table, const char* key) { return table.required_number(key, 0.0, kMostHours); }

void read_fleet(const ConfigTable& t, Scenario& s) {
  s.vehicle = t.text("vehicle", s.vehicle);
  s.drones = whole(t, "drones", s.drones, 1, 20'000);
  s.hubs = whole(t, "hubs", s.hubs, 0, 1000);
  s.slots_apart_m = t.number("slots_apart_m", s.slots_apart_m, 20.0, 500.0);
  s.swap_s = t.number("swap_s", s.swap_s, 0.0, 7200.0);
  s.ageing_most = t.number("ageing_most", s.ageing_most, 0.0, 0.5);
  s.temperature_deg_c = t.number("temperature_deg_c", s.temperature_deg_c, -40.0, 60.0);
}

void read_demand(const ConfigTable& t, const std::filesystem::path& folder, Scenario& s) {
  for (const ConfigTable& h : t.tables("hours")) {
    s.demand.push_back({.from_h = hour(h, "from_h"),
                        .to_h = hour(h, "to_h"),
                        .orders_per_h = h.required_number("orders_per_h", 0.0, kMostRate_per_h)});
    if (s.demand.back().to_h <= s.demand.back().from_h)
      h.reject(ErrorCode::value_invalid, "to_h", "must be after from_h");
  }
  for (const ConfigTable& u : t.tables("surge")) {
    s.surges.push_back(
        {.from_h = hour(u, "from_h"), .to_h = hour(u, "to_h"), .factor = u.required_number("factor", 0.0, 1000.0)});
  }
  if (t.has("csv")) s.demand_csv = (folder.empty() ? s.file.parent_path() : folder) / t.required_text("csv");
  if (s.demand.empty() && s.demand_csv.empty()) {
    t.reject(ErrorCode::value_invalid, "hours", "there is no demand: give [[demand.hours]] or csv");
  }
  s.kitchens = whole(t, "kitchens", s.kitchens, 0, 10'000);
  s.kiosks = whole(t, "kiosks", s.kiosks, 0, 1000);
  s.kiosk_slots = whole(t, "kiosk_slots", s.kiosk_slots, 1, 100);
  s.reach_m = t.number("reach_m", s.reach_m, 0.0, 1e6);
  s.parcel_least_kg = t.number("parcel_least_kg", s.parcel_least_kg, 0.01, 1000.0);
  s.parcel_most_kg = t.number("parcel_most_kg", s.parcel_most_kg, s.parcel_least_kg, 1000.0);
  s.priority_share = t.number("priority_share", s.priority_share, 0.0, 1.0);
}

void read_people(const ConfigTable& kitchens, const ConfigTable& customers, Scenario& s) {
  s.preparation_s = kitchens.number("preparation_s", s.preparation_s, 0.0, 86'400.0);
  s.preparation_spread = kitchens.number("preparation_spread", s.preparation_spread, 0.0, 2.0);
  s.readiness_error_s = kitchens.number("readiness_error_s", s.readiness_error_s, 0.0, 3600.0);
  s.late_share = kitchens.number("late_share", s.late_share, 0.0, 1.0);
  s.late_s = kitchens.number("late_s", s.late_s, 0.0, 7200.0);
  s.kitchens_tell = kitchens.flag("tell", s.kitchens_tell);
  s.slow_share = customers.number("slow_share", s.slow_share, 0.0, 1.0);
  s.slow_s = customers.number("slow_s", s.slow_s, 0.0, 3600.0);
}

void read_weather(const ConfigTable& t, Scenario& s) {
  s.wind.speed_m_s = t.number("wind_m_s", s.wind.speed_m_s, 0.0, 60.0);
  s.wind.from_deg = t.number("from_deg", s.wind.from_deg, 0.0, 360.0);
  s.gust_strength = t.number("gust_strength", s.gust_strength, 0.0, 5.0);
  s.forecast_error_m_s = t.number("forecast_error_m_s", s.forecast_error_m_s, 0.0, 20.0);
  for (const ConfigTable& c : t.tables("change")) {
    s.weather.push_back({.at_h = hour(c, "at_h"),
                         .speed_m_s = c.required_number("wind_m_s", 0.0, 60.0),
                         .from_deg = c.required_number("from_deg", 0.0, 360.0)});
  }
}

void read_faults(const ConfigTable& t, Scenario& s) {
  using Kind = Scenario::ScriptedFault::Kind;
  s.link_loss_per_h = t.number("link_loss_per_h", 0.0, 0.0, 1000.0);
  s.link_loss_s = t.number("link_loss_s", s.link_loss_s, 0.0, 3600.0);
  s.battery_sag_per_h = t.number("battery_sag_per_h", 0.0, 0.0, 1000.0);
  s.motor_per_h = t.number("motor_per_h", 0.0, 0.0, 1000.0);
  s.lost_messages = t.number("lost_messages", 0.0, 0.0, 0.9);
  s.doubled_messages = t.number("doubled_messages", 0.0, 0.0, 0.9);
  const std::vector<std::pair<std::string, Kind>> kinds{{"service_crash", Kind::service_crash},
                                                        {"hub_lost", Kind::hub_lost},
                                                        {"link_loss", Kind::link_loss},
                                                        {"battery_sag", Kind::battery_sag},
                                                        {"motor_degraded", Kind::motor_degraded}};
  for (const ConfigTable& f : t.tables("script")) {
    Scenario::ScriptedFault fault;
    const std::string kind = f.required_text("kind");
    std::vector<std::string> known;
    bool found = false;
    for (const auto& [word, value] : kinds) {
      known.push_back(word);
      if (word != kind) continue;
      fault.kind = value;
      found = true;
    }
    if (!found) {
      const std::string near = nearest_word(kind, known);
      f.reject(
          ErrorCode::value_invalid, "kind",
          fmt::format("\"{}\" is no fault{}", kind, near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
    }
    fault.at_h = hour(f, "at_h");
    fault.lasts_s = f.number("lasts_s", 10.0, 0.0, 86'400.0);
    fault.share = f.number("share", 0.5, 0.0, 1.0);
    fault.drone = whole(f, "drone", 0, 0, s.drones);
    s.faults.push_back(fault);
  }
}

void read_operators(const ConfigTable& t, Scenario& s) {
  s.weather_hold_above_m_s = t.number("weather_hold_above_m_s", 0.0, 0.0, 60.0);
  for (const ConfigTable& act : t.tables("act")) {
    s.operators.push_back({.at_h = hour(act, "at_h"),
                           .verb = act.required_text("verb"),
                           .target = act.text("target"),
                           .lon_deg = act.number("lon", 0.0, -180.0, 180.0),
                           .lat_deg = act.number("lat", 0.0, -90.0, 90.0),
                           .radius_m = act.number("radius_m", 0.0, 0.0, 100'000.0)});
    const std::string& verb = s.operators.back().verb;
    if (!dispatch::operator_verb(verb)) {
      act.reject(ErrorCode::value_invalid, "verb", fmt::format("\"{}\" is nothing that an operator can do", verb));
    }
    if (verb == "insert_zone" && (s.operators.back().radius_m <= 0.0 || s.operators.back().target.empty())) {
      act.reject(ErrorCode::value_invalid, "radius_m", "a zone needs target (its id), lon, lat and a radius_m above 0");
    }
  }
}

}  // namespace

double Scenario::second_of(double hour_of_day) const {
  const auto midnight = std::chrono::floor<std::chrono::days>(begin);
  return hour_of_day * 3600.0 - seconds_between(midnight, begin);
}

Expected<Scenario> read_scenario(const std::filesystem::path& file, const std::filesystem::path& folder) {
  const auto root = ConfigTable::parse_file(file);
  if (!root) return Unexpected(root.error());
  Scenario s;
  s.file = file;
  std::ifstream in(file, std::ios::binary);
  s.text.assign(std::istreambuf_iterator<char>(in), {});
  const ConfigTable head = root->table("scenario");
  s.name = head.required_text("name");
  const std::string begin = head.text("begin", "2026-11-23T07:00:00Z");
  if (const auto at = parse_rfc3339(begin)) {
    s.begin = std::chrono::floor<std::chrono::seconds>(*at);
  } else {
    head.reject(ErrorCode::time_invalid, "begin", at.error().message);
  }
  s.hours = head.required_number("hours", 0.01, kMostHours);
  read_fleet(root->table("fleet"), s);
  read_demand(root->table("demand"), folder, s);
  read_people(root->table("kitchens"), root->table("customers"), s);
  read_weather(root->table("weather"), s);
  read_faults(root->table("faults"), s);
  read_operators(root->table("operator"), s);
  s.deconfliction = root->table("traffic").flag("deconfliction", s.deconfliction);
  if (auto done = root->finish(); !done) return Unexpected(done.error());
  return s;
}

}  // namespace swiftlet::sim
