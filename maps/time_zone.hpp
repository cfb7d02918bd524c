#pragma once

#include <memory>
#include <string>

#include "geo/error.hpp"
#include "geo/local_clock.hpp"

namespace swiftlet::maps {

/// The clock of a time zone: an IANA name ("Europe/Paris"), "Z" or an offset from UTC ("+08:00"). Nothing for UTC,
/// which needs no table. The table reaches from 1970 to 2037. Errors: value_invalid (the machine's time zone database
/// knows no such name).
[[nodiscard]] Expected<std::shared_ptr<const geo::LocalClock>> clock_of_zone(const std::string& name);

}  // namespace swiftlet::maps
