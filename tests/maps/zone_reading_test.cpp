#include <fmt/core.h>

#include <boost/test/unit_test.hpp>
#include <regex>

#include "maps/geozone_reader.hpp"
#include "tests/maps/written_region.hpp"

using namespace swiftlet;
namespace fs = std::filesystem;

namespace {

/// A zone of each format, every part of which a test may replace.
struct ZoneFile {
  test::TemporaryDirectory temporary;
  fs::path file = temporary.path() / "zones.json";

  std::string ed269_limits =
      R"("uomDimensions":"M","lowerLimit":0,"lowerVerticalReference":"AGL","upperLimit":120,"upperVerticalReference":"AGL")";
  std::string ring = "[[6.1,46.2],[6.2,46.2],[6.2,46.3],[6.1,46.2]]";
  std::string restriction = R"("PROHIBITED")";
  std::string applicability = R"([{"permanent":"YES"}])";

  [[nodiscard]] std::string ed269() const {
    return fmt::format(
        R"({{"features":[{{"identifier":"Z1","country":"CHE","restriction":{},"applicability":{},"geometry":[{{{},
           "horizontalProjection":{{"type":"Polygon","coordinates":[{}]}}}}]}}]}})",
        restriction, applicability, ed269_limits, ring);
  }
  std::string layer = R"({"upper":120,"upperReference":"AGL","lower":0,"lowerReference":"AGL","uom":"m"})";
  std::string geometry = R"("type":"Polygon","coordinates":[[[6.1,46.2],[6.2,46.2],[6.2,46.3],[6.1,46.2]]])";
  std::string limited = "[]";
  [[nodiscard]] std::string ed318() const {
    return fmt::format(
        R"({{"type":"FeatureCollection","features":[{{"type":"Feature","geometry":{{{},"layer":{}}},"properties":{{
           "identifier":"Z1","country":"CHE","variant":"COMMON","type":"PROHIBITED","limitedApplicability":{},
           "zoneAuthority":[{{"purpose":"INFORMATION"}}]}}}}]}})",
        geometry, layer, limited);
  }

  [[nodiscard]] Expected<std::vector<maps::PublishedZone>> read(const std::string& text) const {
    test::write_text(file, text);
    return maps::read_zone_file(file);
  }
  [[nodiscard]] maps::PublishedZone read_one(const std::string& text) const {
    const auto zones = read(text);
    BOOST_REQUIRE_MESSAGE(zones, test::why_not(zones) << "\n" << text);
    BOOST_REQUIRE_EQUAL(zones->size(), 1u);
    return zones->front();
  }
  /// The text must be refused, naming the zone, with a message that matches.
  void refused(const std::string& text, const std::string& code, const std::string& message) const {
    BOOST_TEST_CONTEXT(text.substr(0, 300)) {
      const auto zones = read(text);
      BOOST_REQUIRE_MESSAGE(!zones, "read, but " << code << " was expected");
      BOOST_TEST_CONTEXT(describe(zones.error())) {
        BOOST_TEST(name(zones.error().code) == code);
        BOOST_TEST(std::regex_search(zones.error().where, std::regex("zones.json, zone 0 \\(Z1\\)$")));
        BOOST_TEST(std::regex_search(zones.error().message, std::regex(message)));
      }
    }
  }
};

