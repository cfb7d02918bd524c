#include "sim/report/svg_charts.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace swiftlet::sim {
namespace {

constexpr double kWidth = 520.0;
constexpr double kHeight = 220.0;
constexpr double kLeft = 56.0;
constexpr double kBottom = 34.0;
constexpr double kTop = 26.0;
constexpr double kRight = 12.0;

struct Axis {
  double from;
  double to;
  double pixel_from;
  double pixel_to;
  [[nodiscard]] double at(double v) const {
    return pixel_from + (v - from) / std::max(to - from, 1e-12) * (pixel_to - pixel_from);
  }
};

Axis across(double from, double to) { return {from, to > from ? to : from + 1.0, kLeft, kWidth - kRight}; }
Axis upward(double from, double to) { return {from, to > from ? to : from + 1.0, kHeight - kBottom, kTop}; }

std::string frame(std::string_view title, const Axis& x, const Axis& y, std::string_view x_label) {
  std::string out =
      fmt::format(R"(<svg viewBox="0 0 {} {}" role="img"><title>{}</title><text x="{}" y="16" class="t">{}</text>)",
                  kWidth, kHeight, escaped(title), kLeft, escaped(title));
  for (int k = 0; k <= 4; ++k) {
    const double vx = x.from + (x.to - x.from) * k / 4.0;
    const double vy = y.from + (y.to - y.from) * k / 4.0;
    out +=
        fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{:.4g}</text>)", x.at(vx), kHeight - 18.0, vx);
    out +=
        fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="end">{:.4g}</text>)", kLeft - 5.0, y.at(vy) + 4.0, vy);
    out += fmt::format(R"(<line x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}" class="g"/>)", kLeft, kWidth - kRight, y.at(vy),
                       y.at(vy));
  }
  out += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)", (kLeft + kWidth) / 2.0,
                     kHeight - 4.0, escaped(x_label));
  return out;
}

std::string upright(const Axis& x, double v, std::string_view label, std::string_view style) {
  return fmt::format(
      R"(<line x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}" class="{3}"/><text x="{0:.1f}" y="{4}" text-anchor="middle" class="s">{5}</text>)",
      x.at(v), kTop + 8.0, kHeight - kBottom, style, kTop + 6.0, escaped(label));
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string histogram_svg(std::span<const double> values, std::string_view title, std::string_view unit,
                          const double* mark) {
  constexpr std::size_t kBins = 40;
  const Histogram h = histogram(values, kBins);
  if (h.counts.empty()) return {};
  double from = h.from;
  double to = h.from + h.width * static_cast<double>(kBins);
  if (mark != nullptr) {
    from = std::min(from, *mark);
    to = std::max(to, *mark);
  }
  const Axis x = across(from, to);
  const Axis y = upward(0.0, static_cast<double>(*std::max_element(h.counts.begin(), h.counts.end())));
  std::string out = frame(title, x, y, unit);
  for (std::size_t k = 0; k < kBins; ++k) {
    const double left = x.at(h.from + h.width * static_cast<double>(k));
    const double right = x.at(h.from + h.width * static_cast<double>(k + 1));
    const double top = y.at(static_cast<double>(h.counts[k]));
    out += fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="b"/>)", left, top,
                       std::max(right - left - 0.5, 0.5), kHeight - kBottom - top);
  }
  const Distribution d = distribution({values.begin(), values.end()});
  out += upright(x, d.p10, "P10", "q") + upright(x, d.p50, "P50", "q") + upright(x, d.p90, "P90", "q");
  if (mark != nullptr) out += upright(x, *mark, "predicted", "m");
  return out + "</svg>";
}

