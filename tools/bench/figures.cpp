#include "tools/bench/figures.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <thread>

namespace swiftlet::tools {
namespace {

using nlohmann::ordered_json;

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(':');
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

}  // namespace

void FigureSheet::add(Figure figure) {
  if (!std::isfinite(figure.value)) {
    fmt::print(stderr, "swiftlet: bench: no sample for {}\n", figure.name);
    return;
  }
  figures_.push_back(std::move(figure));
}

ordered_json FigureSheet::to_json(std::uint64_t seed) const {
  ordered_json list = ordered_json::array();
  for (const Figure& f : figures_) {
    ordered_json line{{"name", f.name}, {"value", f.value}, {"unit", f.unit}};
    if (f.bar) line["bar"] = *f.bar;
    line["better"] = f.lower_is_better ? "lower" : "higher";
    line["holds"] = f.holds();
    line["source"] = f.stored ? "stored" : "run";
    if (!f.reference_commit.empty()) {
      line["commit"] = f.reference_commit;
      line["date"] = f.reference_date;
    }
    list.push_back(std::move(line));
  }
  return {{"schema", "swiftlet.bench/1"},
          {"machine", {{"cpu", cpu_model()}, {"cores", std::thread::hardware_concurrency()}}},
          {"seed", seed},
          {"figures", std::move(list)}};
}

std::string FigureSheet::table() const {
  std::string out;
  for (const Figure& f : figures_) {
    out += fmt::format("{:<52} {:>12.6g} {:<8}", f.name, f.value, f.unit);
    if (f.bar)
      out += fmt::format(" {} {:g}: {}", f.lower_is_better ? "at most" : "at least", *f.bar,
                         f.holds() ? "holds" : "DOES NOT HOLD");
    out += '\n';
  }
  return out;
}

double quantile(std::vector<double> values, double p) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto rank = static_cast<std::size_t>(
      std::clamp(std::ceil(p * static_cast<double>(values.size())) - 1.0, 0.0, static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rank), values.end());
  return values[rank];
}

double mean(const std::vector<double>& values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace swiftlet::tools
