#pragma once

#include <string>

#include "geo/airspace_view.hpp"
#include "tools/picture/map_scale.hpp"

namespace swiftlet::tools {

/// The ground of a map as an SVG image that holds its own pixels: the terrain's shade under a light from the
/// north-west.
[[nodiscard]] std::string draw_hill_shade(const geo::Airspace& airspace, const MapScale& scale);

enum class Surface { floor, ceiling };

/// What a surface's colours mean: heights above the ground.
struct SurfaceRange {
  double least_agl_m = 0.0;
  double most_agl_m = 0.0;
};

struct Colour {
  unsigned char red, green, blue;
};
/// From pale (0) to dark blue (1): it reads the same to the colour-blind and in grey.
[[nodiscard]] Colour pale_to_dark(double f);

/// The floor or ceiling of a view, coloured by its height above the ground, darker where it leaves less room: a high
/// floor, a low ceiling; black where nothing may fly. And the range of its colours. Each pixel is the proven band at
/// its centre.
[[nodiscard]] std::string draw_surface(const geo::AirspaceView& view, Surface surface, const MapScale& scale,
                                       SurfaceRange& range);

}  // namespace swiftlet::tools
