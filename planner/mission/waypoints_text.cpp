#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "planner/mission/mission_parsers.hpp"

namespace swiftlet::planner::mission {
namespace {

constexpr std::size_t kColumns = 12;

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; (at = line.find_first_not_of(" \t\r", at)) != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
    out.push_back(line.substr(at, end - at));
    at = end;
  }
  return out;
}

/// The twelve numbers of a row; empty where one is none.
std::vector<double> numbers_of(const std::vector<std::string_view>& fields) {
  std::vector<double> out;
  for (const std::string_view field : fields) {
    double value = 0.0;
    const auto [end, ec] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (ec != std::errc() || end != field.data() + field.size()) return {};
    out.push_back(value);
  }
  return out;
}

}  // namespace

Expected<Mission> parse_waypoints_text(std::string_view text, const std::string& source) {
  Mission mission;
  int line_number = 0;
  int rows = 0;
  const auto where = [&] { return fmt::format("{}:{}", source, line_number); };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (++line_number == 1) continue;  // the head was read by parse_mission
    const auto fields = fields_of(line);
    if (fields.empty()) continue;
    const auto n = numbers_of(fields);
    if (n.size() != kColumns) {
      return fail(
          ErrorCode::value_invalid,
          "must be twelve numbers: index, current, frame, command, four parameters, lat, lon, alt, autocontinue",
          where());
    }
    if (n[0] != rows) {
      return fail(ErrorCode::value_invalid, fmt::format("index {} must be {}: items stand in their order", n[0], rows),
                  where());
    }
    auto item = checked_item({.seq = rows,
                              .command = n[3],
                              .frame = n[2],
                              .parameters = {n[4], n[5], n[6], n[7]},
                              .lat_deg = n[8],
                              .lon_deg = n[9],
                              .alt_m = n[10],
                              .autocontinue = n[11] != 0.0},
                             where());
    if (!item) return Unexpected(item.error());
    if (rows++ == 0) {
      mission.home = {n[9], n[8], n[10]};
    } else {
      mission.items.push_back(*item);
    }
  }
  if (mission.items.empty()) return fail(ErrorCode::value_invalid, "holds no item besides home", source);
  return mission;
}

std::string to_waypoints_text(const Mission& mission) {
  // Eight decimals: waypoints leave with the very digits that were certified.
  std::string out = "QGC WPL 110\n";
  out += fmt::format("0\t1\t0\t16\t0\t0\t0\t0\t{:.8f}\t{:.8f}\t{:.3f}\t1\n", mission.home.lat_deg, mission.home.lon_deg,
                     mission.home.alt_msl_m);
  for (const Item& item : mission.items) {
    out += fmt::format("{}\t0\t{}\t{}\t{:.8g}\t{:.8g}\t{:.8g}\t{:.8g}\t{:.8f}\t{:.8f}\t{:.3f}\t{}\n", item.seq,
                       item.frame == AltitudeFrame::home ? 3 : 0, item.command, item.parameters[0], item.parameters[1],
                       item.parameters[2], item.parameters[3], item.at.lat_deg, item.at.lon_deg, item.altitude_m,
                       item.autocontinue ? 1 : 0);
  }
  return out;
}

}  // namespace swiftlet::planner::mission
