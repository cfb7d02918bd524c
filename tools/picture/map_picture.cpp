#include "tools/picture/map_picture.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>

#include "tools/picture/map_layers.hpp"

namespace swiftlet::tools {
namespace {

using geo::Enu2;

constexpr double kMargin = 36.0;
constexpr double kLegend = 236.0;
constexpr double kTitle = 66.0;
constexpr double kFoot = 34.0;
constexpr double kLine = 22.0;

/// Writes the legend line by line.
class Legend {
 public:
  Legend(double x, double y) : x_(x), y_(y) {}

  void head(std::string_view text) {
    y_ += 10;
    out_ +=
        fmt::format("<text x=\"{}\" y=\"{:.1f}\" font-size=\"13\" font-weight=\"bold\">{}</text>\n", x_, y_ + 4, text);
    y_ += kLine;
  }
  /// A sign, given by what it looks like in the middle of a place, and what it means.
  template <class Sign>
  void line(Sign&& sign, std::string_view text) {
    out_ += sign(x_ + 14, y_);
    out_ +=
        fmt::format("<text x=\"{}\" y=\"{:.1f}\" font-size=\"13\">{}</text>\n", x_ + 36, y_ + 4.5, svg_escaped(text));
    y_ += kLine;
  }
  void note(std::string_view text) {
    out_ += fmt::format("<text x=\"{}\" y=\"{:.1f}\" font-size=\"12\" fill=\"#444\">{}</text>\n", x_, y_ + 4,
                        svg_escaped(text));
    y_ += 18;
  }
  void bar(const SurfaceRange& range, Surface surface) {
    const double width = kLegend - 20;
    for (int k = 0; k < 54; ++k) {
      const Colour c = pale_to_dark(surface == Surface::floor ? k / 53.0 : 1.0 - k / 53.0);
      out_ += fmt::format("<rect x=\"{:.2f}\" y=\"{:.1f}\" width=\"{:.2f}\" height=\"14\" fill=\"rgb({},{},{})\"/>",
                          x_ + k * width / 54, y_ - 6, width / 54 + 0.5, c.red, c.green, c.blue);
    }
    out_ += fmt::format(
        "\n<text x=\"{}\" y=\"{:.1f}\" font-size=\"12\">{:.0f} m</text><text x=\"{}\" y=\"{:.1f}\" font-size=\"12\" "
        "text-anchor=\"end\">{:.0f} m above ground</text>\n",
        x_, y_ + 22, range.least_agl_m, x_ + width, y_ + 22, range.most_agl_m);
    y_ += 44;
  }
  [[nodiscard]] const std::string& text() const { return out_; }
  [[nodiscard]] double bottom() const { return y_; }

 private:
  double x_;
  double y_;
  std::string out_;
};

std::string swatch(double x, double y, const std::string& style) {
  return fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"24\" height=\"14\" {}/>\n", x - 12, y - 7, style);
}

void explain_zones(const geo::Airspace& airspace, Legend& legend) {
  std::set<geo::Restriction> kinds;
  for (const geo::Geozone& zone : airspace.zones) kinds.insert(zone.restriction);
  if (kinds.empty()) return;
  legend.head("Geozones");
  for (const geo::Restriction kind : kinds) {
    constexpr std::array<std::string_view, 4> kWords{"prohibited", "needs authorisation", "conditional",
                                                     "no restriction"};
    legend.line([&](double x, double y) { return swatch(x, y, zone_style(kind)); },
                kWords.at(static_cast<std::size_t>(kind)));
  }
}

void explain_pads(const geo::Airspace& airspace, Legend& legend) {
  std::set<geo::PadKind> kinds;
  for (const geo::Pad& pad : airspace.pads) kinds.insert(pad.kind);
  if (kinds.empty()) return;
  legend.head("Pads");
  for (const geo::PadKind kind : kinds) {
    legend.line([&](double x, double y) { return pad_sign(kind, x, y); }, geo::name(kind));
  }
}

void explain_routes(const std::vector<DrawnRoute>& routes, Legend& legend) {
  constexpr std::size_t kNamed = 8;
  if (routes.empty()) return;
  legend.head(routes.size() == 1 ? "Route" : "Routes");
  for (std::size_t k = 0; k < std::min(routes.size(), kNamed); ++k) {
    legend.line(
        [&](double x, double y) {
          return fmt::format("<path d=\"M{:.1f} {:.1f}h24\" stroke=\"{}\" stroke-width=\"3\"/>\n", x - 12, y,
                             path_colour(k));
        },
        routes[k].name);
  }
  if (routes.size() > kNamed) legend.note(fmt::format("and {} more", routes.size() - kNamed));
}

std::string legend_of(const geo::Airspace& airspace, const MapPictureOptions& options, const SurfaceRange& range,
                      double x, double y, double& bottom) {
  Legend legend(x, y);
  if (options.surface) {
    legend.head(*options.surface == Surface::floor ? "Floor" : "Ceiling");
    legend.bar(range, *options.surface);
    legend.line([&](double sx, double sy) { return swatch(sx, sy, "fill=\"#1c1a1a\""); }, "nothing may fly here");
    const geo::Policy& p = airspace.policy;
    legend.note(fmt::format("band {:g} to {:g} m above ground", p.min_height_agl_m, p.max_height_agl_m));
    legend.note(fmt::format("clearance {:g} m beside, {:g} m above", p.lateral_clearance_m, p.vertical_clearance_m));
    legend.note("zones at " + format_rfc3339(options.at).substr(0, 16) + " UTC");
  } else if (!airspace.obstacles.empty()) {
    legend.head("Obstacles, height above ground");
    for (const int height : {5, 15, 30, 60, 100, 150}) {
      legend.line(
          [&](double sx, double sy) {
            return swatch(sx, sy,
                          fmt::format("fill=\"{}\" stroke=\"#5b5348\" stroke-width=\".5\"", height_colour(height)));
          },
          fmt::format("{} m{}", height, height == 150 ? " and more" : ""));
    }
  }
  explain_zones(airspace, legend);
  explain_pads(airspace, legend);
  explain_routes(options.routes, legend);
  bottom = legend.bottom();
  return legend.text();
}

std::string draw_routes(const geo::Airspace& airspace, const MapScale& scale, const std::vector<DrawnRoute>& routes) {
  std::string out;
  for (std::size_t k = 0; k < routes.size(); ++k) {
    std::vector<Enu2> path;
    for (const GeoPoint& p : routes[k].path) path.push_back(airspace.frame.to_local(p.lonlat()));
    out += draw_path(path, scale, k);
  }
  return out;
}

}  // namespace

