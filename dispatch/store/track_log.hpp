#pragma once

#include <filesystem>
#include <fstream>
#include <span>
#include <string>

#include "dispatch/core/effects.hpp"

namespace swiftlet::dispatch {

/// Where drones were, once a second each: JSON lines in one append-only file a day (UTC), kept for 30 days. Not synced:
/// the last seconds before a crash may be missing, and a disk that is full costs tracks, not orders.
class TrackLog {
 public:
  explicit TrackLog(std::filesystem::path dir);

  /// False if some could not be written.
  bool append(std::span<const TrackPoint> points, UtcTime now);

 private:
  void open_day(const std::string& day, UtcTime now);

  std::filesystem::path dir_;
  std::string day_;
  std::ofstream file_;
};

}  // namespace swiftlet::dispatch
