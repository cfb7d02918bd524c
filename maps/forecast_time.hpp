#pragma once

#include <string>
#include <vector>

#include "geo/error.hpp"
#include "geo/utc_time.hpp"

// Private to maps: the time axis of a forecast.
namespace swiftlet::maps {

/// Reads numbers counted as the CF conventions say: "hours since 2017-05-21T00:00:00Z" (seconds to days; a date, with a
/// time and an offset or without; UTC where there is none), in the calendar that everybody uses (empty, standard,
/// gregorian, proleptic_gregorian). Errors, without `where`: time_invalid (what cannot be read, another calendar, no
/// number, not ascending).
[[nodiscard]] Expected<std::vector<UtcTime>> read_forecast_times(const std::vector<double>& counts,
                                                                 const std::string& unit, const std::string& calendar);

}  // namespace swiftlet::maps
