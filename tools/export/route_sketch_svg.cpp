#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "tools/export/route_formats.hpp"

namespace swiftlet::tools {
namespace {

constexpr double kWidth = 800.0, kPlanHeight = 500.0, kProfileHeight = 160.0, kMargin = 30.0;

struct Range {
  double least = 1e300, most = -1e300;
  void take(double v) {
    least = std::min(least, v);
    most = std::max(most, v);
  }
  [[nodiscard]] double span() const { return std::max(most - least, 1e-9); }
};

}  // namespace

std::string route_sketch_svg(const planner::Route& route) {
  const auto& w = route.waypoints;
  const double shrink = std::cos(w.front().position.lat_deg * std::numbers::pi / 180.0);
  Range x, y, t, z;
  for (const auto& p : w) {
    x.take(p.position.lon_deg * shrink);
    y.take(p.position.lat_deg);
    t.take(p.t_s);
    z.take(p.position.alt_msl_m);
    z.take(p.position.alt_msl_m - p.height_agl_m);
  }
  const double scale = std::min((kWidth - 2.0 * kMargin) / x.span(), (kPlanHeight - 2.0 * kMargin) / y.span());
  std::string plan, path, ground;
  for (const auto& p : w) {
    plan += fmt::format("{:.2f},{:.2f} ", kMargin + (p.position.lon_deg * shrink - x.least) * scale,
                        kPlanHeight - kMargin - (p.position.lat_deg - y.least) * scale);
    const double across = kMargin + (p.t_s - t.least) / t.span() * (kWidth - 2.0 * kMargin);
    const auto up = [&](double alt) {
      return kPlanHeight + kProfileHeight - kMargin - (alt - z.least) / z.span() * (kProfileHeight - 2.0 * kMargin);
    };
    path += fmt::format("{:.2f},{:.2f} ", across, up(p.position.alt_msl_m));
    ground += fmt::format("{:.2f},{:.2f} ", across, up(p.position.alt_msl_m - p.height_agl_m));
  }
  const auto line = [](const std::string& points, const char* colour) {
    return fmt::format("<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"2\" points=\"{}\"/>\n", colour, points);
  };
  return fmt::format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" "
             "font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
             kWidth, kPlanHeight + kProfileHeight) +
         line(plan, "#d9480f") + line(ground, "#868e96") + line(path, "#d9480f") +
         fmt::format(
             "<text x=\"{}\" y=\"18\">{:.0f} m, {:.1f} s, {:.1f} Wh; north is up</text>\n"
             "<text x=\"{}\" y=\"{}\">altitude {:.0f} to {:.0f} m over time, and the ground under it</text>\n</svg>\n",
             kMargin, route.length_m, route.duration_s, route.energy_wh, kMargin, kPlanHeight + 14.0, z.least, z.most);
}

}  // namespace swiftlet::tools
