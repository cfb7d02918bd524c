#include "sim/fleet/pad_layout.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "geo/obstacle_index.hpp"

namespace swiftlet::sim {
namespace {

using geo::Enu2;

constexpr double kSpare_m = 1.0;
constexpr double kLeastGround_m = 0.5;  // sea and shore are no place to stand

bool is_free(const geo::Airspace& airspace, const geo::ObstacleIndex& index, const Enu2& p, double radius_m) {
  const auto ground = airspace.terrain.height_msl_m(p);
  if (!ground || *ground < kLeastGround_m) return false;
  geo::Box2 box;
  box.include(p);
  for (const std::size_t k : index.meeting(airspace.obstacles, box.grown(radius_m))) {
    if (geo::distance_m(airspace.obstacles[k].footprint, p) < radius_m) return false;
  }
  return std::none_of(airspace.zones.begin(), airspace.zones.end(), [&](const geo::Geozone& zone) {
    return zone.blocks({}) && zone.box.grown(radius_m).contains(p) && geo::distance_m(zone.footprint, p) < radius_m;
  });
}

/// Where a drone may stand, on a lattice over the region.
struct Lattice {
  Enu2 corner_enu;
  double step_m;
  int nx;
  int ny;
  std::vector<char> free;

  Lattice(const geo::Airspace& airspace, double step)
      : corner_enu(airspace.bounds.grid().origin),
        step_m(step),
        nx(static_cast<int>(airspace.bounds.grid().nx * airspace.bounds.grid().cell_m / step)),
        ny(static_cast<int>(airspace.bounds.grid().ny * airspace.bounds.grid().cell_m / step)) {
    const geo::ObstacleIndex index(airspace.bounds.grid(), airspace.obstacles);
    const double radius_m = airspace.policy.terminal_radius_m + kSpare_m;
    for (int j = 0; j < ny; ++j) {
      for (int i = 0; i < nx; ++i) free.push_back(is_free(airspace, index, at(i, j), radius_m) ? 1 : 0);
    }
  }
  [[nodiscard]] Enu2 at(int i, int j) const { return corner_enu + step_m * Enu2(i + 0.5, j + 0.5); }

  /// The first `wanted` free places of the block with that corner; fewer if it has no more.
  [[nodiscard]] std::vector<Enu2> places(int i0, int j0, int across, int wanted) const {
    std::vector<Enu2> found;
    for (int j = j0; j < std::min(j0 + across, ny); ++j) {
      for (int i = i0; i < std::min(i0 + across, nx) && static_cast<int>(found.size()) < wanted; ++i) {
        if (free[static_cast<std::size_t>(j) * static_cast<std::size_t>(nx) + static_cast<std::size_t>(i)] != 0) {
          found.push_back(at(i, j));
        }
      }
    }
    return found;
  }
};

geo::Pad hub_of(const geo::Airspace& airspace, std::size_t number, const std::vector<Enu2>& places) {
  geo::Pad pad{.id = fmt::format("HX{:03}", number), .name = "laid-out hub", .kind = geo::PadKind::hub, .slots = {}};
  const auto rounded = [](double v, double scale) { return std::round(v * scale) / scale; };
  for (const Enu2& p : places) {
    const LonLat at = airspace.frame.to_lonlat(p);
    pad.slots.push_back({.lon_deg = rounded(at.lon_deg, 1e8),
                         .lat_deg = rounded(at.lat_deg, 1e8),
                         .alt_msl_m = rounded(*airspace.terrain.height_msl_m(p), 1e3)});
  }
  return pad;
}

}  // namespace

Expected<std::vector<geo::Pad>> lay_out_hubs(const geo::Airspace& airspace, int hubs, int slots_each, double apart_m) {
  const Lattice lattice(airspace, apart_m);
  const int across = static_cast<int>(std::ceil(std::sqrt(slots_each * 1.5)));
  // Hubs are taken row by row, each as far from all before it as there is room for: first far apart, then nearer.
  std::vector<std::vector<Enu2>> best;
  for (double spacing_m = std::sqrt(lattice.nx * lattice.ny / static_cast<double>(hubs)) * apart_m;
       spacing_m >= across * apart_m; spacing_m *= 0.8) {
    std::vector<std::vector<Enu2>> taken;
    for (int j = 0; j < lattice.ny && static_cast<int>(taken.size()) < hubs; ++j) {
      for (int i = 0; i < lattice.nx && static_cast<int>(taken.size()) < hubs; ++i) {
        const Enu2 corner = lattice.at(i, j);
        const bool near = std::any_of(taken.begin(), taken.end(), [&](const std::vector<Enu2>& hub) {
          return (hub.front() - corner).norm() < spacing_m;
        });
        if (near) continue;
        auto places = lattice.places(i, j, across, slots_each);
        if (static_cast<int>(places.size()) == slots_each) taken.push_back(std::move(places));
      }
    }
    if (taken.size() > best.size()) best = std::move(taken);
    if (static_cast<int>(best.size()) == hubs) break;
  }
  if (static_cast<int>(best.size()) < hubs) {
    return fail(ErrorCode::value_invalid,
                fmt::format("the region has room for {} hubs of {} slots {} m apart, not for {}", best.size(),
                            slots_each, apart_m, hubs));
  }
  std::vector<geo::Pad> made;
  for (const auto& places : best) made.push_back(hub_of(airspace, made.size() + 1, places));
  return made;
}

}  // namespace swiftlet::sim