geo::LocalFrame geneva() { return geo::LocalFrame({.lon_deg = 6.15, .lat_deg = 46.2}); }
maps::ZonePlacement around_geneva(std::optional<double> ellipsoid_minus_datum_m = {}) {
  return {
      .frame = geneva(), .extent = {{-2000, -2000}, {2000, 2000}}, .ellipsoid_minus_datum_m = ellipsoid_minus_datum_m};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(zone_reading, ZoneFile)

BOOST_AUTO_TEST_CASE(both_formats_and_plain_geojson_say_the_same) {
  const auto a = read_one(ed269());
  const auto b = read_one(ed318());
  const auto c = read_one(R"({"type":"FeatureCollection","features":[{"type":"Feature",
    "geometry":{"type":"Polygon","coordinates":[[[6.1,46.2],[6.2,46.2],[6.2,46.3],[6.1,46.2]]]},
    "properties":{"identifier":"Z1","restriction":"PROHIBITED","applicability":[{"permanent":"YES"}],
      "uomDimensions":"M","lowerLimit":"0","lowerVerticalReference":"AGL","upperLimit":"120","upperVerticalReference":"AGL"}}]})");
  const auto d = read_one(R"({"type":"Feature",
    "geometry":{"type":"MultiPolygon","coordinates":[[[[6.1,46.2],[6.2,46.2],[6.2,46.3],[6.1,46.2]]]]},
    "properties":{"identifier":"Z1","type":"PROHIBITED",
      "layer":{"upper":120,"upperReference":"AGL","lower":0,"lowerReference":"AGL"}}})");
  for (const auto& zone : {b, c, d}) {
    BOOST_TEST(zone.id == a.id);
    BOOST_TEST((zone.restriction == a.restriction));
    BOOST_TEST((zone.volumes == a.volumes));
    BOOST_TEST((zone.applicability == a.applicability));
  }
}

BOOST_AUTO_TEST_CASE(holes_parts_and_circles) {
  geometry = R"("type":"MultiPolygon","coordinates":[
    [[[6.1,46.2],[6.2,46.2],[6.2,46.3],[6.1,46.3],[6.1,46.2]],[[6.12,46.22],[6.12,46.24],[6.14,46.24],[6.12,46.22]]],
    [[[6.3,46.2],[6.4,46.2],[6.4,46.3],[6.3,46.2]]]])";
  const auto zone = read_one(ed318());
  const auto& parts = std::get<std::vector<maps::ZonePolygon>>(zone.volumes.at(0).shape);
  BOOST_REQUIRE_EQUAL(parts.size(), 2u);
  BOOST_TEST(parts[0].rings.size() == 2u);
  maps::GeozoneReading reading;
  BOOST_REQUIRE(maps::place_zone(zone, around_geneva(), reading));
  const auto& shape = reading.zones.at(0).footprint;
  const auto inside = [&](double lon, double lat) {
    return geo::contains(shape, geneva().to_local(LonLat{.lon_deg = lon, .lat_deg = lat}));
  };
  BOOST_TEST(inside(6.11, 46.21));
  BOOST_TEST(!inside(6.123, 46.235));  // the hole
  BOOST_TEST(inside(6.39, 46.21));     // the other part
  BOOST_TEST(!inside(6.25, 46.25));
  geometry = R"("type":"Point","coordinates":[6.15,46.2],"extent":{"subType":"Circle","radius":500})";
  maps::GeozoneReading circle;
  BOOST_REQUIRE(maps::place_zone(read_one(ed318()), around_geneva(), circle));
  for (const geo::Enu2& corner : circle.zones.at(0).footprint.at(0).outer) {
    BOOST_TEST(std::abs(corner.norm() - 500.03) < 0.04);
  }
}

BOOST_AUTO_TEST_CASE(a_zone_turned_either_way_round_is_the_same) {
  const auto one = read_one(ed269());
  ring = "[[6.1,46.2],[6.2,46.3],[6.2,46.2],[6.1,46.2]]";
  const auto other = read_one(ed269());
  maps::GeozoneReading a;
  maps::GeozoneReading b;
  BOOST_REQUIRE(maps::place_zone(one, around_geneva(), a));
  BOOST_REQUIRE(maps::place_zone(other, around_geneva(), b));
  const geo::Enu2 p = geneva().to_local(LonLat{.lon_deg = 6.18, .lat_deg = 46.22});
  BOOST_TEST(geo::contains(a.zones.at(0).footprint, p));
  BOOST_TEST(geo::contains(b.zones.at(0).footprint, p));
}

