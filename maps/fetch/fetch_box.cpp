#include "maps/fetch/fetch_box.hpp"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

namespace swiftlet::maps {
namespace {

constexpr double kMetresPerDegree = 111'320.0;
constexpr double kLargest_m = 70'000.0;
constexpr double kSmallest_m = 100.0;

Unexpected refuse(std::string message) { return fail(ErrorCode::usage, std::move(message), "--bbox"); }

}  // namespace

Expected<FetchBox> parse_fetch_box(std::string_view text) {
  std::array<double, 4> values{};
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (std::size_t k = 0; k < values.size(); ++k) {
    const auto [next, error] = std::from_chars(at, end, values[k]);
    const bool last = k + 1 == values.size();
    if (error != std::errc() || !std::isfinite(values[k]) || (last ? next != end : next == end || *next != ',')) {
      return refuse(fmt::format("\"{}\" must be WEST,SOUTH,EAST,NORTH in degrees, as in 4.82,45.74,4.88,45.78", text));
    }
    at = next + 1;
  }
  const FetchBox box{values[0], values[1], values[2], values[3]};
  if (!(std::abs(box.south_deg) <= 80.0 && std::abs(box.north_deg) <= 80.0)) {
    return refuse(fmt::format("latitudes {} and {} must be within 80 degrees; is latitude given first?", box.south_deg,
                              box.north_deg));
  }
  if (!(std::abs(box.west_deg) <= 179.9 && std::abs(box.east_deg) <= 179.9)) {
    return refuse(fmt::format("longitudes {} and {} must be within 179.9 degrees", box.west_deg, box.east_deg));
  }
  if (!(box.west_deg < box.east_deg && box.south_deg < box.north_deg)) {
    return refuse(
        "west must be less than east and south less than north; boxes across the 180th meridian are not taken");
  }
  const double middle_deg = 0.5 * (box.south_deg + box.north_deg);
  const double metres_per_lon = kMetresPerDegree * std::cos(middle_deg * std::numbers::pi / 180.0);
  const double width_m = (box.east_deg - box.west_deg) * metres_per_lon;
  const double height_m = (box.north_deg - box.south_deg) * kMetresPerDegree;
  if (width_m > kLargest_m || height_m > kLargest_m || width_m < kSmallest_m || height_m < kSmallest_m) {
    const double half_m = 0.5 * (width_m < kSmallest_m || height_m < kSmallest_m ? 2000.0 : kLargest_m * 0.999);
    const double lon = 0.5 * (box.west_deg + box.east_deg);
    return refuse(fmt::format(
        "spans {:.1f} x {:.1f} km; a region is fetched from 0.1 x 0.1 to 70 x 70 km. Round the same "
        "middle, {:.4f},{:.4f},{:.4f},{:.4f} would do",
        width_m / 1000, height_m / 1000, lon - half_m / metres_per_lon, middle_deg - half_m / kMetresPerDegree,
        lon + half_m / metres_per_lon, middle_deg + half_m / kMetresPerDegree));
  }
  return box;
}

}  // namespace swiftlet::maps
