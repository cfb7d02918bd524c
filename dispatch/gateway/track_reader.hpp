#pragma once

#include <filesystem>
#include <string>

#include "geo/utc_time.hpp"

namespace swiftlet::dispatch {

/// The lines of the track log that were sent within [from, to], as a JSON array text. Days are found by their files'
/// names and the place within a day by bisection, so that a day of many gigabytes costs as little as an hour. Drones
/// that stand still are told of every 20 s. At most 8 MiB; "cut" says that more is there.
/// {"tracks":[…],"cut":false}. Errors: time_invalid (to before from, or more than an hour between them).
[[nodiscard]] Expected<std::string> read_tracks(const std::filesystem::path& dir, UtcTime from, UtcTime to);

}  // namespace swiftlet::dispatch
