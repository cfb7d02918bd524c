#include "dispatch/store/track_log.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

namespace swiftlet::dispatch {
namespace {

constexpr auto kKept = std::chrono::days(30);

std::string file_name(const std::string& day) { return "track-" + day + ".jsonl"; }

std::string day_of(UtcTime t) { return format_rfc3339(t).substr(0, 10); }

}  // namespace

TrackLog::TrackLog(std::filesystem::path dir) : dir_(std::move(dir)) {
  std::error_code ignored;
  std::filesystem::create_directories(dir_, ignored);
}

void TrackLog::open_day(const std::string& day, UtcTime now) {
  day_ = day;
  file_ = std::ofstream(dir_ / file_name(day), std::ios::app);
  const std::string oldest = file_name(day_of(now - kKept));
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(dir_, ignored)) {
    const std::string name = entry.path().filename().string();
    // Dates in file names sort like time.
    if (name.starts_with("track-") && name < oldest) std::filesystem::remove(entry.path(), ignored);
  }
}

bool TrackLog::append(std::span<const TrackPoint> points, UtcTime now) {
  if (points.empty()) return true;
  if (const std::string day = day_of(now); day != day_) open_day(day, now);
  for (const TrackPoint& point : points) {
    const Telemetry& t = point.telemetry;
    file_ << nlohmann::ordered_json{{"drone", point.drone},
                                    {"at", format_rfc3339(t.at)},
                                    {"lon", t.position.lon_deg},
                                    {"lat", t.position.lat_deg},
                                    {"alt_msl_m", t.position.alt_msl_m},
                                    {"v_e_m_s", t.v_e_m_s},
                                    {"v_n_m_s", t.v_n_m_s},
                                    {"v_u_m_s", t.v_u_m_s},
                                    {"battery_wh", t.battery_wh},
                                    {"phase", t.phase},
                                    {"mission_no", t.mission_no},
                                    {"payload_kg", t.payload_kg}}
                 .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
          << '\n';
  }
  file_.flush();
  const bool written = file_.good();
  if (!written) {
    file_.clear();
    day_.clear();  // try again with the next points
  }
  return written;
}

}  // namespace swiftlet::dispatch
