#pragma once

#include <optional>
#include <string>
#include <vector>

#include "geo/airspace_view.hpp"
#include "tools/picture/ground_image.hpp"

namespace swiftlet::tools {

/// A route to be drawn.
struct DrawnRoute {
  std::string name;
  std::vector<GeoPoint> path;
};

struct MapPictureOptions {
  int width_px = 1600;
  std::optional<Surface> surface = {};  ///< hill shade alone where there is none
  UtcTime at = {};                      ///< the time whose zones a surface shows
  std::vector<DrawnRoute> routes = {};
  std::string attribution = {};
};

/// A map of an airspace for people to look at first: ground or a surface of its own policy's view, buildings by height,
/// zones, pads, routes, with scale, north, legend, name and attribution. One self-contained SVG.
[[nodiscard]] std::string map_picture(const geo::AirspacePtr& airspace, const MapPictureOptions& options);

}  // namespace swiftlet::tools