BOOST_AUTO_TEST_CASE(limits_as_numbers_texts_null_feet_and_unlimited) {
  ed269_limits = R"("uomDimensions":"FT","lowerLimit":"100","lowerVerticalReference":"AMSL","upperLimit":null)";
  maps::GeozoneReading reading;
  BOOST_REQUIRE(maps::place_zone(read_one(ed269()), around_geneva(), reading));
  BOOST_TEST(reading.zones.at(0).lower->value_m == 30.48);
  BOOST_TEST((reading.zones.at(0).lower->reference == geo::VerticalReference::amsl));
  BOOST_TEST(!reading.zones.at(0).upper);
  layer = R"({"upper":99999,"upperReference":"AGL","lower":60,"lowerReference":"AGL"})";
  BOOST_TEST(!read_one(ed318()).volumes.at(0).upper);
}

BOOST_AUTO_TEST_CASE(limits_above_the_ellipsoid_need_the_datum) {
  layer = R"({"upper":300,"upperReference":"WGS84","lower":100,"lowerReference":"WGS84","uom":"m"})";
  const auto zone = read_one(ed318());
  maps::GeozoneReading reading;
  const auto refused_it = maps::place_zone(zone, around_geneva(), reading);
  BOOST_REQUIRE(!refused_it);
  BOOST_TEST(refused_it.error().message.find("ellipsoid_minus_datum_m") != std::string::npos);
  BOOST_REQUIRE(maps::place_zone(zone, around_geneva(50.5), reading));
  BOOST_TEST(reading.zones.at(0).upper->value_m == 249.5);
  BOOST_TEST((reading.zones.at(0).upper->reference == geo::VerticalReference::amsl));
}

BOOST_AUTO_TEST_CASE(u_space_binds_like_a_condition) {
  std::string text = ed318();
  text.replace(text.find("PROHIBITED"), 10, "USPACE");
  const auto zone = read_one(text);
  BOOST_TEST(zone.u_space);
  BOOST_TEST((zone.restriction == geo::Restriction::conditional));
}

BOOST_AUTO_TEST_CASE(text_where_a_number_belongs) {
  ed269_limits = R"("uomDimensions":"M","lowerLimit":"low","lowerVerticalReference":"AGL","upperLimit":null)";
  refused(ed269(), "value_invalid", "lowerLimit = \"low\" must be a number");
  layer = R"({"upper":{},"upperReference":"AGL"})";
  refused(ed318(), "value_invalid", "upper = \\{\\} must be a number");
  geometry = R"("type":"Point","coordinates":[6.15,46.2],"extent":{"subType":"Circle","radius":"wide"})";
  refused(ed318(), "value_invalid", "extent.radius = \"wide\" must be a number");
}

BOOST_AUTO_TEST_CASE(nan_and_infinity) {
  for (const char* value : {"\"nan\"", "\"NaN\"", "\"inf\"", "\"-Infinity\"", "\"1e999\""}) {
    ed269_limits = fmt::format(
        R"("uomDimensions":"M","lowerLimit":0,"lowerVerticalReference":"AGL","upperLimit":{},"upperVerticalReference":"AGL")",
        value);
    refused(ed269(), "value_invalid", "upperLimit = \".*\" must be a number");
  }
  for (const char* value : {"NaN", "Infinity", "-Infinity", "1e999"}) {  // no JSON at all
    ring = fmt::format("[[6.1,46.2],[{},46.2],[6.2,46.3],[6.1,46.2]]", value);
    const auto zones = read(ed269());
    BOOST_REQUIRE(!zones);
    BOOST_TEST(name(zones.error().code) == "bad_json");
    BOOST_TEST(zones.error().where.ends_with("zones.json"));
  }
}

