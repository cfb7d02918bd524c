// What the public samples of ED-269 and ED-318 say, stated one by one.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>

#include "maps/geozone_reader.hpp"
#include "tests/maps/written_region.hpp"

using namespace swiftlet;
using maps::LimitReference;
using maps::PublishedZone;
using maps::ZoneVolume;
using namespace std::chrono_literals;

namespace {

const std::filesystem::path kSamples = std::filesystem::path(SWIFTLET_SOURCE_DIR) / "../shared/data/geozones";

std::vector<PublishedZone> sample(const char* file) {
  const auto zones = maps::read_zone_file(kSamples / file);
  BOOST_REQUIRE_MESSAGE(zones, test::why_not(zones));
  return *zones;
}

UtcTime at(const char* text) { return parse_rfc3339(text).value(); }

bool active(const PublishedZone& zone, const char* text) {
  return geo::applies_within(zone.applicability, at(text), at(text));
}

/// "0 AGL to 120 AGL m", "50 AGL up ft".
std::string limits(const ZoneVolume& volume) {
  const auto one = [](const std::optional<maps::PublishedLimit>& limit, const char* none) {
    if (!limit) return std::string(none);
    const char* reference = limit->reference == LimitReference::agl    ? " AGL"
                            : limit->reference == LimitReference::amsl ? " AMSL"
                                                                       : " WGS84";
    return std::to_string(std::lround(limit->value)) + reference;
  };
  return one(volume.lower, "ground") + " to " + one(volume.upper, "unlimited") + (volume.in_feet ? " ft" : " m");
}

/// "circle 3000 m at 6.913146 46.430758" or "polygon of 4 corners".
std::string shape(const ZoneVolume& volume) {
  if (const auto* circle = std::get_if<maps::ZoneCircle>(&volume.shape)) {
    char text[100];
    std::snprintf(text, sizeof text, "circle %g m at %.6f %.6f", circle->radius_m, circle->centre.lon_deg,
                  circle->centre.lat_deg);
    return text;
  }
  const auto& polygons = std::get<std::vector<maps::ZonePolygon>>(volume.shape);
  BOOST_REQUIRE_EQUAL(polygons.size(), 1u);
  BOOST_REQUIRE_EQUAL(polygons[0].rings.size(), 1u);
  return "polygon of " + std::to_string(polygons[0].rings[0].size()) + " corners";
}

std::string said(const PublishedZone& zone) {
  std::string text = zone.id + " " + std::string(geo::ed269_name(zone.restriction));
  for (const ZoneVolume& volume : zone.volumes) text += "; " + shape(volume) + ", " + limits(volume);
  return text;
}

struct Skip {
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
    boost::test_tools::assertion_result there(std::filesystem::is_directory(kSamples));
    there.message() << "SKIPPED: " << kSamples.string() << " is not there";
    return there;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(zone_samples, *boost::unit_test::precondition(Skip()))

BOOST_AUTO_TEST_CASE(swiss_ed269_with_uas_zone_list) {
  const auto zones = sample("cis_source_sample_ed269.json");
  BOOST_REQUIRE_EQUAL(zones.size(), 1u);
  BOOST_TEST(said(zones[0]) == "LSXX REQ_AUTHORISATION; polygon of 4 corners, 0 AGL to unlimited m");
  BOOST_TEST(zones[0].applicability.empty());
  BOOST_TEST(zones[0].name.at(0).text == "LSXX City Sample");
  BOOST_TEST(zones[0].restriction_conditions == "RST02");
  BOOST_TEST(zones[0].authorities.at(0).phone == "0041221234567");
}

BOOST_AUTO_TEST_CASE(swiss_ed269_with_features) {
  const auto zones = sample("geo-awareness-che-1.json");
  BOOST_REQUIRE_EQUAL(zones.size(), 6u);
  BOOST_TEST(said(zones[0]) ==
             "Montreux Concert Area PROHIBITED; circle 3000 m at 6.913146 46.430758, 0 AGL to 6259 AMSL m");
  BOOST_TEST(said(zones[1]) ==
             "Flugplatz Reichenbach PROHIBITED; circle 1000 m at 7.678070 46.612893, 0 AGL to 120 AGL m; "
             "circle 2500 m at 7.678070 46.612893, 50 AGL to 120 AGL m; "
             "circle 3500 m at 7.678070 46.612893, 100 AGL to 120 AGL m");
  BOOST_TEST(said(zones[2]) ==
             "Lausanne Airport PROHIBITED; polygon of 4 corners, 0 AGL to 120 AGL m; "
             "polygon of 4 corners, 30 AGL to 120 AGL m; polygon of 4 corners, 60 AGL to 120 AGL m");
  BOOST_TEST(said(zones[3]) ==
             "MONTREUX Wildlife Preserve REQ_AUTHORISATION; polygon of 6 corners, 0 AGL to 120 AGL m");
  BOOST_TEST(said(zones[4]) == "Gantrisch Nature Park NO_RESTRICTION; polygon of 5 corners, 0 AGL to 250 AGL ft");
  BOOST_TEST(said(zones[5]) == "Gantrisch Nature Park REQ_AUTHORISATION; polygon of 5 corners, 0 AGL to 250 AGL ft");
}

BOOST_AUTO_TEST_CASE(times_of_the_swiss_ed269_sample) {
  const auto zones = sample("geo-awareness-che-1.json");
  // Saturdays and Sundays from 17:00 to 23:59:59 UTC, from 2022-06-15 09:00 to 2023-06-15 09:00.
  const PublishedZone& concert = zones[0];
  BOOST_REQUIRE_EQUAL(concert.applicability.size(), 1u);
  BOOST_TEST(active(concert, "2022-06-18T17:00:00Z"));  // a Saturday
  BOOST_TEST(active(concert, "2022-06-19T23:59:59Z"));  // a Sunday
  BOOST_TEST(!active(concert, "2022-06-19T23:59:59.001Z"));
  BOOST_TEST(!active(concert, "2022-06-18T16:59:59.999Z"));
  BOOST_TEST(!active(concert, "2022-06-17T18:00:00Z"));  // a Friday
  BOOST_TEST(!active(concert, "2022-06-12T18:00:00Z"));  // a Sunday before it begins
  BOOST_TEST(!active(concert, "2023-06-17T18:00:00Z"));  // a Saturday after it has ended
  // No schedule: all day between the dates.
  const PublishedZone& airfield = zones[1];
  BOOST_TEST(active(airfield, "2022-06-15T09:00:00Z"));
  BOOST_TEST(active(airfield, "2023-06-15T09:00:00Z"));
  BOOST_TEST(!active(airfield, "2022-06-15T08:59:59.999Z"));
  BOOST_TEST(!active(airfield, "2023-06-15T09:00:00.001Z"));
  for (std::size_t k = 2; k < zones.size(); ++k) BOOST_TEST(zones[k].applicability.empty());
}

BOOST_AUTO_TEST_CASE(swiss_ed318) {
  const auto zones = sample("cis_source_sample_ed318.json");
  BOOST_REQUIRE_EQUAL(zones.size(), 3u);
  BOOST_TEST(said(zones[0]) == "LSZB003 REQ_AUTHORISATION; polygon of 27 corners, 60 AGL to unlimited m");
  BOOST_TEST(said(zones[1]) == "BLns058 REQ_AUTHORISATION; polygon of 17 corners, 0 AGL to unlimited m");
  BOOST_TEST(said(zones[2]) == "LSTB002 REQ_AUTHORISATION; polygon of 8 corners, 0 AGL to unlimited m");
  for (const auto& zone : zones) BOOST_TEST(zone.applicability.empty());
  BOOST_TEST(zones[2].name.size() == 4u);
  BOOST_TEST(zones[0].authorities.at(0).interval_before == "P10DT00H");
}

BOOST_AUTO_TEST_CASE(ed318_layers) {
  for (const char* file : {"ed318_Example_GeoZone_2_Layers.json", "ed318_Example_Collection.json"}) {
    const auto zones = sample(file);
    BOOST_TEST(said(zones.at(0)) ==
               "NFZ6547 REQ_AUTHORISATION; polygon of 4 corners, 50 AGL to 150 AGL m; "
               "polygon of 3 corners, 0 AGL to 50 AGL m");
    // Every day 16:00 to 17:00 and Sundays 10:00 to 12:00, from 2018-12-31 15:59:59 to 2019-12-31 15:59:59.
    BOOST_TEST(active(zones[0], "2019-03-06T16:30:00Z"));  // a Wednesday
    BOOST_TEST(!active(zones[0], "2019-03-06T11:00:00Z"));
    BOOST_TEST(active(zones[0], "2019-03-10T11:00:00Z"));  // a Sunday
    BOOST_TEST(!active(zones[0], "2019-03-10T12:00:00.001Z"));
    BOOST_TEST(active(zones[0], "2018-12-31T16:00:00Z"));
    BOOST_TEST(!active(zones[0], "2018-12-30T16:30:00Z"));
    BOOST_TEST(!active(zones[0], "2019-12-31T16:00:00Z"));
  }
}

BOOST_AUTO_TEST_CASE(ed318_circles) {
  const auto collection = sample("ed318_Example_Collection.json");
  const auto single = sample("ed318_Example_GeoZone_Circle.json");
  BOOST_REQUIRE_EQUAL(collection.size(), 2u);
  BOOST_REQUIRE_EQUAL(single.size(), 1u);
  for (const auto& zone : {collection[1], single[0]}) {
    BOOST_TEST(said(zone) == "ABC1234 PROHIBITED; circle 3500 m at 2.636866 50.122901, 50 AGL to 150 AGL m");
    BOOST_TEST(zone.applicability.empty());
  }
}

BOOST_AUTO_TEST_CASE(the_invalid_one_is_refused_with_the_reason) {
  const auto zones = maps::read_zone_file(kSamples / "ed318_InvalidExample_GeoZone_2_Layers.json");
  BOOST_REQUIRE(!zones);
  BOOST_TEST(name(zones.error().code) == "time_invalid");
  BOOST_TEST(zones.error().where.ends_with("ed318_InvalidExample_GeoZone_2_Layers.json, metadata"));
  BOOST_TEST(zones.error().message ==
             "validFrom = {\"purposely_invalid\":\"This object is not a datetime\"} must be an RFC 3339 time such as "
             "2026-11-21T10:00:00Z");
}

BOOST_AUTO_TEST_SUITE_END()
