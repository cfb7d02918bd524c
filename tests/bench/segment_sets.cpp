#include "tests/bench/segment_sets.hpp"

#include <numbers>
#include <optional>

namespace swiftlet::bench {
namespace {

using geo::Enu2;
using geo::Enu3;

/// A ground track of that length inside the extent, with an altitude at either end.
std::optional<Segment> draw(const geo::AirspaceView& view, double length_m, double least_agl_m, std::mt19937_64& rng) {
  const geo::Box2 extent = view.grid().extent();
  std::uniform_real_distribution<double> part(0.0, 1.0);
  const Enu2 a = extent.min + Enu2(part(rng), part(rng)).cwiseProduct(extent.max - extent.min);
  const double heading = 2.0 * std::numbers::pi * part(rng);
  const Enu2 b = a + length_m * Enu2(std::cos(heading), std::sin(heading));
  const auto ground_a = view.airspace().terrain.height_msl_m(a);
  const auto ground_b = extent.contains(b) ? view.airspace().terrain.height_msl_m(b) : std::nullopt;
  if (!ground_a || !ground_b) return std::nullopt;
  std::uniform_real_distribution<double> height(least_agl_m, view.options().policy.max_height_agl_m);
  return Segment{{a.x(), a.y(), *ground_a + height(rng)}, {b.x(), b.y(), *ground_b + height(rng)}};
}

constexpr int kTriesEach = 400;

}  // namespace

std::vector<Segment> free_segments(const geo::AirspaceView& view, double length_m, std::size_t count,
                                   std::mt19937_64& rng) {
  std::vector<Segment> found;
  for (std::size_t k = 0; k < count * kTriesEach && found.size() < count; ++k) {
    const auto s = draw(view, length_m, view.options().policy.min_height_agl_m, rng);
    if (s && view.is_free(s->a_enu, s->b_enu)) found.push_back(*s);
  }
  return found;
}

std::vector<Segment> grazing_segments(const geo::AirspaceView& view, double length_m, std::size_t count,
                                      std::mt19937_64& rng) {
  std::vector<Segment> found;
  for (std::size_t k = 0; k < count * kTriesEach && found.size() < count; ++k) {
    const auto s = draw(view, length_m, 0.7 * view.options().policy.max_height_agl_m, rng);
    if (!s || !view.is_free(s->a_enu, s->b_enu)) continue;
    const auto lowered = [&](double by) { return Segment{s->a_enu - Enu3(0, 0, by), s->b_enu - Enu3(0, 0, by)}; };
    double free = 0.0;
    double blocked = view.options().policy.max_height_agl_m;
    while (blocked - free > 0.05) {
      const double middle = 0.5 * (free + blocked);
      const Segment m = lowered(middle);
      (view.is_free(m.a_enu, m.b_enu) ? free : blocked) = middle;
    }
    found.push_back(lowered(free));
  }
  return found;
}

}  // namespace swiftlet::bench
