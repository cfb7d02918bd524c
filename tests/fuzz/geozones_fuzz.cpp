// Zones from anybody: the compiler's reader and the referee's.
#include <ogr_spatialref.h>

#include <cmath>

#include "maps/geozone_reader.hpp"
#include "maps/referee/reprojection.hpp"
#include "maps/referee/zone_reading.hpp"
#include "tests/fuzz/input_file.hpp"

namespace maps = swiftlet::maps;
namespace geo = swiftlet::geo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const swiftlet::LonLat centre{.lon_deg = 4.85, .lat_deg = 45.76};
  static const geo::LocalFrame frame(centre);
  static const geo::Box2 extent = geo::Box2{{-2000, -2000}, {2000, 2000}};
  static const maps::referee::Crs local = maps::referee::local_frame(centre);
  static const maps::referee::GeosContext context;
  const auto file = swiftlet::fuzz::as_file(data, size);

  if (const auto reading =
          maps::read_geozones(file, {.frame = frame, .extent = extent, .ellipsoid_minus_datum_m = 50.5})) {
    for (const geo::Geozone& zone : reading->zones) {
      swiftlet::fuzz::require(!zone.id.empty(), "a zone without an identifier was accepted");
      swiftlet::fuzz::require(!zone.footprint.empty(), "a zone without a footprint was accepted");
      for (const geo::Polygon& polygon : zone.footprint) {
        for (const geo::Enu2& p : polygon.outer) swiftlet::fuzz::require(p.allFinite(), "a corner is not finite");
      }
      if (zone.lower) swiftlet::fuzz::require(std::isfinite(zone.lower->value_m), "a limit is not finite");
      if (zone.upper) swiftlet::fuzz::require(std::isfinite(zone.upper->value_m), "a limit is not finite");
    }
  }
  const maps::referee::DegreeBox around{.south_west = {.lon_deg = 4.7, .lat_deg = 45.6},
                                        .north_east = {.lon_deg = 5.0, .lat_deg = 45.9}};
  (void)maps::referee::read_zones(
      file, {.around = around, .local = *local, .context = context, .ellipsoid_minus_datum_m = 50.5});
  return 0;
}
