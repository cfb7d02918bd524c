// The exact segment test against the referee: segments of 1 m to 3 km, anywhere and grazing, are tested both ways;
// every one that the view calls free is rounded as a route is and judged on the source files. Fails where the referee
// finds a violation on a free segment, or where (a, b) and (b, a) disagree.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cmath>
#include <mutex>
#include <numbers>
#include <random>
#include <thread>

#include "geo/airspace_view.hpp"
#include "maps/compile.hpp"
#include "maps/referee/referee.hpp"

namespace {

namespace geo = swiftlet::geo;
using geo::Enu2;
using geo::Enu3;

/// Between waypoints this far apart the straight line in lon/lat and in the local frame differ by less than 5 mm.
constexpr double kWaypointSpacing_m = 400.0;

struct Tally {
  std::atomic<long> tested{0};
  std::atomic<long> free{0};
  std::atomic<long> grazing{0};
  std::atomic<long> refused{0};
  std::atomic<long> asymmetric{0};
};

class Campaign {
 public:
  Campaign(const geo::AirspaceView& view, const geo::Referee& referee, Tally& tally)
      : view_(view), referee_(referee), tally_(tally) {}

  void run(std::uint64_t seed, long count) {
    std::mt19937_64 rng(seed);
    for (long k = 0; k < count; k += round(rng)) continue;
  }

 private:
  /// Draws a segment and tests it; grazes with it where it is free. Returns how many were tested.
  long round(std::mt19937_64& rng) {
    std::uniform_real_distribution<double> part(0.0, 1.0);
    const geo::Box2 extent = view_.grid().extent();
    const Enu2 a = extent.min + Enu2(part(rng), part(rng)).cwiseProduct(extent.max - extent.min);
    const double length_m = std::exp(part(rng) * std::log(3000.0));
    const double heading = 2.0 * std::numbers::pi * part(rng);
    const Enu2 b = a + length_m * Enu2(std::cos(heading), std::sin(heading));
    const double top = view_.options().policy.max_height_agl_m;
    const double ground_a = view_.airspace().terrain.height_msl_m(a).value_or(0.0);
    const double ground_b = view_.airspace().terrain.height_msl_m(b).value_or(0.0);
    const Enu3 p(a.x(), a.y(), ground_a + (0.2 + 0.85 * part(rng)) * top);
    const Enu3 q(b.x(), b.y(), part(rng) < 0.3 ? p.z() : ground_b + (0.2 + 0.85 * part(rng)) * top);
    if (!test(p, q)) return 1;
    judge(p, q);
    // Down to the floor, and up to the ceiling or into whatever hangs there.
    for (const double towards : {-top, top}) {
      double free = 0.0;
      double blocked = towards;
      while (std::abs(blocked - free) > 0.001) {
        const double middle = 0.5 * (free + blocked);
        (view_.is_free(p + Enu3(0, 0, middle), q + Enu3(0, 0, middle)) ? free : blocked) = middle;
      }
      ++tally_.grazing;
      if (!test(p + Enu3(0, 0, free), q + Enu3(0, 0, free))) ++tally_.asymmetric;
      judge(p + Enu3(0, 0, free), q + Enu3(0, 0, free));
    }
    return 3;
  }

  bool test(const Enu3& p, const Enu3& q) {
    ++tally_.tested;
    const bool free = view_.is_free(p, q);
    if (free != view_.is_free(q, p)) {
      ++tally_.asymmetric;
      complain("the two directions disagree", p, q);
    }
    return free;
  }

