#include <fmt/core.h>

#include <string_view>

#include "planner/explain.hpp"

namespace swiftlet::planner {
namespace {

std::string named(const ErrorCause& cause) {
  return cause.id.empty() ? cause.kind : fmt::format("{} {}", cause.kind, cause.id);
}

std::string end_line(std::string_view word, const Explanation::End& end) {
  return fmt::format("{}: deck at {:.1f} m, transit from {:.1f} m{}", word, end.deck_msl_m, end.transit_msl_m,
                     end.aside_m > 0.0 ? fmt::format(", {:.2f} m beside it", end.aside_m) : ", straight over it");
}

std::string binding_line(const Explanation::Binding& b) {
  if (b.what == "geozone") return fmt::format("passes over or under {}", named(*b.cause));
  return fmt::format("{}: {:.2f} m, {:.2f} m allowed{}", b.what, b.value_m, b.limit_m,
                     b.cause ? ", at " + named(*b.cause) : "");
}

}  // namespace

std::vector<std::string> explanation_lines(const Route& route) {
  const Explanation& e = route.explanation.value();
  std::vector<std::string> lines;
  if (e.start) lines.push_back(end_line("start", *e.start));
  if (e.goal) lines.push_back(end_line("goal", *e.goal));
  if (e.straight && e.straight->free) lines.emplace_back("the straight line is open at some height all the way");
  if (e.straight && e.straight->blocked_by) {
    lines.push_back(fmt::format("the straight line is closed by {} at {:.6f}, {:.6f}", named(*e.straight->blocked_by),
                                e.straight->at->lon_deg, e.straight->at->lat_deg));
  }
  if (!e.found_by.empty())
    lines.push_back(fmt::format("found by: {}; {} ways timed, {} work units", e.found_by, e.tracks, e.work_units));
  if (e.bound) {
    lines.push_back(
        fmt::format("no flight is faster than {:.1f} s: {:.1f} s over {:.0f} m of ground, {:.1f} s up, {:.1f} s down",
                    e.bound->across_s + e.bound->climb_s + e.bound->landing_s, e.bound->across_s, e.bound->ground_m,
                    e.bound->climb_s, e.bound->landing_s));
  }
  for (const Explanation::Binding& b : e.binding) lines.push_back("binds: " + binding_line(b));
  for (const Route& other : route.alternatives) {
    const Difference& d = other.differs.value();
    lines.push_back(fmt::format("alternative: {} {}{}, up to {:.0f} m {}; costs {:.3g} times as much", d.side,
                                d.of ? "of " + named(*d.of) : "the first one", d.kind == "layer" ? " (a layer)" : "",
                                d.apart_m, d.kind == "layer" ? "higher" : "away",
                                route.cost > 0.0 ? other.cost / route.cost : 1.0));
  }
  if (route.error && route.error->cause) lines.push_back("in the way: " + named(*route.error->cause));
  if (route.hints.depart_after) lines.push_back("try: depart at " + format_rfc3339(*route.hints.depart_after));
  if (route.hints.max_height_agl_m)
    lines.push_back(fmt::format("try: --policy max_height_agl_m={:g}", *route.hints.max_height_agl_m));
  if (!route.hints.pad.empty()) lines.push_back("try: pad " + route.hints.pad);
  return lines;
}

}  // namespace swiftlet::planner
