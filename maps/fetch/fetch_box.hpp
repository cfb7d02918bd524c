#pragma once

#include <string_view>

#include "geo/error.hpp"

namespace swiftlet::maps {

/// A box in degrees, longitude first.
struct FetchBox {
  double west_deg = 0.0;
  double south_deg = 0.0;
  double east_deg = 0.0;
  double north_deg = 0.0;

  [[nodiscard]] FetchBox grown(double by_deg) const {
    return {west_deg - by_deg, south_deg - by_deg, east_deg + by_deg, north_deg + by_deg};
  }
};

/// Reads "W,S,E,N". Errors: usage, for what is no box, lies beyond 80 degrees of latitude, crosses the 180th meridian,
/// or is larger than 70 × 70 km or smaller than 100 × 100 m, with what would be right.
[[nodiscard]] Expected<FetchBox> parse_fetch_box(std::string_view text);

}  // namespace swiftlet::maps
