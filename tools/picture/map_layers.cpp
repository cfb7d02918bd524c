#include "tools/picture/map_layers.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace swiftlet::tools {
namespace {

using geo::Enu2;

std::string shape_path(const MapScale& scale, const geo::MultiPolygon& shape) {
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

/// Labels that are there already, so that the next one does not lie on them.
class Labels {
 public:
  bool fits(double x, double y, double width, double height) {
    const geo::Box2 box{{x, y - height}, {x + width, y}};
    if (std::any_of(taken_.begin(), taken_.end(), [&](const geo::Box2& other) { return other.intersects(box); })) {
      return false;
    }
    taken_.push_back(box);
    return true;
  }

 private:
  std::vector<geo::Box2> taken_;
};

}  // namespace

std::string svg_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (static_cast<unsigned char>(c) >= 0x20) {  // XML knows no others
      out += c;
    }
  }
  return out;
}

std::string height_colour(double height_m) {
  struct Stop {
    double f, red, green, blue;
  };
  constexpr std::array<Stop, 5> kStops{
      {{0.0, 250, 222, 170}, {0.3, 222, 160, 100}, {0.55, 165, 95, 80}, {0.8, 92, 45, 84}, {1.0, 26, 14, 44}}};
  const double f = std::sqrt(std::clamp(height_m / 150.0, 0.0, 1.0));
  std::size_t k = 0;
  while (k + 2 < kStops.size() && f > kStops[k + 1].f) ++k;
  const double part = (f - kStops[k].f) / (kStops[k + 1].f - kStops[k].f);
  const auto mix = [&](double Stop::*c) { return kStops[k].*c + part * (kStops[k + 1].*c - kStops[k].*c); };
  return fmt::format("rgb({:.0f},{:.0f},{:.0f})", mix(&Stop::red), mix(&Stop::green), mix(&Stop::blue));
}

std::string draw_obstacles(const geo::Airspace& airspace, const MapScale& scale, ObstacleStyle style) {
  std::vector<const geo::Obstacle*> shown;
  for (const geo::Obstacle& o : airspace.obstacles) {
    if (o.box.intersects(scale.box)) shown.push_back(&o);
  }
  std::stable_sort(shown.begin(), shown.end(), [](auto a, auto b) { return a->top_msl_m < b->top_msl_m; });
  std::string out = "<g fill-rule=\"evenodd\" stroke=\"#5b5348\" stroke-width=\".35\" stroke-linejoin=\"round\">\n";
  for (const geo::Obstacle* o : shown) {
    std::string fill = "none";
    if (style == ObstacleStyle::by_height) {
      const double ground = airspace.terrain.height_msl_m(0.5 * (o->box.min + o->box.max)).value_or(o->top_msl_m);
      fill = height_colour(o->top_msl_m - ground);
    }
    out += fmt::format("<path d=\"{}\" fill=\"{}\"/>\n", shape_path(scale, o->footprint), fill);
  }
  return out + "</g>\n";
}

std::string zone_style(geo::Restriction restriction) {
  switch (restriction) {
    case geo::Restriction::prohibited:
      return "fill=\"#d55e00\" fill-opacity=\".22\" stroke=\"#b34700\" stroke-width=\"2\"";
    case geo::Restriction::requires_authorisation:
      return "fill=\"#e69f00\" fill-opacity=\".20\" stroke=\"#8a5f00\" stroke-width=\"2\" stroke-dasharray=\"9 4\"";
    case geo::Restriction::conditional:
      return "fill=\"#f0e442\" fill-opacity=\".22\" stroke=\"#7d7600\" stroke-width=\"2\" stroke-dasharray=\"2 4\"";
    case geo::Restriction::no_restriction:
      return "fill=\"#009e73\" fill-opacity=\".12\" stroke=\"#00704f\" stroke-width=\"1.5\" stroke-dasharray=\"9 4 2 "
             "4\"";
  }
  return "";
}

std::string draw_zones(const geo::Airspace& airspace, const MapScale& scale) {
  std::string out;
  for (const geo::Geozone& zone : airspace.zones) {
    if (!zone.box.intersects(scale.box)) continue;
    out += fmt::format("<path d=\"{}\" fill-rule=\"evenodd\" {}><title>{} {}</title></path>\n",
                       shape_path(scale, zone.footprint), zone_style(zone.restriction), svg_escaped(zone.id),
                       geo::ed269_name(zone.restriction));
  }
  return out;
}

