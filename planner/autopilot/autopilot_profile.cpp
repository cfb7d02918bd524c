#include "planner/autopilot/autopilot_profile.hpp"

#include <limits>
#include <string>
#include <vector>

#include "planner/autopilot/ardupilot_flight.hpp"
#include "planner/autopilot/px4_flight.hpp"

namespace swiftlet::planner::autopilot {
namespace {

/// The numbers of a table of which every key is known.
void take_numbers(const ConfigTable& table, const std::vector<std::string>& names, ParameterValues& values) {
  for (const std::string& name : names) {
    if (table.has(name)) values[name] = table.number(name, 0.0);
  }
}

std::filesystem::path beside(const std::filesystem::path& folder, const std::string& file) {
  return std::filesystem::path(file).is_absolute() ? std::filesystem::path(file) : folder / file;
}

}  // namespace

Expected<std::optional<AutopilotProfile>> read_autopilot(const ConfigTable& root, const std::filesystem::path& folder) {
  if (!root.has("autopilot")) return std::nullopt;
  const ConfigTable table = root.table("autopilot");
  AutopilotProfile out;
  const std::string kind = table.required_text("kind");
  if (kind == "px4") {
    out.kind = Kind::px4;
  } else if (kind != "ardupilot-copter") {
    table.reject(ErrorCode::value_invalid, "kind", "kind must be \"ardupilot-copter\" or \"px4\"");
  }
  ParameterValues values;
  if (const std::string file = table.text("parameter_file"); !file.empty()) {
    auto read = read_parameter_file(beside(folder, file));
    if (!read) return Unexpected(read.error());
    values = std::move(*read);
  }
  const bool px4 = out.kind == Kind::px4;
  take_numbers(table.table("parameters"), px4 ? px4_parameter_names() : ardupilot_parameter_names(), values);
  if (const auto p = ardupilot_parameters(px4 ? ParameterValues{} : values)) {
    out.ardupilot = *p;
  } else {
    return Unexpected(p.error());
  }
  if (const auto p = px4_parameters(px4 ? values : ParameterValues{})) {
    out.px4 = *p;
  } else {
    return Unexpected(p.error());
  }
  if (const std::string file = table.text("frame_file"); !file.empty()) {
    const auto frame = read_frame_file(beside(folder, file));
    if (!frame) return Unexpected(frame.error());
    out.frame = *frame;
  }
  const ConfigTable frame = table.table("frame");
  for (const FrameKey& key : frame_keys()) {
    out.frame.*key.member = frame.number(key.name, out.frame.*key.member, key.least, key.most);
  }
  return out;
}

Expected<FlightPrediction> predict_flight(const mission::Mission& mission, const AutopilotProfile& autopilot,
                                          const geo::Wind& wind) {
  return autopilot.kind == Kind::px4 ? fly_px4(mission, autopilot.px4, autopilot.frame, wind)
                                     : fly_ardupilot(mission, autopilot.ardupilot, autopilot.frame, wind);
}

}  // namespace swiftlet::planner::autopilot
