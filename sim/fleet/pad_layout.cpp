#include "sim/fleet/pad_layout.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "geo/airspace_view.hpp"
#include "geo/obstacle_index.hpp"
#include "planner/column_islands.hpp"
#include "planner/terminal.hpp"

namespace swiftlet::sim {
namespace {

using geo::Enu2;

constexpr double kSpare_m = 1.0;
constexpr double kLeastGround_m = 0.5;  // sea and shore are no place to stand

double rounded(double v, double scale) { return std::round(v * scale) / scale; }

/// The air above a region that its largest proven island holds.
class SharedAir {
 public:
  explicit SharedAir(const geo::AirspacePtr& airspace)
      : view_(airspace, {.policy = airspace->policy, .from = {}, .to = {}, .authorisations = {}}),
        islands_(planner::ColumnGrid(view_, planner::Trust::proven, {.finest_m = view_.grid().cell_m}),
                 planner::Trust::proven),
        largest_(islands_.largest()) {}

  /// Whether a drone that lands there comes down from it, and gets back.
  [[nodiscard]] bool is_over(const LonLat& at) const {
    const auto place = planner::resolve(view_, planner::GroundPoint{at, 0.0}, planner::RouteEnd::goal);
    if (!place) return false;
    const auto terminal = planner::find_terminal(view_, *place, planner::RouteEnd::goal);
    return terminal && islands_.at(terminal->transit_enu().head<2>()) == largest_;
  }

 private:
  geo::AirspaceView view_;
  planner::ColumnIslands islands_;
  std::uint32_t largest_;
};

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

}  // namespace

FreeGround::FreeGround(geo::AirspacePtr airspace, double apart_m)
    : airspace_(std::move(airspace)),
      apart_m_(apart_m),
      corner_enu_(airspace_->bounds.grid().origin),
      nx_(static_cast<int>(airspace_->bounds.grid().nx * airspace_->bounds.grid().cell_m / apart_m)),
      ny_(static_cast<int>(airspace_->bounds.grid().ny * airspace_->bounds.grid().cell_m / apart_m)) {
  const geo::ObstacleIndex index(airspace_->bounds.grid(), airspace_->obstacles);
  const SharedAir air(airspace_);
  const double radius_m = airspace_->policy.terminal_radius_m + kSpare_m;
  for (int j = 0; j < ny_; ++j) {
    for (int i = 0; i < nx_; ++i) {
      const bool free = is_free(*airspace_, index, at(i, j), radius_m) && air.is_over(place_of(at(i, j)));
      free_.push_back(free ? 1 : 0);
    }
  }
}

Enu2 FreeGround::at(int i, int j) const { return corner_enu_ + apart_m_ * Enu2(i + 0.5, j + 0.5); }

LonLat FreeGround::place_of(const Enu2& p_enu) const {
  const LonLat lonlat = airspace_->frame.to_lonlat(p_enu);
  return {.lon_deg = rounded(lonlat.lon_deg, 1e8), .lat_deg = rounded(lonlat.lat_deg, 1e8)};
}

std::vector<std::size_t> FreeGround::places(int i0, int j0, int across, int wanted) const {
  std::vector<std::size_t> found;
  for (int j = j0; j < std::min(j0 + across, ny_); ++j) {
    for (int i = i0; i < std::min(i0 + across, nx_) && static_cast<int>(found.size()) < wanted; ++i) {
      const std::size_t place =
          static_cast<std::size_t>(j) * static_cast<std::size_t>(nx_) + static_cast<std::size_t>(i);
      if (free_[place] != 0) found.push_back(place);
    }
  }
  return found;
}

geo::Pad FreeGround::pad_of(geo::PadKind kind, std::string id, const std::vector<std::size_t>& places) const {
  geo::Pad pad{.id = std::move(id), .name = "laid-out pad", .kind = kind, .slots = {}};
  for (const std::size_t place : places) {
    const int i = static_cast<int>(place % static_cast<std::size_t>(nx_));
    const int j = static_cast<int>(place / static_cast<std::size_t>(nx_));
    const LonLat lonlat = place_of(at(i, j));
    pad.slots.push_back({.lon_deg = lonlat.lon_deg,
                         .lat_deg = lonlat.lat_deg,
                         .alt_msl_m = rounded(*airspace_->terrain.height_msl_m(at(i, j)), 1e3)});
  }
  return pad;
}

Expected<std::vector<geo::Pad>> FreeGround::lay_out(geo::PadKind kind, const std::string& prefix, int pads,
                                                    int slots_each) {
  const int across = static_cast<int>(std::ceil(std::sqrt(slots_each * 1.5)));
  // Pads are taken row by row, each as far from all before it as there is room for: first far apart, then nearer.
  struct Block {
    Enu2 corner;
    std::vector<std::size_t> places;
  };
  std::vector<Block> best;
  const std::vector<char> before = free_;
  for (double spacing_m = std::sqrt(nx_ * ny_ / static_cast<double>(pads)) * apart_m_; spacing_m >= across * apart_m_;
       spacing_m *= 0.8) {
    std::vector<Block> taken;
    free_ = before;
    for (int j = 0; j < ny_ && static_cast<int>(taken.size()) < pads; ++j) {
      for (int i = 0; i < nx_ && static_cast<int>(taken.size()) < pads; ++i) {
        const bool near = std::any_of(taken.begin(), taken.end(),
                                      [&](const Block& one) { return (one.corner - at(i, j)).norm() < spacing_m; });
        if (near) continue;
        auto found = places(i, j, across, slots_each);
        if (static_cast<int>(found.size()) != slots_each) continue;
        for (const std::size_t place : found) free_[place] = 0;
        const auto first = static_cast<int>(found.front());
        taken.push_back({.corner = at(first % nx_, first / nx_), .places = std::move(found)});
      }
    }
    if (taken.size() > best.size()) best = std::move(taken);
    if (static_cast<int>(best.size()) == pads) break;
  }
  free_ = before;
  if (static_cast<int>(best.size()) < pads) {
    return fail(ErrorCode::value_invalid,
                fmt::format("the region has room for {} pads of {} slots {} m apart, not for {}", best.size(),
                            slots_each, apart_m_, pads));
  }
  std::vector<geo::Pad> made;
  for (const Block& block : best) {
    for (const std::size_t place : block.places) free_[place] = 0;
    made.push_back(pad_of(kind, fmt::format("{}{:03}", prefix, made.size() + 1), block.places));
  }
  return made;
}

}  // namespace swiftlet::sim
