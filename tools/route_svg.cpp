#include "tools/route_svg.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "geo/airspace_view.hpp"

namespace swiftlet::tools {
namespace {

using geo::Enu2;
using geo::Enu3;

constexpr double kWidth = 1200.0;
constexpr double kMargin = 50.0;
constexpr double kProfileHeight = 320.0;
constexpr double kAround_m = 150.0;  ///< shown round the route

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::vector<Enu3> local_path(const geo::Airspace& airspace, const planner::Route& route) {
  std::vector<Enu3> path;
  for (const planner::Waypoint& w : route.waypoints) path.push_back(airspace.frame.to_local(w.position));
  return path;
}

/// Metres of the local frame to the drawing's units, north up.
struct PlanScale {
  geo::Box2 box;
  double per_m;
  double top;

  [[nodiscard]] double height() const { return (box.max.y() - box.min.y()) * per_m; }
  [[nodiscard]] Enu2 at(const Enu2& p) const {
    return {kMargin + (p.x() - box.min.x()) * per_m, top + (box.max.y() - p.y()) * per_m};
  }
};

std::string shape_path(const PlanScale& scale, const geo::MultiPolygon& shape) {
  std::string d;
  const auto ring = [&](const geo::Ring& points) {
    for (std::size_t k = 0; k < points.size(); ++k) {
      const Enu2 p = scale.at(points[k]);
      d += fmt::format("{}{:.1f} {:.1f}", k == 0 ? "M" : "L", p.x(), p.y());
    }
    d += "Z";
  };
  for (const geo::Polygon& polygon : shape) {
    ring(polygon.outer);
    for (const geo::Ring& hole : polygon.holes) ring(hole);
  }
  return d;
}

/// Light for low, dark for high: readable in grey too.
std::string shade(double height_m) {
  const double f = std::clamp(height_m / 150.0, 0.0, 1.0);
  return fmt::format("rgb({:.0f},{:.0f},{:.0f})", 222 - 150 * f, 214 - 160 * f, 204 - 140 * f);
}

std::string draw_plan(const geo::Airspace& airspace, const std::vector<Enu3>& path, const PlanScale& scale) {
  std::string out = fmt::format(
      "<clipPath id=\"plan\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{:.1f}\"/></clipPath>\n"
      "<g clip-path=\"url(#plan)\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{:.1f}\" "
      "fill=\"#f4f1ea\"/>\n",
      kMargin, scale.top, kWidth - 2 * kMargin, scale.height(), kMargin, scale.top, kWidth - 2 * kMargin,
      scale.height());
  std::vector<const geo::Obstacle*> shown;
  for (const geo::Obstacle& o : airspace.obstacles) {
    if (o.box.intersects(scale.box)) shown.push_back(&o);
  }
  std::stable_sort(shown.begin(), shown.end(), [](auto a, auto b) { return a->top_msl_m < b->top_msl_m; });
  for (const geo::Obstacle* o : shown) {
    const double ground = airspace.terrain.height_msl_m(0.5 * (o->box.min + o->box.max)).value_or(o->top_msl_m);
    out += fmt::format("<path d=\"{}\" fill=\"{}\" fill-rule=\"evenodd\" stroke=\"#8a8073\" stroke-width=\".4\"/>\n",
                       shape_path(scale, o->footprint), shade(o->top_msl_m - ground));
  }
  for (const geo::Geozone& zone : airspace.zones) {
    if (!zone.box.intersects(scale.box)) continue;
    out += fmt::format(
        "<path d=\"{}\" fill=\"#c2410c\" fill-opacity=\".12\" stroke=\"#c2410c\" stroke-width=\"1.5\" "
        "stroke-dasharray=\"6 3\"><title>{} {}</title></path>\n",
        shape_path(scale, zone.footprint), escaped(zone.id), geo::ed269_name(zone.restriction));
  }
  for (const geo::Pad& pad : airspace.pads) {
    const Enu2 p = scale.at(airspace.frame.to_local(pad.slots.front().lonlat()));
    out += fmt::format(
        "<circle cx=\"{0:.1f}\" cy=\"{1:.1f}\" r=\"4\" fill=\"#1d4ed8\"/><text x=\"{2:.1f}\" y=\"{3:.1f}\" "
        "font-size=\"11\" fill=\"#1d4ed8\">{4}</text>\n",
        p.x(), p.y(), p.x() + 6, p.y() - 4, escaped(pad.id));
  }
  std::string line;
  for (const Enu3& p : path) {
    const Enu2 q = scale.at({p.x(), p.y()});
    line += fmt::format("{:.1f},{:.1f} ", q.x(), q.y());
  }
  out += fmt::format(
      "<polyline points=\"{}\" fill=\"none\" stroke=\"#fff\" stroke-width=\"6\" stroke-linejoin=\"round\"/>"
      "<polyline points=\"{}\" fill=\"none\" stroke=\"#7c3aed\" stroke-width=\"3\" stroke-linejoin=\"round\"/>\n</g>\n",
      line, line);
  const double bar = 200.0 * scale.per_m;
  const double y = scale.top + scale.height() - 14;
  out += fmt::format(
      "<rect x=\"{0}\" y=\"{1:.1f}\" width=\"{2:.1f}\" height=\"4\" fill=\"#222\"/>"
      "<text x=\"{0}\" y=\"{3:.1f}\" font-size=\"12\">200 m, north up</text>\n",
      kMargin + 10, y, bar, y - 5);
  return out;
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
      kMargin, top + kProfileHeight + 18, escaped(datum), length);
  return out;
}

std::string metres(const std::optional<double>& value) { return value ? fmt::format("{:.1f} m", *value) : "none near"; }

}  // namespace

std::string route_svg(const geo::AirspacePtr& airspace, const planner::Route& route, const geo::Policy& policy) {
  const std::vector<Enu3> path = local_path(*airspace, route);
  PlanScale scale{.box = {}, .per_m = 1.0, .top = 70.0};
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
                     escaped(route.airspace_name), escaped(route.id));
  out += fmt::format(
      "<text x=\"{}\" y=\"50\" font-size=\"13\">{:.0f} m · {:.1f} s · {:.1f} Wh · {} · clearance lateral {}, "
      "vertical {} · {:.1f} to {:.1f} m above ground · ceiling {:.0f} m</text>\n",
      kMargin, route.length_m, route.duration_s, route.energy_wh, escaped(route.vehicle),
      metres(c.min_lateral_clearance_m), metres(c.min_vertical_clearance_m), c.min_height_agl_m, c.max_height_agl_m,
      policy.max_height_agl_m);
  out += draw_plan(*airspace, path, scale);
  out += draw_profile(sample_profile(view, path), airspace->vertical_datum, profile_top);
  return out + "</svg>\n";
}

}  // namespace swiftlet::tools