std::string pad_sign(geo::PadKind kind, double x, double y) {
  constexpr const char* kStyle = "fill=\"#0072b2\" stroke=\"#fff\" stroke-width=\"1.5\"";
  switch (kind) {
    case geo::PadKind::hub:
      return fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"12\" height=\"12\" {}/>\n", x - 6, y - 6, kStyle);
    case geo::PadKind::kiosk:
      return fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\" {}/>\n", x, y, kStyle);
    case geo::PadKind::point:
      return fmt::format("<path d=\"M{:.1f} {:.1f}l5.5 9.5h-11z\" {}/>\n", x, y - 6, kStyle);
  }
  return "";
}

std::string draw_pads(const geo::Airspace& airspace, const MapScale& scale) {
  std::vector<const geo::Pad*> pads;
  for (const geo::Pad& pad : airspace.pads) {
    if (scale.box.contains(airspace.frame.to_local(pad.slots.front().lonlat()))) pads.push_back(&pad);
  }
  std::stable_sort(pads.begin(), pads.end(), [](auto a, auto b) { return a->kind < b->kind; });
  std::string signs;
  std::string ids;
  Labels labels;
  for (const geo::Pad* pad : pads) {
    const Enu2 p = scale.at(airspace.frame.to_local(pad->slots.front().lonlat()));
    signs += pad_sign(pad->kind, p.x(), p.y());
    const bool hub = pad->kind == geo::PadKind::hub;
    const double size = hub ? 14.0 : 11.0;
    const double x = p.x() + 8;
    const double y = p.y() + size * 0.36;
    if (!labels.fits(x, y, 0.62 * size * static_cast<double>(pad->id.size()), size)) continue;
    const std::string text =
        fmt::format("x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{}\"{}", x, y, size, hub ? " font-weight=\"bold\"" : "");
    ids += fmt::format(
        "<text {0} stroke=\"#fff\" stroke-width=\"3\" stroke-linejoin=\"round\">{1}</text>"
        "<text {0} fill=\"#00416b\">{1}</text>\n",
        text, svg_escaped(pad->id));
  }
  return signs + ids;
}

std::string_view path_colour(std::size_t k) {
  constexpr std::array<std::string_view, 5> kColours{"#7c3aed", "#000000", "#009e73", "#cc2a7b", "#3b6fd6"};
  return kColours[k % kColours.size()];
}

std::string draw_path(const std::vector<Enu2>& path_enu, const MapScale& scale, std::size_t k) {
  std::string line;
  for (const Enu2& p : path_enu) {
    const Enu2 q = scale.at(p);
    line += fmt::format("{:.1f},{:.1f} ", q.x(), q.y());
  }
  return fmt::format(
      "<g fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\"><polyline points=\"{0}\" stroke=\"#fff\" "
      "stroke-width=\"6\"/><polyline points=\"{0}\" stroke=\"{1}\" stroke-width=\"3\"/></g>\n",
      line, path_colour(k));
}

std::string draw_scale_bar(const MapScale& scale, double x, double y, double widest) {
  const double longest_m = widest / scale.per_m;
  const double decade = std::pow(10.0, std::floor(std::log10(longest_m)));
  const double bar_m = decade * (longest_m >= 5 * decade ? 5 : longest_m >= 2 * decade ? 2 : 1);
  const double bar = bar_m * scale.per_m;
  const std::string label = bar_m >= 1000 ? fmt::format("{:g} km", bar_m / 1000) : fmt::format("{:g} m", bar_m);
  return fmt::format(
      "<g><rect x=\"{0:.1f}\" y=\"{1:.1f}\" width=\"{2:.1f}\" height=\"32\" rx=\"3\" fill=\"#fff\" "
      "fill-opacity=\".8\"/>"
      "<path d=\"M{3:.1f} {4:.1f}v5h{5:.1f}v-5\" fill=\"none\" stroke=\"#222\" stroke-width=\"1.5\"/>"
      "<text x=\"{6:.1f}\" y=\"{7:.1f}\" font-size=\"12\" text-anchor=\"middle\">{8}</text>"
      "<path d=\"M{9:.1f} {10:.1f}l6 18l-6 -5l-6 5z\" fill=\"#222\"/>"
      "<text x=\"{9:.1f}\" y=\"{11:.1f}\" font-size=\"10\" font-weight=\"bold\" text-anchor=\"middle\">N</text></g>\n",
      x, y - 26, bar + 54, x + 10, y - 5, bar, x + 10 + bar / 2, y - 9, label, x + bar + 36, y - 23, y + 4);
}

}  // namespace swiftlet::tools
