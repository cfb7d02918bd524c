#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geo/polygon.hpp"
#include "geo/zone_times.hpp"

namespace swiftlet::geo {

enum class Restriction { prohibited, requires_authorisation, conditional, no_restriction };

[[nodiscard]] std::string_view ed269_name(
    Restriction r);  ///< PROHIBITED, REQ_AUTHORISATION, CONDITIONAL, NO_RESTRICTION

enum class VerticalReference { agl, amsl };

/// One vertical limit of a zone. AGL follows the terrain under each point; AMSL is in the region's datum.
struct ZoneLimit {
  double value_m = 0.0;
  VerticalReference reference = VerticalReference::agl;

  friend bool operator==(const ZoneLimit&, const ZoneLimit&) = default;
};

/// One volume of a published zone: footprint in the local frame, limits, times. Volumes of one zone share its id.
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
  [[nodiscard]] bool active_within(UtcTime from, UtcTime to) const { return applies_within(applicability, from, to); }
  /// Whether the zone is active at every instant of [from, to]. May answer false where periods join seamlessly.
  [[nodiscard]] bool active_throughout(UtcTime from, UtcTime to) const {
    return applies_throughout(applicability, from, to);
  }
  /// Whether a flight that holds these authorisations (zone ids) may not enter.
  [[nodiscard]] bool blocks(const std::vector<std::string>& authorisations) const;
};

}  // namespace swiftlet::geo
