#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "geo/error.hpp"
#include "maps/referee/pixel_prisms.hpp"
#include "maps/referee/terrain.hpp"
#include "maps/referee/zone.hpp"
#include "maps/referee/zone_reading.hpp"
#include "maps/region_manifest.hpp"

namespace swiftlet::maps::referee {

/// All that the referee knows of a region, read from its sources and by nobody else's code.
struct Sources {
  std::string hash;
  LonLat centre;  ///< of the local frame
  std::unique_ptr<const Terrain> terrain;
  std::unique_ptr<const PrismIndex> prisms;
  std::vector<PixelPrisms> rasters;
  std::vector<Zone> zones;
  DegreeBox around;                               ///< zones wholly outside it are left out
  std::optional<double> ellipsoid_minus_datum_m;  ///< as the region states it

  /// All prisms whose bounds come within margin of the box; those of rasters are made on loan.
  void near(const GeosContext& context, const Box& box, double margin_m, PrismLoan& loan,
            std::vector<const IndexedPart*>& out) const;
};

/// Errors: those of reading the sources.
[[nodiscard]] Expected<Sources> read_sources(const RegionManifest& manifest);

}  // namespace swiftlet::maps::referee
