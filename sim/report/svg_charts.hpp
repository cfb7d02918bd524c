#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/route/statistics.hpp"

namespace swiftlet::sim {

/// Text that may stand in HTML and in attributes.
[[nodiscard]] std::string escaped(std::string_view text);

/// A histogram as an inline SVG, with its quantiles P10, P50, P90 as lines and, where given, a mark (the predicted
/// value).
[[nodiscard]] std::string histogram_svg(std::span<const double> values, std::string_view title, std::string_view unit,
                                        const double* mark = nullptr);

struct Series {
  std::string name;
  std::string colour;
  std::vector<double> x;
  std::vector<double> y;
};
/// Lines over a common x axis, as an inline SVG. Points that are not finite are left out.
[[nodiscard]] std::string lines_svg(const std::vector<Series>& series, std::string_view title, std::string_view x_label,
                                    std::string_view y_label);

/// Bars with names, each a share from 0 to 1.
[[nodiscard]] std::string shares_svg(const std::vector<std::pair<std::string, double>>& shares, std::string_view title);

/// A whole page: self-contained, readable on paper; nothing is loaded from elsewhere.
[[nodiscard]] std::string html_page(std::string_view title, std::string_view body);
[[nodiscard]] std::string html_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace swiftlet::sim
