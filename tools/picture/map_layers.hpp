#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "geo/airspace.hpp"
#include "tools/picture/map_scale.hpp"

// The layers of a plan as pieces of SVG, lowest first. Colours can be told apart by the colour-blind (Okabe and Ito)
// and in grey: buildings are darker the higher, zones differ by dashes too.
namespace swiftlet::tools {

[[nodiscard]] std::string svg_escaped(std::string_view text);

/// The colour of a building of a height.
[[nodiscard]] std::string height_colour(double height_m);

enum class ObstacleStyle { by_height, outlines };
[[nodiscard]] std::string draw_obstacles(const geo::Airspace& airspace, const MapScale& scale,
                                         ObstacleStyle style = ObstacleStyle::by_height);
[[nodiscard]] std::string draw_zones(const geo::Airspace& airspace, const MapScale& scale);
/// How a zone of a restriction is drawn: attributes of an SVG shape.
[[nodiscard]] std::string zone_style(geo::Restriction restriction);
/// Pads with their ids; an id that would cover another is left out, hubs first.
[[nodiscard]] std::string draw_pads(const geo::Airspace& airspace, const MapScale& scale);
/// One pad's sign in the middle of (x, y).
[[nodiscard]] std::string pad_sign(geo::PadKind kind, double x, double y);
/// The k-th of several paths.
[[nodiscard]] std::string draw_path(const std::vector<geo::Enu2>& path_enu, const MapScale& scale, std::size_t k = 0);
[[nodiscard]] std::string_view path_colour(std::size_t k);
/// A bar of a round length at (x, y), at most `widest` long, and an arrow to the north at its end.
[[nodiscard]] std::string draw_scale_bar(const MapScale& scale, double x, double y, double widest);

}  // namespace swiftlet::tools