BOOST_AUTO_TEST_CASE(broken_json_is_refused_with_its_line) {
  const auto zones = read("{\n \"features\": [\n  {]\n}");
  BOOST_REQUIRE(!zones);
  BOOST_TEST(zones.error().message == "is not valid JSON at line 3, column 4");
  std::string deep;
  for (int k = 0; k < 100'000; ++k) deep += "[";
  const auto nested = read(deep);
  BOOST_REQUIRE(!nested);
  BOOST_TEST(name(nested.error().code) == "bad_json");
}

BOOST_AUTO_TEST_CASE(positions_off_the_globe) {
  ring = "[[6.1,46.2],[500,46.2],[6.2,46.3],[6.1,46.2]]";
  refused(ed269(), "value_invalid",
          "coordinates = \\[500,46.2\\] must be \\[longitude, latitude\\], a longitude within 180");
  ring = "[[6.1,46.2],[6.2,91],[6.2,46.3],[6.1,46.2]]";
  refused(ed269(), "value_invalid", "coordinates = \\[6.2,91\\]");
  ring = R"([[6.1,46.2],["6.2",46.2],[6.2,46.3],[6.1,46.2]])";
  refused(ed269(), "value_invalid", "coordinates = \\[\"6.2\",46.2\\] must be \\[longitude, latitude\\]");
  ring = "[[6.1,46.2],[6.2],[6.2,46.3],[6.1,46.2]]";
  refused(ed269(), "value_invalid", "coordinates = \\[6.2\\] must be");
}

BOOST_AUTO_TEST_CASE(swapped_axes_are_seen_by_the_region) {
  ring = "[[46.2,6.1],[46.2,6.2],[46.3,6.2],[46.2,6.1]]";
  const auto zone = read_one(ed269());
  maps::GeozoneReading reading;
  const auto placed = maps::place_zone(zone, around_geneva(), reading);
  BOOST_REQUIRE(!placed);
  BOOST_TEST(name(placed.error().code) == "geometry_invalid");
  BOOST_TEST(placed.error().message.find("latitude swapped") != std::string::npos);
  // In its own place, off Somalia, it is a zone like any other.
  const maps::ZonePlacement somalia{.frame = geo::LocalFrame({.lon_deg = 46.2, .lat_deg = 6.1}),
                                    .extent = {{-2000, -2000}, {2000, 2000}},
                                    .ellipsoid_minus_datum_m = {}};
  BOOST_TEST(maps::place_zone(zone, somalia, reading).has_value());
}

BOOST_AUTO_TEST_CASE(rings_that_are_none) {
  ring = "[[6.1,46.2],[6.2,46.3],[6.2,46.2],[6.1,46.4],[6.1,46.2]]";
  refused(ed269(), "geometry_invalid", "not a simple polygon.*Self-intersection");  // a bow-tie
  ring = "[[6.1,46.2],[6.2,46.2],[6.2,46.3],[6.1,46.3]]";
  refused(ed269(), "geometry_invalid", "begins at \\[6.1,46.2\\] and ends at \\[6.1,46.3\\]; it must be closed");
  ring = "[[6.1,46.2],[6.2,46.2],[6.3,46.2],[6.1,46.2]]";
  refused(ed269(), "geometry_invalid", "it has no area");
  ring = "[[6.1,46.2],[6.2,46.2],[6.1,46.2]]";
  refused(ed269(), "value_invalid", "rings of four or more positions");
  ring = "[[6.1,46.2],[6.2,46.2],[6.2,46.3],[6.1,46.2]],[[7.1,46.2],[7.15,46.2],[7.15,46.25],[7.1,46.2]]";
  refused(ed269(), "geometry_invalid", "not a simple polygon.*holes inside");
  ring = "";
  refused(ed269(), "value_invalid", "coordinates = \\[\\] must be a list of rings");
}

BOOST_AUTO_TEST_CASE(a_million_vertices) {
  ring = "[";
  for (int k = 0; k < 1'000'000; ++k) ring += "[6.1,46.2],";
  ring += "[6.1,46.2]]";
  refused(ed269(), "geometry_invalid", "1000001 positions; at most 100000 are read");
}

BOOST_AUTO_TEST_CASE(limits_that_are_none) {
  ed269_limits =
      R"("uomDimensions":"M","lowerLimit":50,"lowerVerticalReference":"AGL","upperLimit":20,"upperVerticalReference":"AGL")";
  refused(ed269(), "value_invalid", "upperLimit = 20 must be no lower than lowerLimit = 50");
  ed269_limits = R"("uomDimensions":"YD","lowerLimit":0,"lowerVerticalReference":"AGL","upperLimit":null)";
  refused(ed269(), "value_invalid", "uomDimensions = \"YD\" must be \"M\" or \"FT\"");
  ed269_limits = R"("uomDimensions":"M","lowerLimit":0,"lowerVerticalReference":"FL","upperLimit":null)";
  refused(ed269(), "value_invalid", "lowerVerticalReference = \"FL\" must be \"AGL\", \"AMSL\" or \"WGS84\"");
  layer = R"({"upper":10,"upperReference":"QNH"})";
  refused(ed318(), "value_invalid", "upperReference = \"QNH\" must be");
  layer = R"({"upper":10,"upperReference":"AGL","uom":"km"})";
  refused(ed318(), "value_invalid", "uom = \"km\" must be");
  layer = R"({"upper":1e7,"upperReference":"AGL"})";
  refused(ed318(), "value_invalid", "upper = 10000000.0 must be a number of at most 10\\^6");
}

BOOST_AUTO_TEST_CASE(restrictions_that_are_none) {
  restriction = R"("FORBIDDEN")";
  refused(ed269(), "value_invalid", "restriction = \"FORBIDDEN\" must be PROHIBITED");
  restriction = "null";
  refused(ed269(), "value_invalid", "restriction = null must be PROHIBITED");
}

BOOST_AUTO_TEST_CASE(times_that_are_none) {
  applicability = R"([{"permanent":"NO","startDateTime":"2026-11-21T10:00:00Z","endDateTime":"2026-11-20T10:00:00Z"}])";
  refused(ed269(), "time_invalid", "endDateTime = \"2026-11-20T10:00:00Z\" must be no earlier than startDateTime");
  applicability = R"([{"permanent":"NO","startDateTime":"tomorrow"}])";
  refused(ed269(), "time_invalid", "startDateTime = \"tomorrow\" must be an RFC 3339 time");
  applicability = R"([{"permanent":"NO","startDateTime":"2026-02-30T00:00:00Z"}])";
  refused(ed269(), "time_invalid", "startDateTime");
  limited = R"([{"schedule":[{"day":["MON"],"startTime":"25:00:00Z","endTime":"26:00:00Z"}]}])";
  refused(ed318(), "time_invalid", "startTime = \"25:00:00Z\" must be a time");
  limited = R"([{"schedule":[{"day":["FUNDAY"]}]}])";
  refused(ed318(), "value_invalid", "day = \"FUNDAY\" must be MON");
  limited = R"([{"schedule":[{"day":["MON"],"startTime":"08:00:00+02:00","endTime":"09:00:00Z"}]}])";
  refused(ed318(), "time_invalid", "endTime = \"09:00:00Z\" must be of the same offset from UTC as startTime");
  limited = R"([{"schedule":[{"day":["MON"],"startEvent":"SR","endTime":"09:00:00Z"}]}])";
  refused(ed318(), "unsupported_format", "startEvent = \"SR\" depends on the sun.*give startTime");
  applicability =
      R"([{"permanent":"NO","timeZone":"Mars/Olympus","schedule":[{"startTime":"08:00","endTime":"09:00"}]}])";
  refused(ed269(), "value_invalid", "timeZone = \"Mars/Olympus\" must be a name of the IANA");
}

BOOST_AUTO_TEST_CASE(geometries_that_bound_nothing) {
  geometry = R"("type":"LineString","coordinates":[[6.1,46.2],[6.2,46.2]])";
  refused(ed318(), "value_invalid", "geometry.type = \"LineString\" must be Polygon");
  geometry = R"("type":"Point","coordinates":[6.1,46.2])";
  refused(ed318(), "value_invalid", "radius = null must be a number");
  geometry = R"("type":"Point","coordinates":[6.1,46.2],"extent":{"subType":"Circle","radius":-5})";
  refused(ed318(), "value_invalid", "extent.radius = -5 must be a number of metres above 0");
}

BOOST_AUTO_TEST_SUITE_END()
