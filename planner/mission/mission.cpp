#include "planner/mission/mission.hpp"

#include <fmt/core.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "planner/mission/mission_parsers.hpp"

namespace swiftlet::planner::mission {

Expected<Item> checked_item(const RawItem& raw, const std::string& where) {
  const auto wrong = [&](const std::string& message) { return fail(ErrorCode::value_invalid, message, where); };
  if (!(raw.command >= 0.0 && raw.command <= 65535.0) || raw.command != std::floor(raw.command)) {
    return wrong(fmt::format("command {} must be a whole number from 0 to 65535", raw.command));
  }
  if (!(std::abs(raw.lat_deg) <= 90.0) || !(std::abs(raw.lon_deg) <= 180.0)) {
    return wrong(fmt::format("lat {} and lon {} must be within 90 and 180 degrees", raw.lat_deg, raw.lon_deg));
  }
  if (!(std::abs(raw.alt_m) <= 20000.0)) return wrong(fmt::format("altitude {} must be within 20000 m", raw.alt_m));
  Item item{.seq = raw.seq,
            .command = static_cast<int>(raw.command),
            .frame = AltitudeFrame::home,
            .parameters = raw.parameters,
            .at = {raw.lon_deg, raw.lat_deg},
            .altitude_m = raw.alt_m,
            .autocontinue = raw.autocontinue};
  for (double& p : item.parameters) {
    if (std::isinf(p)) return wrong("a parameter is infinite");
    if (std::isnan(p)) p = 0.0;  // QGroundControl writes NaN for "as you like"; 0 says the same to the commands here
  }
  // MAV_FRAME: 0 and 5 are absolute, 3 and 6 relative to home, 2 is that of commands without a place.
  if (raw.frame == 0.0 || raw.frame == 5.0) {
    item.frame = AltitudeFrame::msl;
  } else if (raw.frame != 3.0 && raw.frame != 6.0 && raw.frame != 2.0) {
    return fail(ErrorCode::unsupported_format,
                fmt::format("frame {} must be 0 (above sea level), 3 (above home) or 2 (no place)", raw.frame), where);
  }
  return item;
}

Expected<Mission> parse_mission(std::string_view text, const std::string& source) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.starts_with("QGC WPL 110")) return parse_waypoints_text(text, source);
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{') return parse_plan_json(text, source);
  return fail(ErrorCode::unsupported_format, "must begin with \"QGC WPL 110\", or be a QGroundControl plan (JSON)",
              source);
}

Expected<Mission> read_mission_file(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return fail(ErrorCode::file_not_found, "cannot be opened", file);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  if (stream.bad()) return fail(ErrorCode::file_unreadable, "cannot be read to its end", file);
  return parse_mission(text, file);
}

}  // namespace swiftlet::planner::mission
