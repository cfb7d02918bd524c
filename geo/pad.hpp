#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "geo/geo_point.hpp"

namespace swiftlet::geo {

enum class PadKind { hub, kiosk, point };

[[nodiscard]] inline std::string_view name(PadKind kind) {
  return kind == PadKind::hub ? "hub" : kind == PadKind::kiosk ? "kiosk" : "point";
}

/// A place to take off and land. Each slot holds one drone and has a position of its own:
/// alt_msl_m is its deck. slots[0] is the pad's own position.
struct Pad {
  std::string id;
  std::string name;
  PadKind kind = PadKind::point;
  std::vector<GeoPoint> slots;
};

}  // namespace swiftlet::geo
