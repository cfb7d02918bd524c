#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "geo/geozone.hpp"
#include "geo/ground_risk.hpp"
#include "geo/live_zones.hpp"
#include "geo/local_frame.hpp"
#include "geo/obstacles.hpp"
#include "geo/pad.hpp"
#include "geo/policy.hpp"
#include "geo/terrain.hpp"
#include "geo/terrain_bounds.hpp"
#include "geo/wind_field.hpp"

namespace swiftlet::geo {

class ViewLayers;

/// The result of compiling a region: immutable, shared by const pointer, safe to read from any number of threads.
/// Nothing in it depends on a policy; views for a policy are derived from it (AirspaceView).
struct Airspace {
  std::string name;
  std::string hash;  ///< "sha256:…" over the sources and live zones; every route, certificate and order carries it
  std::string vertical_datum;
  std::optional<double> ellipsoid_minus_datum_m;
  LocalFrame frame{LonLat{}};
  TerrainModel terrain;  ///< exact, for heights at a point
  TerrainBounds bounds;  ///< conservative, for proofs along segments; its grid is the flyable extent
  Obstacles obstacles;   ///< shared by the versions of an airspace
  std::vector<Geozone> zones;
  std::vector<Pad> pads;
  Policy policy;         ///< the region's defaults
  Wind wind;             ///< the region's default: of a forecast what blows at the frame's centre at its first instant
  WindField wind_field;  ///< the region's wind at every place, height and time
  GroundRisk ground_risk;  ///< people on the ground
  /// The layers of the region's own policy, where the compiled form holds them: views of that policy use them instead
  /// of deriving their own.
  std::shared_ptr<const ViewLayers> own_layers = nullptr;
  std::shared_ptr<const LiveZones> live = nullptr;  ///< null where nothing has changed since it was compiled

  [[nodiscard]] const Pad* find_pad(std::string_view id) const;

  /// Another wind with the region's profile: what a request's own wind means. Errors: value_invalid where by that
  /// profile nothing blows at the wind's height.
  [[nodiscard]] Expected<WindField> wind_field_of(const Wind& other) const;
  /// Where the wind blows to at a place of the local frame; nothing where the ground is not known.
  [[nodiscard]] std::optional<Enu2> wind_at_m_s(const Enu3& p_enu, UtcTime t) const;
};

}  // namespace swiftlet::geo
