#include "tools/export/route_formats.hpp"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

namespace swiftlet::tools {
namespace {

using nlohmann::ordered_json;
using planner::Route;
using planner::Waypoint;

std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) out += c;  // XML has no other control characters
    }
  }
  return out;
}

double ellipsoid_m(const Route& route, const Waypoint& w) {
  return w.position.alt_msl_m + route.ellipsoid_minus_datum_m.value();
}

std::string instant(const Route& route, const Waypoint& w) { return format_rfc3339(after(route.depart, w.t_s)); }

}  // namespace

std::string route_csv(const Route& route) {
  std::string out = "seq,lon_deg,lat_deg,alt_msl_m,height_agl_m,t_s,ground_speed_m_s,phase\n";
  for (std::size_t k = 0; k < route.waypoints.size(); ++k) {
    const Waypoint& w = route.waypoints[k];
    out += fmt::format("{},{:.8f},{:.8f},{:.3f},{:.3f},{:.3f},{:.3f},{}\n", k, w.position.lon_deg, w.position.lat_deg,
                       w.position.alt_msl_m, w.height_agl_m, w.t_s, w.ground_speed_m_s, name(w.phase));
  }
  return out;
}

std::string route_gpx(const Route& route) {
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<gpx version=\"1.1\" creator=\"Swiftlet\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n"
      "<trk><name>{}</name><desc>airspace {} {}, vehicle {}</desc><trkseg>\n",
      xml(route.id), xml(route.airspace_name), xml(route.airspace_hash), xml(route.vehicle));
  for (const Waypoint& w : route.waypoints) {
    out += fmt::format("<trkpt lat=\"{:.8f}\" lon=\"{:.8f}\"><ele>{:.3f}</ele><time>{}</time></trkpt>\n",
                       w.position.lat_deg, w.position.lon_deg, w.position.alt_msl_m, instant(route, w));
  }
  return out + "</trkseg></trk>\n</gpx>\n";
}

std::string route_kml(const Route& route) {
  std::string whens, coordinates;
  for (const Waypoint& w : route.waypoints) {
    whens += fmt::format("<when>{}</when>\n", instant(route, w));
    coordinates += fmt::format("<gx:coord>{:.8f} {:.8f} {:.3f}</gx:coord>\n", w.position.lon_deg, w.position.lat_deg,
                               ellipsoid_m(route, w));
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<kml xmlns=\"http://www.opengis.net/kml/2.2\" xmlns:gx=\"http://www.google.com/kml/ext/2.2\">\n"
      "<Document><name>{}</name><description>airspace {} {}, vehicle {}; heights above the WGS84 "
      "ellipsoid</description>\n"
      "<Placemark><name>{}</name><gx:Track><altitudeMode>absolute</altitudeMode>\n{}{}</gx:Track></Placemark>\n"
      "</Document>\n</kml>\n",
      xml(route.id), xml(route.airspace_name), xml(route.airspace_hash), xml(route.vehicle), xml(route.id), whens,
      coordinates);
}

std::string route_czml(const Route& route) {
  const std::string begin = instant(route, route.waypoints.front());
  const std::string interval = begin + "/" + instant(route, route.waypoints.back());
  ordered_json degrees = ordered_json::array();
  const auto milli = [](double v) { return std::round(v * 1e3) / 1e3; };
  for (const Waypoint& w : route.waypoints) {
    degrees.insert(degrees.end(), {w.t_s, w.position.lon_deg, w.position.lat_deg, milli(ellipsoid_m(route, w))});
  }
  const ordered_json document{{"id", "document"},
                              {"name", route.id},
                              {"version", "1.0"},
                              {"clock", {{"interval", interval}, {"currentTime", begin}}}};
  const ordered_json packet{
      {"id", "route"},
      {"name", fmt::format("{} ({})", route.id, route.vehicle)},
      {"availability", interval},
      {"description", fmt::format("airspace {} {}", route.airspace_name, route.airspace_hash)},
      {"position",
       {{"epoch", begin}, {"interpolationAlgorithm", "LINEAR"}, {"cartographicDegrees", std::move(degrees)}}},
      {"point", {{"pixelSize", 8}, {"color", {{"rgba", {255, 120, 0, 255}}}}}},
      {"path", {{"width", 2}, {"leadTime", route.duration_s}, {"trailTime", route.duration_s}}}};
  return ordered_json::array({document, packet}).dump(1) + "\n";
}

}  // namespace swiftlet::tools
