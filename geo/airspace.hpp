#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "geo/geozone.hpp"
#include "geo/live_zones.hpp"
#include "geo/local_frame.hpp"
#include "geo/obstacles.hpp"
#include "geo/pad.hpp"
#include "geo/policy.hpp"
#include "geo/terrain.hpp"
#include "geo/terrain_bounds.hpp"
#include "geo/wind.hpp"

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
  Policy policy;  ///< the region's defaults
  Wind wind;      ///< the region's default
  /// The layers of the region's own policy, where the compiled form holds them: views of that policy use them instead
  /// of deriving their own.
  std::shared_ptr<const ViewLayers> own_layers = nullptr;
  std::shared_ptr<const LiveZones> live = nullptr;  ///< null where nothing has changed since it was compiled

  [[nodiscard]] const Pad* find_pad(std::string_view id) const;
};

}  // namespace swiftlet::geo
