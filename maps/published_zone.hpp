#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "geo/geo_point.hpp"
#include "geo/geozone.hpp"

namespace swiftlet::maps {

/// A text in one language (RFC 5646 tag; "" where the source names none).
struct LocalisedText {
  std::string lang;
  std::string text;
  friend bool operator==(const LocalisedText&, const LocalisedText&) = default;
};
using Texts = std::vector<LocalisedText>;

/// Whom to ask about a zone, and for what.
struct ZoneAuthority {
  Texts name;
  Texts service;
  Texts contact_name;
  std::string site_url;
  std::string email;
  std::string phone;
  std::string purpose = "INFORMATION";  ///< AUTHORIZATION, NOTIFICATION or INFORMATION
  std::string interval_before;          ///< ISO 8601 duration
  friend bool operator==(const ZoneAuthority&, const ZoneAuthority&) = default;
};

/// What a limit counts from. WGS84: the ellipsoid.
enum class LimitReference { agl, amsl, wgs84 };

struct PublishedLimit {
  double value = 0.0;  ///< in the volume's unit
  LimitReference reference = LimitReference::agl;
  friend bool operator==(const PublishedLimit&, const PublishedLimit&) = default;
};

/// All positions within radius_m of the centre along the geodesic.
struct ZoneCircle {
  LonLat centre;
  double radius_m = 0.0;
  friend bool operator==(const ZoneCircle&, const ZoneCircle&) = default;
};

/// A simple polygon, edges straight in lon/lat; the outer ring first, then holes. The first position of a ring is not
/// repeated at its end.
struct ZonePolygon {
  std::vector<std::vector<LonLat>> rings;
  friend bool operator==(const ZonePolygon&, const ZonePolygon&) = default;
};

struct ZoneVolume {
  bool in_feet = false;                 ///< the unit of both limits; metres otherwise
  std::optional<PublishedLimit> lower;  ///< absent: from the ground
  std::optional<PublishedLimit> upper;  ///< absent: unlimited
  std::variant<ZoneCircle, std::vector<ZonePolygon>> shape;
  friend bool operator==(const ZoneVolume&, const ZoneVolume&) = default;
};

/// A zone as its authority publishes it (ED-269, ED-318 or GeoJSON), checked: what both formats can say. Nothing of it
/// depends on a region.
struct PublishedZone {
  std::string id;
  std::string country;  ///< ISO 3166-1 alpha-3; "" where the source has none
  std::string variant = "COMMON";
  Texts name;
  geo::Restriction restriction = geo::Restriction::prohibited;
  bool u_space = false;  ///< ED-318's type USPACE, which binds like CONDITIONAL
  std::string restriction_conditions;
  std::optional<int> region;
  std::vector<std::string> reasons;
  Texts other_reason;
  std::string regulation_exemption;
  Texts message;
  std::vector<ZoneAuthority> authorities;
  std::vector<geo::Applicability> applicability;  ///< empty: permanent
  std::vector<ZoneVolume> volumes;

  friend bool operator==(const PublishedZone&, const PublishedZone&) = default;
};

}  // namespace swiftlet::maps