  void judge(const Enu3& p, const Enu3& q) {
    ++tally_.free;
    geo::RouteUnderTest route;
    route.airspace_hash = view_.airspace().hash;
    route.policy = view_.options().policy;
    route.depart = view_.options().from;
    const int steps = std::max(1, static_cast<int>(std::ceil((q - p).norm() / kWaypointSpacing_m)));
    for (int k = 0; k <= steps; ++k) {
      swiftlet::GeoPoint at = view_.airspace().frame.to_geo(p + (q - p) * (static_cast<double>(k) / steps));
      at.lon_deg = std::round(at.lon_deg * 1e8) / 1e8;
      at.lat_deg = std::round(at.lat_deg * 1e8) / 1e8;
      at.alt_msl_m = std::round(at.alt_msl_m * 1e3) / 1e3;
      route.path.push_back(at);
      route.t_s.push_back(10.0 * k);
    }
    const geo::RefereeReport report = referee_.judge(route);
    if (report.ok()) return;
    ++tally_.refused;
    const geo::Violation& v = report.violations.front();
    complain(
        fmt::format("{}: {} m where {} m are required", v.rule, v.actual_m.value_or(0.0), v.required_m.value_or(0.0)),
        p, q);
  }

  static void complain(const std::string& what, const Enu3& p, const Enu3& q) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    fmt::print("WRONG {} on ({:.17g}, {:.17g}, {:.17g}) - ({:.17g}, {:.17g}, {:.17g})\n", what, p.x(), p.y(), p.z(),
               q.x(), q.y(), q.z());
  }

  const geo::AirspaceView& view_;
  const geo::Referee& referee_;
  Tally& tally_;
};

}  // namespace

int main(int argc, char** argv) {
  std::string region = SWIFTLET_SOURCE_DIR "/maps/regions/harbour/region.toml";
  long count = 10'000'000;
  std::uint64_t seed = std::random_device{}();
  double ceiling_m = 0.0;
  unsigned threads = 2;
  CLI::App app{"The exact segment test against the referee"};
  app.add_option("--region", region, "region.toml");
  app.add_option("--count", count, "Segments to test");
  app.add_option("--seed", seed, "Seed; drawn and printed where it is not given");
  app.add_option("--ceiling", ceiling_m, "Ceiling above ground, m; the region's own if 0");
  app.add_option("--threads", threads, "Threads")->check(CLI::Range(1U, 64U));
  CLI11_PARSE(app, argc, argv);
  fmt::print("seed {}\n", seed);

  const auto manifest = swiftlet::maps::read_region_manifest(region);
  auto compiled = manifest ? swiftlet::maps::compile(*manifest) : swiftlet::Unexpected(manifest.error());
  auto referee = manifest ? swiftlet::maps::open_referee(*manifest) : swiftlet::Unexpected(manifest.error());
  if (!compiled || !referee) {
    fmt::print("SKIPPED: {}\n", describe(!compiled ? compiled.error() : referee.error()));
    return 0;
  }
  const auto airspace = std::make_shared<const geo::Airspace>(std::move(compiled->airspace));
  geo::Policy policy = airspace->policy;
  if (ceiling_m > 0.0) policy.max_height_agl_m = ceiling_m;
  Tally tally;
  using namespace std::chrono_literals;
  const auto first = swiftlet::parse_rfc3339("2026-11-21T10:00:00Z").value();
  // Zones have their times: a view for each of three.
  int part = 0;
  for (const auto depart : {first, first + 12h, first + 44h}) {
    const geo::AirspaceView view(airspace,
                                 {.policy = policy, .from = depart, .to = depart + 100s, .authorisations = {}});
    std::vector<std::jthread> workers;
    for (unsigned k = 0; k < threads; ++k) {
      workers.emplace_back([&, k] {
        Campaign(view, **referee, tally).run(seed + 1000 * static_cast<unsigned>(part) + k, count / 3 / threads + 1);
      });
    }
    workers.clear();
    ++part;
  }
  fmt::print("{}: {} segments tested both ways, {} of them grazing; {} free ones judged; refused {}, asymmetric {}\n",
             airspace->name, tally.tested, tally.grazing, tally.free, tally.refused, tally.asymmetric);
  return tally.refused == 0 && tally.asymmetric == 0 ? 0 : 1;
}
