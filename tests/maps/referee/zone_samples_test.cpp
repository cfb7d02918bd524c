// The referee reads every public sample by itself.
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "maps/referee/reprojection.hpp"
#include "maps/referee/zone_reading.hpp"
#include "tests/maps/written_region.hpp"

using namespace swiftlet;
namespace referee = maps::referee;

BOOST_AUTO_TEST_SUITE(referee_zone_samples)

BOOST_AUTO_TEST_CASE(volumes_of_every_sample) {
  const std::filesystem::path samples = std::filesystem::path(SWIFTLET_SOURCE_DIR) / "../shared/data/geozones";
  if (!std::filesystem::is_directory(samples)) {
    BOOST_TEST_MESSAGE("SKIPPED: " << samples.string() << " is not there");
    return;
  }
  const auto local = referee::local_frame({.lon_deg = 6.0, .lat_deg = 48.0});
  const referee::GeosContext context;
  const referee::ZoneSurroundings region{
      .around = {.south_west = {.lon_deg = 2.0, .lat_deg = 45.0}, .north_east = {.lon_deg = 11.0, .lat_deg = 51.0}},
      .local = *local,
      .context = context};
  for (const auto& [file, volumes] :
       {std::pair("cis_source_sample_ed269.json", 1), std::pair("geo-awareness-che-1.json", 10),
        std::pair("cis_source_sample_ed318.json", 3), std::pair("ed318_Example_Collection.json", 3),
        std::pair("ed318_Example_GeoZone_2_Layers.json", 2), std::pair("ed318_Example_GeoZone_Circle.json", 1)}) {
    const auto zones = referee::read_zones(samples / file, region);
    BOOST_REQUIRE_MESSAGE(zones, file << ": " << test::why_not(zones));
    BOOST_TEST(zones->size() == static_cast<std::size_t>(volumes), file);
  }
}

BOOST_AUTO_TEST_SUITE_END()
