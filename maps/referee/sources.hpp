#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "maps/referee/dem.hpp"
#include "maps/referee/prism.hpp"
#include "maps/referee/zone.hpp"
#include "maps/referee/zone_reading.hpp"
#include "maps/region_manifest.hpp"

namespace swiftlet::maps::referee {

/// All that the referee knows of a region, read from its sources and by nobody else's code.
struct Sources {
  std::string hash;
  LonLat centre;  ///< of the local frame
  Dem dem;
  Crs dem_crs;
  double pixel_m;  ///< the shorter side of a pixel, roughly
  std::unique_ptr<const PrismIndex> prisms;
  std::vector<Zone> zones;
  DegreeBox around;                               ///< zones wholly outside it are left out
  std::optional<double> ellipsoid_minus_datum_m;  ///< as the region states it
};

/// Errors: those of reading the sources; unsupported_format for what this version does not judge (several terrains, a
/// surface model).
[[nodiscard]] Expected<Sources> read_sources(const RegionManifest& manifest);

}  // namespace swiftlet::maps::referee
