#pragma once

#include "planner/mission/mission.hpp"

// Private to the readers of mission files.
namespace swiftlet::planner::mission {

/// One item as numbers, before anything was checked.
struct RawItem {
  int seq = 0;
  double command = 0.0;
  double frame = 0.0;
  std::array<double, 4> parameters{};
  double lat_deg = 0.0;
  double lon_deg = 0.0;
  double alt_m = 0.0;
  bool autocontinue = true;
};

/// Errors: value_invalid, unsupported_format (a frame over terrain or one that is not known).
[[nodiscard]] Expected<Item> checked_item(const RawItem& raw, const std::string& where);

[[nodiscard]] Expected<Mission> parse_waypoints_text(std::string_view text, const std::string& source);
[[nodiscard]] Expected<Mission> parse_plan_json(std::string_view text, const std::string& source);

}  // namespace swiftlet::planner::mission
