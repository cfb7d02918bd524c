#pragma once

#include <string>
#include <vector>

#include "geo/airspace.hpp"
#include "geo/error.hpp"
#include "maps/region_manifest.hpp"
#include "maps/terrain_reader.hpp"

namespace swiftlet::maps {

/// A region compiled in memory, with what there is to tell of it.
struct CompiledRegion {
  geo::Airspace airspace;
  std::vector<TerrainRaster> terrain;  ///< what makes the ground, the last one winning
  std::vector<std::string> warnings;   ///< what was ignored or guessed, with counts
};

/// Reads every source of a region. Of the airspace's bounds there is only the frame yet, and no layers: enough for
/// store_airspace, which compiles those strip by strip. Errors: those of compile.
[[nodiscard]] Expected<CompiledRegion> read_region(const RegionManifest& manifest);

/// Reads every source of a region and compiles all of it in memory, the layers of its own policy included. Errors: the
/// first that any source gives; nothing is skipped in silence.
[[nodiscard]] Expected<CompiledRegion> compile(const RegionManifest& manifest);

/// What a region is found to be, without being compiled.
struct RegionFindings {
  std::vector<Error> problems;        ///< every source's first, and every pad's; empty: it compiles
  std::vector<std::string> warnings;  ///< as of CompiledRegion, so far as it was read
};

/// Reads everything and collects problems instead of stopping at the first.
[[nodiscard]] RegionFindings check(const RegionManifest& manifest);

}  // namespace swiftlet::maps
