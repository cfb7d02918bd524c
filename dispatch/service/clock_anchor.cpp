#include "dispatch/service/clock_anchor.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

namespace swiftlet::dispatch {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr auto kAway = std::chrono::minutes(5);

std::optional<UtcTime> time_at(const json& object, const char* field) {
  const auto found = object.find(field);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  const auto time = parse_rfc3339(found->get<std::string>());
  return time ? std::optional(*time) : std::nullopt;
}

}  // namespace

std::optional<ClockAnchor> read_clock_anchor(const fs::path& file) {
  std::ifstream in(file);
  const json object = json::parse(in, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  const auto wall = time_at(object, "wall");
  const auto service = time_at(object, "service");
  const auto speed = object.find("speed");
  if (!wall || !service || speed == object.end() || !speed->is_number()) return std::nullopt;
  return ClockAnchor{.wall = *wall, .service = *service, .speed = speed->get<double>()};
}

bool write_clock_anchor(const fs::path& file, const ClockAnchor& anchor) {
  const fs::path unfinished = file.string() + ".new";
  std::ofstream out(unfinished, std::ios::trunc);
  out << json{{"wall", format_rfc3339(anchor.wall)},
              {"service", format_rfc3339(anchor.service)},
              {"speed", anchor.speed}}
             .dump()
      << "\n";
  out.close();
  std::error_code error;
  if (out) fs::rename(unfinished, file, error);
  return out && !error;
}

UtcTime service_time_at_start(UtcTime wall, UtcTime last_record, double speed,
                              const std::optional<ClockAnchor>& anchor) {
  if (speed == 1.0 || last_record == UtcTime{}) return std::max(wall, last_record);
  const bool goes_on = anchor && anchor->speed == speed && wall >= anchor->wall && wall - anchor->wall <= kAway;
  if (!goes_on) return last_record;
  return std::max(last_record, after(anchor->service, speed * seconds_between(anchor->wall, wall)));
}

}  // namespace swiftlet::dispatch
