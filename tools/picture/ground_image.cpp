#include "tools/picture/ground_image.hpp"

#include <cairo.h>
#include <fmt/core.h>
#include <glib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <stdexcept>

namespace swiftlet::tools {
namespace {

using geo::Enu2;

/// A picture of pixels, each opaque or not there.
class Pixels {
 public:
  Pixels(int width, int height)
      : surface_(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height), cairo_surface_destroy) {
    if (cairo_surface_status(surface_.get()) != CAIRO_STATUS_SUCCESS) throw std::bad_alloc();
  }
  void set(int x, int y, Colour c) {
    unsigned char* row = cairo_image_surface_get_data(surface_.get()) +
                         static_cast<std::ptrdiff_t>(y) * cairo_image_surface_get_stride(surface_.get());
    reinterpret_cast<std::uint32_t*>(row)[x] =
        0xFF000000U | static_cast<std::uint32_t>(c.red << 16U) | static_cast<std::uint32_t>(c.green << 8U) | c.blue;
  }
  /// As an SVG image over the whole map.
  [[nodiscard]] std::string to_svg(const MapScale& scale) const {
    cairo_surface_mark_dirty(surface_.get());
    std::string png;
    const auto take = [](void* to, const unsigned char* data, unsigned length) {
      static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), length);
      return CAIRO_STATUS_SUCCESS;
    };
    if (cairo_surface_write_to_png_stream(surface_.get(), take, &png) != CAIRO_STATUS_SUCCESS) {
      throw std::runtime_error("cairo cannot write a PNG");
    }
    const std::unique_ptr<gchar, decltype(&g_free)> text(
        g_base64_encode(reinterpret_cast<const guchar*>(png.data()), png.size()), g_free);
    return fmt::format(
        "<image x=\"{}\" y=\"{}\" width=\"{:.2f}\" height=\"{:.2f}\" preserveAspectRatio=\"none\" "
        "href=\"data:image/png;base64,{}\"/>\n",
        scale.left, scale.top, scale.width(), scale.height(), text.get());
  }

 private:
  std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface_;
};

int whole(double length) { return std::max(1, static_cast<int>(std::lround(length))); }

/// The terrain at the centres of all pixels and one more all round; NaN where there is none.
class Heights {
 public:
  Heights(const geo::Airspace& airspace, const MapScale& scale, int width, int height) : width_(width) {
    heights_.reserve(static_cast<std::size_t>(width + 2) * static_cast<std::size_t>(height + 2));
    for (int y = -1; y <= height; ++y) {
      for (int x = -1; x <= width; ++x) {
        heights_.push_back(static_cast<float>(
            airspace.terrain.height_msl_m(scale.place(scale.left + x + 0.5, scale.top + y + 0.5)).value_or(NAN)));
      }
    }
  }
  [[nodiscard]] double at(int x, int y) const {
    return heights_[static_cast<std::size_t>(y + 1) * static_cast<std::size_t>(width_ + 2) +
                    static_cast<std::size_t>(x + 1)];
  }

 private:
  int width_;
  std::vector<float> heights_;
};

/// Light on a slope, from 0 (shadow) to 1; level ground has 0.71. Light from the north-west, half way up.
double light(const Heights& heights, int x, int y, double pixel_m, double exaggeration) {
  const double z = heights.at(x, y);
  const auto or_here = [&](double other) { return std::isfinite(other) ? other : z; };
  const double east = exaggeration * (or_here(heights.at(x + 1, y)) - or_here(heights.at(x - 1, y))) / (2 * pixel_m);
  const double north = exaggeration * (or_here(heights.at(x, y - 1)) - or_here(heights.at(x, y + 1))) / (2 * pixel_m);
  const double steep = 1.0 / std::sqrt(1.0 + east * east + north * north);
  return std::max(0.0, steep * (std::numbers::sqrt2 / 2) * (1.0 + (east - north) * (std::numbers::sqrt2 / 2)));
}

Colour dimmed(Colour c, double by) {
  const auto part = [&](unsigned char v) { return static_cast<unsigned char>(std::clamp(v * by, 0.0, 255.0)); };
  return {part(c.red), part(c.green), part(c.blue)};
}

constexpr double kExaggeration = 2.0;
constexpr Colour kNowhere{28, 26, 26};

}  // namespace

Colour pale_to_dark(double f) {
  constexpr std::array<Colour, 5> kStops{
      {{246, 243, 230}, {190, 208, 216}, {116, 160, 193}, {52, 98, 152}, {16, 34, 84}}};
  const double at = std::clamp(f, 0.0, 1.0) * (kStops.size() - 1);
  const auto k = std::min(static_cast<std::size_t>(at), kStops.size() - 2);
  const double part = at - static_cast<double>(k);
  const auto mix = [&](unsigned char a, unsigned char b) { return static_cast<unsigned char>(a + part * (b - a)); };
  return {mix(kStops[k].red, kStops[k + 1].red), mix(kStops[k].green, kStops[k + 1].green),
          mix(kStops[k].blue, kStops[k + 1].blue)};
}

std::string draw_hill_shade(const geo::Airspace& airspace, const MapScale& scale) {
  const int width = whole(scale.width());
  const int height = whole(scale.height());
  const Heights heights(airspace, scale, width, height);
  Pixels pixels(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (!std::isfinite(heights.at(x, y))) continue;
      const double lit = light(heights, x, y, 1.0 / scale.per_m, kExaggeration);
      pixels.set(x, y, dimmed({222, 221, 208}, 0.42 + 0.58 * lit / 0.7071));
    }
  }
  return pixels.to_svg(scale);
}

std::string draw_surface(const geo::AirspaceView& view, Surface surface, const MapScale& scale, SurfaceRange& range) {
  const int width = whole(scale.width());
  const int height = whole(scale.height());
  const Heights heights(view.airspace(), scale, width, height);
  std::vector<float> agl_m(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), NAN);
  range = {.least_agl_m = INFINITY, .most_agl_m = -INFINITY};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto band = view.band_at(scale.place(scale.left + x + 0.5, scale.top + y + 0.5));
      if (!band || !band->open() || !std::isfinite(heights.at(x, y))) continue;
      const double agl = (surface == Surface::floor ? band->floor_msl_m : band->ceiling_msl_m) - heights.at(x, y);
      agl_m[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] =
          static_cast<float>(agl);
      range.least_agl_m = std::min(range.least_agl_m, agl);
      range.most_agl_m = std::max(range.most_agl_m, agl);
    }
  }
  const double span = range.most_agl_m - range.least_agl_m;
  // How little room it leaves, from 0 to 1; a surface that is level everywhere leaves all there is.
  const auto tightness = [&](double agl) {
    if (!(span > 0.5)) return 0.0;
    return (surface == Surface::floor ? agl - range.least_agl_m : range.most_agl_m - agl) / span;
  };
  Pixels pixels(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (!std::isfinite(heights.at(x, y))) continue;
      const double agl =
          agl_m[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
      const Colour c = std::isfinite(agl) ? pale_to_dark(tightness(agl)) : kNowhere;
      pixels.set(x, y, dimmed(c, 0.6 + 0.4 * light(heights, x, y, 1.0 / scale.per_m, kExaggeration) / 0.7071));
    }
  }
  return pixels.to_svg(scale);
}

}  // namespace swiftlet::tools
