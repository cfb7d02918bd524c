#include "sim/fleet/scenario_sweep.hpp"

#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <optional>

namespace swiftlet::sim {
namespace {

constexpr int kMostValues = 10'000;

std::optional<double> number(std::string_view text) {
  double value = 0.0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view line) {
  const auto begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

/// Whole numbers without a point, so that they pass where whole numbers are asked for.
std::string as_toml(double value) {
  return value == std::floor(value) && std::abs(value) < 1e15 ? fmt::format("{:.0f}", value) : fmt::format("{}", value);
}

}  // namespace

Expected<Sweep> parse_sweep(std::string_view text) {
  const auto wrong = [&] {
    return fail(ErrorCode::usage, fmt::format("\"{}\" should be SECTION.KEY=FROM..TO:COUNT", text), "--sweep");
  };
  const auto equals = text.find('=');
  const auto dot = text.find('.');
  const auto dots = text.find("..", equals == std::string_view::npos ? 0 : equals);
  const auto colon = text.rfind(':');
  if (equals == std::string_view::npos || dot == std::string_view::npos || dot > equals ||
      dots == std::string_view::npos || colon == std::string_view::npos || colon < dots) {
    return wrong();
  }
  const auto from = number(text.substr(equals + 1, dots - equals - 1));
  const auto to = number(text.substr(dots + 2, colon - dots - 2));
  const auto count = number(text.substr(colon + 1));
  if (!from || !to || !count || *count < 1.0 || *count > kMostValues || *count != std::floor(*count)) return wrong();
  Sweep sweep{.section = std::string(text.substr(0, dot)), .key = std::string(text.substr(dot + 1, equals - dot - 1))};
  if (sweep.section.empty() || sweep.key.empty()) return wrong();
  const int n = static_cast<int>(*count);
  for (int k = 0; k < n; ++k) sweep.values.push_back(n == 1 ? *from : *from + (*to - *from) * k / (n - 1));
  return sweep;
}

std::vector<std::vector<double>> sweep_points(const std::vector<Sweep>& sweeps) {
  std::vector<std::vector<double>> points{{}};
  for (const Sweep& sweep : sweeps) {
    std::vector<std::vector<double>> longer;
    for (const auto& point : points) {
      for (const double value : sweep.values) {
        longer.push_back(point);
        longer.back().push_back(value);
      }
    }
    points = std::move(longer);
  }
  return points;
}

std::string with_value(std::string_view text, const std::string& section, const std::string& key, double value) {
  const std::string line = fmt::format("{} = {}", key, as_toml(value));
  const std::string head = fmt::format("[{}]", section);
  std::string out;
  bool inside = false;
  bool done = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const std::string_view raw = text.substr(at, end - at);
    const std::string_view bare = trimmed(raw);
    at = end + 1;
    if (bare.starts_with("[")) inside = trimmed(bare.substr(0, bare.find('#'))) == head;
    const bool is_key = inside && bare.starts_with(key) && trimmed(bare.substr(key.size())).starts_with("=");
    if (is_key) {
      out += done ? "" : line + "\n";
      done = true;
      continue;
    }
    out += std::string(raw) + "\n";
    if (inside && !done && bare.starts_with("[")) {
      // Put in right behind the head; an older line further down is left out when it comes.
      out += line + "\n";
      done = true;
    }
  }
  if (!done) out += fmt::format("\n{}\n{}\n", head, line);
  return out;
}

}  // namespace swiftlet::sim
