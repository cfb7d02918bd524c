#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/referee.hpp"

namespace swiftlet::tools {

/// By what a route was judged.
struct Grounds {
  geo::Policy policy;                   ///< the route's own, as a rule
  geo::Policy region;                   ///< the region's
  std::vector<std::string> not_judged;  ///< claims for which nothing to judge them by was there
};

/// One line of `swiftlet verify` (schema swiftlet.verify/1) for a route that was judged. Names the fields of the policy
/// that ask for less than the region's do.
[[nodiscard]] std::string verdict_line(const std::string& id, const Grounds& grounds, const geo::RefereeReport& report);

/// The violations as the verdict lists them.
[[nodiscard]] nlohmann::ordered_json violations_json(const std::vector<geo::Violation>& violations);

/// … for a route that has no path, with the status that it gives instead.
[[nodiscard]] std::string skipped_line(const std::string& id, const std::string& status);

/// … for one that could not be read.
[[nodiscard]] std::string unreadable_line(const Error& error);

}  // namespace swiftlet::tools