std::string lines_svg(const std::vector<Series>& series, std::string_view title, std::string_view x_label,
                      std::string_view y_label) {
  double x0 = std::numeric_limits<double>::infinity();
  double x1 = -x0;
  double y0 = x0;
  double y1 = -x0;
  for (const Series& s : series) {
    for (std::size_t k = 0; k < std::min(s.x.size(), s.y.size()); ++k) {
      if (!std::isfinite(s.x[k]) || !std::isfinite(s.y[k])) continue;
      x0 = std::min(x0, s.x[k]);
      x1 = std::max(x1, s.x[k]);
      y0 = std::min(y0, s.y[k]);
      y1 = std::max(y1, s.y[k]);
    }
  }
  if (x0 > x1) return {};
  const Axis x = across(x0, x1);
  const Axis y = upward(std::min(y0, 0.0), y1);
  std::string out = frame(fmt::format("{} ({})", title, y_label), x, y, x_label);
  double legend = kLeft + 8.0;
  for (const Series& s : series) {
    out += fmt::format(R"(<polyline fill="none" stroke="{}" stroke-width="1.5" points=")", s.colour);
    for (std::size_t k = 0; k < std::min(s.x.size(), s.y.size()); ++k) {
      if (std::isfinite(s.x[k]) && std::isfinite(s.y[k]))
        out += fmt::format("{:.1f},{:.1f} ", x.at(s.x[k]), y.at(s.y[k]));
    }
    out += "\"/>";
    out += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" fill="{}">{}</text>)", legend, kTop + 10.0, s.colour,
                       escaped(s.name));
    legend += 9.0 * static_cast<double>(s.name.size()) + 10.0;
  }
  return out + "</svg>";
}

std::string shares_svg(const std::vector<std::pair<std::string, double>>& shares, std::string_view title) {
  const double height = kTop + 20.0 * static_cast<double>(shares.size()) + 6.0;
  std::string out =
      fmt::format(R"(<svg viewBox="0 0 {} {}" role="img"><title>{}</title><text x="4" y="16" class="t">{}</text>)",
                  kWidth, height, escaped(title), escaped(title));
  double at = kTop;
  for (const auto& [name, share] : shares) {
    out += fmt::format(
        R"(<text x="4" y="{:.1f}">{}</text><rect x="170" y="{:.1f}" width="{:.1f}" height="13" class="b"/><text x="{:.1f}" y="{:.1f}">{:.1f} %</text>)",
        at + 12.0, escaped(name), at + 1.0, 280.0 * std::clamp(share, 0.0, 1.0),
        176.0 + 280.0 * std::clamp(share, 0.0, 1.0), at + 12.0, 100.0 * share);
    at += 20.0;
  }
  return out + "</svg>";
}

std::string html_table(const std::vector<std::vector<std::string>>& rows) {
  std::string out = "<table>";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    out += "<tr>";
    for (const std::string& cell : rows[r]) {
      out += fmt::format("<{0}>{1}</{0}>", r == 0 ? "th" : "td", escaped(cell));
    }
    out += "</tr>";
  }
  return out + "</table>";
}

std::string html_page(std::string_view title, std::string_view body) {
  return fmt::format(
      R"(<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{0}</title><style>
body{{font:15px/1.45 system-ui,sans-serif;color:#1d2733;max-width:1120px;margin:24px auto;padding:0 16px}}
h1{{font-size:24px}}h2{{font-size:18px;margin-top:28px}}
svg{{width:520px;max-width:100%;margin:6px 12px 6px 0;font:11px system-ui,sans-serif}}svg.wide{{width:100%}}
svg text{{fill:#3a4654}}svg .t{{font-size:13px;font-weight:600}}svg .s{{font-size:9px}}
.b{{fill:#5b8def}}.g{{stroke:#dde3ea}}.q{{stroke:#1d2733;stroke-dasharray:3 3}}.m{{stroke:#d1495b;stroke-width:2}}
table{{border-collapse:collapse;font-variant-numeric:tabular-nums}}td,th{{border-bottom:1px solid #dde3ea;padding:3px 12px 3px 0;text-align:left}}
code{{background:#f1f4f8;padding:1px 4px;overflow-wrap:anywhere}}.good{{color:#1a7f4b}}.bad{{color:#b3261e}}
@media print{{body{{margin:0;font-size:11px}}svg{{break-inside:avoid}}}}
</style></head><body><h1>{0}</h1>{1}</body></html>
)",
      escaped(title), body);
}

}  // namespace swiftlet::sim
