#include "dispatch/gateway/map_layers.hpp"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "dispatch/protocol/strict_json.hpp"

namespace swiftlet::dispatch {
namespace {

using geo::Enu2;

constexpr int kMostPixels = 1024;
constexpr double kExaggeration = 2.5;
constexpr double kLevel = 0.7071;  // light on level ground

void put_place(std::string& out, const geo::LocalFrame& frame, const Enu2& p_enu) {
  const LonLat p = frame.to_lonlat(p_enu);
  fmt::format_to(std::back_inserter(out), "[{:.7f},{:.7f}]", p.lon_deg, p.lat_deg);
}

void put_ring(std::string& out, const geo::LocalFrame& frame, const geo::Ring& ring) {
  out += '[';
  for (std::size_t k = 0; k <= ring.size(); ++k) {
    if (k > 0) out += ',';
    put_place(out, frame, ring[k % ring.size()]);
  }
  out += ']';
}

void put_obstacle(std::string& out, const geo::Airspace& airspace, const geo::Obstacle& obstacle) {
  const geo::Ring& first = obstacle.footprint.front().outer;
  const double ground = airspace.terrain.height_msl_m(first.front()).value_or(airspace.terrain.lowest_msl_m());
  fmt::format_to(
      std::back_inserter(out),
      "{{\"type\":\"Feature\",\"properties\":{{\"kind\":{},\"id\":{},\"top_msl_m\":{:.1f},\"height_m\":{:.1f},"
      "\"base_m\":{:.1f}}},\"geometry\":{{\"type\":\"MultiPolygon\",\"coordinates\":[",
      to_wire(obstacle.kind), to_wire(obstacle.id), obstacle.top_msl_m, std::max(obstacle.top_msl_m - ground, 0.0),
      obstacle.base_msl_m ? std::max(*obstacle.base_msl_m - ground, 0.0) : 0.0);
  for (std::size_t k = 0; k < obstacle.footprint.size(); ++k) {
    const geo::Polygon& polygon = obstacle.footprint[k];
    out += k > 0 ? ",[" : "[";
    put_ring(out, airspace.frame, polygon.outer);
    for (const geo::Ring& hole : polygon.holes) {
      out += ',';
      put_ring(out, airspace.frame, hole);
    }
    out += ']';
  }
  out += "]}}";
}

/// The corners of the extent: north-west, north-east, south-east, south-west.
std::string corners(const geo::Airspace& airspace) {
  const geo::Box2 box = airspace.bounds.grid().extent();
  std::string out = "[";
  const Enu2 all[] = {{box.min.x(), box.max.y()}, box.max, {box.max.x(), box.min.y()}, box.min};
  for (const Enu2& corner : all) {
    if (out.size() > 1) out += ',';
    put_place(out, airspace.frame, corner);
  }
  return out + "]";
}

}  // namespace

std::string map_json(const geo::Airspace& airspace) {
  const geo::Box2 box = airspace.bounds.grid().extent();
  const LonLat south_west = airspace.frame.to_lonlat(box.min);
  const LonLat north_east = airspace.frame.to_lonlat(box.max);
  std::string out = fmt::format(
      "{{\"name\":{},\"hash\":{},\"vertical_datum\":{},\"bounds\":[{:.7f},{:.7f},{:.7f},{:.7f}],\"policy\":{{"
      "\"min_height_agl_m\":{},\"max_height_agl_m\":{},\"lateral_clearance_m\":{},\"vertical_clearance_m\":{}}},"
      "\"relief\":{{\"corners\":{}}},\"obstacles\":{{\"type\":\"FeatureCollection\",\"features\":[",
      to_wire(airspace.name), to_wire(airspace.hash), to_wire(airspace.vertical_datum), south_west.lon_deg,
      south_west.lat_deg, north_east.lon_deg, north_east.lat_deg, airspace.policy.min_height_agl_m,
      airspace.policy.max_height_agl_m, airspace.policy.lateral_clearance_m, airspace.policy.vertical_clearance_m,
      corners(airspace));
  bool first = true;
  for (const geo::Obstacle& obstacle : airspace.obstacles) {
    if (obstacle.footprint.empty() || obstacle.footprint.front().outer.empty()) continue;
    if (!first) out += ',';
    first = false;
    put_obstacle(out, airspace, obstacle);
  }
  return out + "]}}";
}

std::string relief_png(const geo::Airspace& airspace) {
  const geo::Box2 box = airspace.bounds.grid().extent();
  const Enu2 size = box.max - box.min;
  const double pixel_m = std::max(size.maxCoeff() / kMostPixels, 0.5);
  const int width = std::max(1, static_cast<int>(std::lround(size.x() / pixel_m)));
  const int height = std::max(1, static_cast<int>(std::lround(size.y() / pixel_m)));
  const auto at = [&](int x, int y) {
    const Enu2 p(box.min.x() + (x + 0.5) * size.x() / width, box.max.y() - (y + 0.5) * size.y() / height);
    return airspace.terrain.height_msl_m(p).value_or(NAN);
  };
  std::vector<double> heights(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  const auto index = [&](int x, int y) {
    return static_cast<std::size_t>(std::clamp(y, 0, height - 1)) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(std::clamp(x, 0, width - 1));
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) heights[index(x, y)] = at(x, y);
  }
  std::vector<png_byte> pixels(heights.size() * 2, 0);  // grey, alpha
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double east = kExaggeration * (heights[index(x + 1, y)] - heights[index(x - 1, y)]) / (2 * pixel_m);
      const double north = kExaggeration * (heights[index(x, y - 1)] - heights[index(x, y + 1)]) / (2 * pixel_m);
      if (!std::isfinite(east) || !std::isfinite(north)) continue;
      const double light =
          std::max(0.0, kLevel * (1.0 + (east - north) * kLevel)) / std::sqrt(1.0 + east * east + north * north);
      const double differs = std::clamp(std::abs(light - kLevel) * 1.4, 0.0, 1.0);
      pixels[2 * index(x, y)] = light > kLevel ? 255 : 0;
      pixels[2 * index(x, y) + 1] = static_cast<png_byte>(std::lround(255.0 * differs));
    }
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = PNG_FORMAT_GA;
  png_alloc_size_t bytes = 0;
  if (png_image_write_get_memory_size(image, bytes, 0, pixels.data(), 0, nullptr) == 0)
    throw std::runtime_error(std::string("the relief cannot be written: ") + image.message);
  std::string out(bytes, '\0');
  if (png_image_write_to_memory(&image, out.data(), &bytes, 0, pixels.data(), 0, nullptr) == 0)
    throw std::runtime_error(std::string("the relief cannot be written: ") + image.message);
  out.resize(bytes);
  return out;
}

}  // namespace swiftlet::dispatch
