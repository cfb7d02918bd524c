#pragma once

#include <string>

#include "geo/error.hpp"
#include "geo/referee.hpp"

namespace swiftlet::tools {

/// One line of `swiftlet verify` (schema swiftlet.verify/1) for a route that was judged.
[[nodiscard]] std::string verdict_line(const std::string& id, const geo::Policy& judged_by,
                                       const geo::RefereeReport& report);

/// … for a route that has no path, with the status that it gives instead.
[[nodiscard]] std::string skipped_line(const std::string& id, const std::string& status);

/// … for one that could not be read.
[[nodiscard]] std::string unreadable_line(const Error& error);

}  // namespace swiftlet::tools
