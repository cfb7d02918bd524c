#include "sim/fleet/track_recorder.hpp"

#include <fmt/core.h>

#include <map>
#include <nlohmann/json.hpp>

namespace swiftlet::sim {
namespace {

/// Samples further apart than this are two flights.
constexpr std::int32_t kSameFlight_s = 60;

}  // namespace

void record_tracks(const OnboardFleet& fleet, std::int64_t second, std::vector<TrackSample>& tracks) {
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    if (!fleet.flying(i)) continue;
    tracks.push_back(
        {.drone = static_cast<std::uint32_t>(i), .second = static_cast<std::int32_t>(second), .at = fleet.position(i)});
  }
}

std::string tracks_ndjson(const std::vector<TrackSample>& tracks, const std::vector<std::string>& drones) {
  std::string out;
  for (const TrackSample& s : tracks) {
    out += fmt::format("{{\"t_s\":{},\"drone\":\"{}\",\"lon\":{:.8f},\"lat\":{:.8f},\"alt_msl_m\":{:.2f}}}\n", s.second,
                       drones.at(s.drone), s.at.lon_deg, s.at.lat_deg, s.at.alt_msl_m);
  }
  return out;
}

Expected<std::string> tracks_czml(const std::vector<TrackSample>& tracks, const std::vector<std::string>& drones,
                                  const geo::Airspace& airspace, UtcTime begin, double duration_s) {
  using nlohmann::ordered_json;
  if (!airspace.ellipsoid_minus_datum_m) {
    return fail(ErrorCode::value_invalid, "CZML has heights above the ellipsoid; the region does not state it",
                "ellipsoid_minus_datum_m");
  }
  const auto interval = [&](std::int32_t from, std::int32_t to) {
    return format_rfc3339(begin + std::chrono::seconds(from)) + "/" + format_rfc3339(begin + std::chrono::seconds(to));
  };
  ordered_json document = ordered_json::array();
  document.push_back({{"id", "document"},
                      {"version", "1.0"},
                      {"clock",
                       {{"interval", interval(0, static_cast<std::int32_t>(duration_s))},
                        {"currentTime", format_rfc3339(begin)},
                        {"multiplier", 10}}}});
  struct Flight {
    std::int32_t from = 0;
    std::int32_t to = 0;
    ordered_json positions = ordered_json::array();
  };
  std::map<std::uint32_t, std::vector<Flight>> flights;
  for (const TrackSample& s : tracks) {
    auto& own = flights[s.drone];
    if (own.empty() || s.second - own.back().to > kSameFlight_s) own.push_back({.from = s.second, .to = s.second});
    own.back().to = s.second;
    for (const double v : {static_cast<double>(s.second), s.at.lon_deg, s.at.lat_deg,
                           s.at.alt_msl_m + *airspace.ellipsoid_minus_datum_m}) {
      own.back().positions.push_back(v);
    }
  }
  for (const auto& [drone, own] : flights) {
    for (std::size_t k = 0; k < own.size(); ++k) {
      document.push_back({{"id", fmt::format("{}/{}", drones.at(drone), k + 1)},
                          {"name", drones.at(drone)},
                          {"availability", interval(own[k].from, own[k].to)},
                          {"position", {{"epoch", format_rfc3339(begin)}, {"cartographicDegrees", own[k].positions}}},
                          {"point", {{"pixelSize", 6}, {"color", {{"rgba", {107, 47, 179, 255}}}}}},
                          {"path", {{"width", 1}, {"trailTime", 60}, {"leadTime", 0}}}});
    }
  }
  return document.dump() + "\n";
}

}  // namespace swiftlet::sim
