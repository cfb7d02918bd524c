#pragma once

#include <filesystem>
#include <optional>

#include "geo/utc_time.hpp"

namespace swiftlet::dispatch {

/// Where service time stood at an instant of the wall clock, written every few seconds: what lets a service that runs
/// faster than life go on, after a restart, where the world that it serves has gone meanwhile.
struct ClockAnchor {
  UtcTime wall;
  UtcTime service;
  double speed = 1.0;
};

/// The anchor that an earlier run left; nothing if none did, or if the file is not one.
[[nodiscard]] std::optional<ClockAnchor> read_clock_anchor(const std::filesystem::path& file);
/// Whole or not at all. False if it could not be written.
[[nodiscard]] bool write_clock_anchor(const std::filesystem::path& file, const ClockAnchor& anchor);

/// Service time at a start. At life's speed it is the wall clock's, never before the last record. At another speed it
/// goes on from the anchor if the service was away for at most 5 minutes; after a longer stop the world is taken to
/// have stopped as well, and it goes on from the last record.
[[nodiscard]] UtcTime service_time_at_start(UtcTime wall, UtcTime last_record, double speed,
                                            const std::optional<ClockAnchor>& anchor);

}  // namespace swiftlet::dispatch
