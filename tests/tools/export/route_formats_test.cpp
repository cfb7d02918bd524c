#include "tools/export/route_formats.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

namespace tools = swiftlet::tools;
using swiftlet::planner::Phase;
using swiftlet::planner::Route;

namespace {

Route two_points() {
  Route route;
  route.id = "a<b&\"c\"";
  route.vehicle = "courier-4";
  route.airspace_name = "nowhere";
  route.airspace_hash = "sha256:0";
  route.depart = swiftlet::parse_rfc3339("2026-11-21T10:00:00Z").value();
  route.ellipsoid_minus_datum_m = 50.5;
  route.waypoints = {{.position = {4.12345678, 45.87654321, 168.213}, .t_s = 0.0, .phase = Phase::takeoff},
                     {.position = {4.12345679, 45.87654399, 200.001},
                      .height_agl_m = 31.5,
                      .t_s = 12.345,
                      .ground_speed_m_s = 7.25,
                      .phase = Phase::landing}};
  route.duration_s = 12.345;
  return route;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(route_formats)

BOOST_AUTO_TEST_CASE(csv_has_a_head_and_the_certified_digits) {
  BOOST_TEST(tools::route_csv(two_points()) ==
             "seq,lon_deg,lat_deg,alt_msl_m,height_agl_m,t_s,ground_speed_m_s,phase\n"
             "0,4.12345678,45.87654321,168.213,0.000,0.000,0.000,takeoff\n"
             "1,4.12345679,45.87654399,200.001,31.500,12.345,7.250,landing\n");
}

BOOST_AUTO_TEST_CASE(gpx_has_datum_heights_and_times_and_escapes_names) {
  const std::string gpx = tools::route_gpx(two_points());
  BOOST_TEST(holds(gpx,
                   "<trkpt lat=\"45.87654399\" lon=\"4.12345679\"><ele>200.001</ele>"
                   "<time>2026-11-21T10:00:12.345Z</time>"));
  BOOST_TEST(holds(gpx, "<name>a&lt;b&amp;&quot;c&quot;</name>"));
}

BOOST_AUTO_TEST_CASE(kml_and_czml_have_ellipsoid_heights) {
  const std::string kml = tools::route_kml(two_points());
  BOOST_TEST(holds(kml, "<gx:coord>4.12345678 45.87654321 218.713</gx:coord>"));
  BOOST_TEST(holds(kml, "<when>2026-11-21T10:00:12.345Z</when>"));
  const auto czml = nlohmann::json::parse(tools::route_czml(two_points()));
  BOOST_TEST(czml[0]["id"] == "document");
  const auto& p = czml[1]["position"]["cartographicDegrees"];
  BOOST_TEST(p.size() == 8U);
  BOOST_TEST(p[4].get<double>() == 12.345);
  BOOST_TEST(p[5].get<double>() == 4.12345679);
  BOOST_TEST(p[7].get<double>() == 250.501);
}

BOOST_AUTO_TEST_CASE(the_sketch_has_plan_and_profile) {
  const std::string svg = tools::route_sketch_svg(two_points());
  BOOST_TEST(svg.starts_with("<svg "));
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = svg.find("<polyline", at)) != std::string::npos; ++at) ++lines;
  BOOST_TEST(lines == 3U);
  BOOST_TEST(!holds(svg, "nan"));
}

BOOST_AUTO_TEST_SUITE_END()
