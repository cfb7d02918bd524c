#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "geo/polygon.hpp"
#include "geo/utc_time.hpp"

namespace swiftlet::geo {

enum class Restriction { prohibited, requires_authorisation, conditional, no_restriction };

[[nodiscard]] std::string_view ed269_name(
    Restriction r);  ///< PROHIBITED, REQ_AUTHORISATION, CONDITIONAL, NO_RESTRICTION

enum class VerticalReference { agl, amsl };

/// One vertical limit of a zone. AGL follows the terrain under each point; AMSL is in the region's datum.
struct ZoneLimit {
  double value_m = 0.0;
  VerticalReference reference = VerticalReference::agl;
};

/// A weekly window of activity. Days: bit 0 is Monday … bit 6 Sunday. start < end, both counted from 00:00 UTC of
/// the named day; with a time zone of its own a period may begin before that midnight or end after the next.
struct DailyPeriod {
  unsigned days = 0b1111111;
  std::chrono::milliseconds start{0};
  std::chrono::milliseconds end{std::chrono::days(1)};
};

/// When a zone applies: inside [start, end] (open where absent) and, if any are given, inside one of the periods.
struct Applicability {
  std::optional<UtcTime> start;
  std::optional<UtcTime> end;
  std::vector<DailyPeriod> periods;
};

/// An ED-269 volume: footprint in the local frame, limits, times.
struct Geozone {
  std::string id;
  std::string name;
  Restriction restriction = Restriction::prohibited;
  MultiPolygon footprint;
  Box2 box;
  std::optional<ZoneLimit> lower;            ///< absent: from the ground
  std::optional<ZoneLimit> upper;            ///< absent: unlimited
  std::vector<Applicability> applicability;  ///< empty: permanent

  /// Whether the zone is active at any instant of the closed interval [from, to].
  [[nodiscard]] bool active_within(UtcTime from, UtcTime to) const;
  /// Whether the zone is active at every instant of [from, to]. May answer false where periods join seamlessly.
  [[nodiscard]] bool active_throughout(UtcTime from, UtcTime to) const;
  /// Whether a flight that holds these authorisations (zone ids) may not enter.
  [[nodiscard]] bool blocks(const std::vector<std::string>& authorisations) const;
};

}  // namespace swiftlet::geo