std::string map_picture(const geo::AirspacePtr& airspace, const MapPictureOptions& options) {
  MapScale scale{.box = airspace->bounds.grid().extent(), .left = kMargin, .top = kTitle};
  const double map_width = options.width_px - 2 * kMargin - kLegend - 20;
  scale.per_m = map_width / (scale.box.max.x() - scale.box.min.x());
  // A tall region is fitted by its height.
  if (scale.height() > 1.2 * options.width_px) scale.per_m *= 1.2 * options.width_px / scale.height();

  SurfaceRange range;
  std::string ground;
  if (options.surface) {
    const geo::AirspaceView view(
        airspace, {.policy = airspace->policy, .from = options.at, .to = options.at, .authorisations = {}});
    ground =
        draw_surface(view, *options.surface, scale, range) + draw_obstacles(*airspace, scale, ObstacleStyle::outlines);
  } else {
    ground = draw_hill_shade(*airspace, scale) + draw_obstacles(*airspace, scale);
  }
  double legend_bottom = 0.0;
  const double legend_left = kMargin + scale.width() + 20;
  const std::string legend = legend_of(*airspace, options, range, legend_left, kTitle, legend_bottom);
  const double width = legend_left + kLegend + kMargin - 20;
  const double height = std::max(scale.top + scale.height(), legend_bottom) + kFoot;

  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
      "font-family=\"DejaVu Sans, sans-serif\" fill=\"#222\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
      width, height);
  out += fmt::format(
      "<text x=\"{0}\" y=\"32\" font-size=\"22\" font-weight=\"bold\">{1}</text>"
      "<text x=\"{0}\" y=\"53\" font-size=\"12\" fill=\"#444\">{2} obstacles · {3} geozones · {4} pads · {5:.1f} × "
      "{6:.1f} "
      "km · heights above {7} · {8}</text>\n",
      kMargin, svg_escaped(airspace->name), airspace->obstacles.size(), airspace->zones.size(), airspace->pads.size(),
      (scale.box.max.x() - scale.box.min.x()) / 1000, (scale.box.max.y() - scale.box.min.y()) / 1000,
      svg_escaped(airspace->vertical_datum), svg_escaped(airspace->hash.substr(0, 19)));
  const std::string frame = fmt::format("x=\"{}\" y=\"{}\" width=\"{:.2f}\" height=\"{:.2f}\"", scale.left, scale.top,
                                        scale.width(), scale.height());
  out += fmt::format(
      "<clipPath id=\"map\"><rect {0}/></clipPath>\n<g clip-path=\"url(#map)\"><rect {0} fill=\"#e6ecf0\"/>\n", frame);
  out += ground + draw_zones(*airspace, scale) + draw_routes(*airspace, scale, options.routes) +
         draw_pads(*airspace, scale) +
         draw_scale_bar(scale, scale.left + 12, scale.top + scale.height() - 14, std::min(220.0, 0.3 * scale.width())) +
         "</g>\n";
  out += fmt::format("<rect {} fill=\"none\" stroke=\"#666\"/>\n", frame) + legend;
  if (!options.attribution.empty()) {
    out += fmt::format("<text x=\"{}\" y=\"{:.1f}\" font-size=\"10\" fill=\"#555\">{}</text>\n", kMargin, height - 12,
                       svg_escaped(options.attribution));
  }
  return out + "</svg>\n";
}

}  // namespace swiftlet::tools
