#include "tools/route_svg.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "geo/airspace_view.hpp"
#include "tools/picture/map_layers.hpp"

namespace swiftlet::tools {
namespace {

using geo::Enu2;
using geo::Enu3;

constexpr double kWidth = 1200.0;
constexpr double kMargin = 50.0;
constexpr double kProfileHeight = 320.0;
constexpr double kAround_m = 150.0;  ///< shown round the route

std::vector<Enu3> local_path(const geo::Airspace& airspace, const planner::Route& route) {
  std::vector<Enu3> path;
  for (const planner::Waypoint& w : route.waypoints) path.push_back(airspace.frame.to_local(w.position));
  return path;
}

std::string draw_plan(const geo::Airspace& airspace, const std::vector<Enu3>& path, const MapScale& scale) {
  std::vector<Enu2> track;
  for (const Enu3& p : path) track.emplace_back(p.x(), p.y());
  const std::string frame = fmt::format("x=\"{}\" y=\"{}\" width=\"{:.1f}\" height=\"{:.1f}\"", scale.left, scale.top,
                                        scale.width(), scale.height());
  return fmt::format(
             "<clipPath id=\"plan\"><rect {0}/></clipPath>\n<g clip-path=\"url(#plan)\"><rect {0} "
             "fill=\"#f4f1ea\"/>\n",
             frame) +
         draw_obstacles(airspace, scale) + draw_zones(airspace, scale) + draw_path(track, scale) +
         draw_pads(airspace, scale) + draw_scale_bar(scale, scale.left + 8, scale.top + scale.height() - 12, 220.0) +
         "</g>\n";
}

struct ProfileSample {
  double along_m;
  double path_m;
  double terrain_m;
  std::optional<geo::AirspaceView::Band> band;
};

std::vector<ProfileSample> sample_profile(const geo::AirspaceView& view, const std::vector<Enu3>& path) {
  std::vector<ProfileSample> samples;
  double along = 0.0;
  for (std::size_t k = 0; k + 1 < path.size(); ++k) {
    const double length = (path[k + 1] - path[k]).head<2>().norm();
    const int n = std::max(1, static_cast<int>(length / 4.0));  // for the eye; the proof is elsewhere
    for (int s = 0; s < n; ++s) {
      const double f = static_cast<double>(s) / n;
      const Enu3 p = path[k] + f * (path[k + 1] - path[k]);
      const Enu2 xy(p.x(), p.y());
      samples.push_back(
          {along + f * length, p.z(), view.airspace().terrain.height_msl_m(xy).value_or(p.z()), view.band_at(xy)});
    }
    along += length;
  }
  const Enu2 last(path.back().x(), path.back().y());
  samples.push_back({along, path.back().z(), view.airspace().terrain.height_msl_m(last).value_or(path.back().z()),
                     view.band_at(last)});
  return samples;
}

std::string draw_profile(const std::vector<ProfileSample>& samples, std::string_view datum, double top) {
  double lo = 1e9;
  double hi = -1e9;
  for (const ProfileSample& s : samples) {
    lo = std::min({lo, s.terrain_m, s.path_m});
    hi = std::max({hi, s.path_m, s.band ? s.band->ceiling_msl_m : s.path_m});
  }
  lo -= 5;
  hi += 5;
  const double length = std::max(1.0, samples.back().along_m);
  const auto x = [&](double along) { return kMargin + along / length * (kWidth - 2 * kMargin); };
  const auto y = [&](double z) { return top + (hi - std::clamp(z, lo, hi)) / (hi - lo) * kProfileHeight; };
  std::string terrain = fmt::format("M{:.1f} {:.1f}", x(0), y(lo));
  std::string floor;
  std::string ceiling;
  std::string path;
  for (const ProfileSample& s : samples) {
    terrain += fmt::format("L{:.1f} {:.1f}", x(s.along_m), y(s.terrain_m));
    path += fmt::format("{:.1f},{:.1f} ", x(s.along_m), y(s.path_m));
    if (!s.band) continue;
    floor += fmt::format("{:.1f},{:.1f} ", x(s.along_m), y(s.band->floor_msl_m));
    ceiling += fmt::format("{:.1f},{:.1f} ", x(s.along_m), y(s.band->ceiling_msl_m));
  }
  terrain += fmt::format("L{:.1f} {:.1f}Z", x(length), y(lo));
  std::string out = fmt::format("<path d=\"{}\" fill=\"#b9a98f\"/>\n", terrain);
  for (const auto& [line, colour, dash] :
       {std::tuple{&floor, "#b45309", "5 3"}, {&ceiling, "#b91c1c", "2 3"}, {&path, "#7c3aed", "none"}}) {
    out += fmt::format(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\" stroke-dasharray=\"{}\"/>\n", *line,
        colour, dash);
  }
  const double step = hi - lo > 150 ? 50 : 20;
  for (double z = std::ceil(lo / step) * step + 0.0; z < hi; z += step) {
    out += fmt::format(
        "<text x=\"{}\" y=\"{:.1f}\" font-size=\"11\" text-anchor=\"end\">{:.0f}</text>"
        "<line x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#ddd\" stroke-width=\".5\"/>\n",
        kMargin - 6, y(z) + 4, z, kMargin, kWidth - kMargin, y(z), y(z));
  }
  out += fmt::format(
      "<text x=\"{}\" y=\"{:.1f}\" font-size=\"12\">altitude above {}, m: "
      "<tspan fill=\"#7c3aed\">path</tspan> · <tspan fill=\"#b45309\">floor</tspan> · "
      "<tspan fill=\"#b91c1c\">ceiling</tspan> · <tspan fill=\"#7a6a50\">terrain</tspan>; {:.0f} m along the "
      "ground</text>\n",
      kMargin, top + kProfileHeight + 18, svg_escaped(datum), length);
  return out;
}

std::string metres(const std::optional<double>& value) { return value ? fmt::format("{:.1f} m", *value) : "none near"; }

}  // namespace

std::string route_svg(const geo::AirspacePtr& airspace, const planner::Route& route, const geo::Policy& policy) {
  const std::vector<Enu3> path = local_path(*airspace, route);
  MapScale scale{.box = {}, .left = kMargin, .top = 70.0};
  for (const Enu3& p : path) scale.box.include({p.x(), p.y()});
  scale.box = scale.box.grown(kAround_m);
  // A route that runs one way only still gets a picture with some height.
  const double width_m = scale.box.max.x() - scale.box.min.x();
  const double height_m = scale.box.max.y() - scale.box.min.y();
  const double wanted_m = std::max(height_m, 0.35 * width_m);
  scale.box.min.y() -= (wanted_m - height_m) / 2;
  scale.box.max.y() += (wanted_m - height_m) / 2;
  scale.per_m = (kWidth - 2 * kMargin) / width_m;

  const geo::AirspaceView view(
      airspace,
      {.policy = policy, .from = route.depart, .to = after(route.depart, route.duration_s), .authorisations = {}});
  const double profile_top = scale.top + scale.height() + 30;
  const double total = profile_top + kProfileHeight + 40;
  const planner::Certificate& c = route.certificate;
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1:.0f}\" viewBox=\"0 0 {0} {1:.0f}\" "
      "font-family=\"sans-serif\" fill=\"#222\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
      kWidth, total);
  out += fmt::format("<text x=\"{}\" y=\"28\" font-size=\"18\" font-weight=\"bold\">{} {}</text>\n", kMargin,
                     svg_escaped(route.airspace_name), svg_escaped(route.id));
  out += fmt::format(
      "<text x=\"{}\" y=\"50\" font-size=\"13\">{:.0f} m · {:.1f} s · {:.1f} Wh · {} · clearance lateral {}, "
      "vertical {} · {:.1f} to {:.1f} m above ground · ceiling {:.0f} m</text>\n",
      kMargin, route.length_m, route.duration_s, route.energy_wh, svg_escaped(route.vehicle),
      metres(c.min_lateral_clearance_m), metres(c.min_vertical_clearance_m), c.min_height_agl_m, c.max_height_agl_m,
      policy.max_height_agl_m);
  out += draw_plan(*airspace, path, scale);
  out += draw_profile(sample_profile(view, path), airspace->vertical_datum, profile_top);
  return out + "</svg>\n";
}

}  // namespace swiftlet::tools
