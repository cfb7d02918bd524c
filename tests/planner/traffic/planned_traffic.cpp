#include "tests/planner/traffic/planned_traffic.hpp"

#include <algorithm>
#include <memory>

#include "tests/scenarios/dense_referee.hpp"

namespace swiftlet::planner::test {

using geo::Enu3;

namespace {

double draw(std::mt19937_64& random, double from, double to) {
  return std::uniform_real_distribution<double>(from, to)(random);
}

std::string drawn_town(std::mt19937_64& random) {
  constexpr int kRows = 9;
  constexpr int kColumns = 40;
  constexpr std::string_view kHouses = "123456789#";
  std::vector<std::string> rows(kRows, std::string(kColumns, '.'));
  for (int k = 0; k < 9; ++k) {
    const int row = std::uniform_int_distribution<int>(0, kRows - 3)(random);
    const int column = std::uniform_int_distribution<int>(6, kColumns - 10)(random);
    const char house = kHouses[std::uniform_int_distribution<std::size_t>(0, kHouses.size() - 1)(random)];
    for (int j = row; j < row + 3; ++j)
      rows[static_cast<std::size_t>(j)].replace(static_cast<std::size_t>(column), 3, 3, house);
  }
  rows[4][1] = 'A';
  rows[3][kColumns - 3] = 'B';
  std::string map = "\n";
  for (const std::string& row : rows) map += row + "\n";
  return map;
}

}  // namespace

PlannedFlight planned_flight(std::mt19937_64& random, const std::string& vehicle) {
  PlannedFlight out{.town = swiftlet::test::draw(drawn_town(random)),
                    .request = swiftlet::test::between("A", "B"),
                    .vehicle = load_vehicle(vehicle).value(),
                    .route = {}};
  if (draw(random, 0.0, 1.0) < 0.5) std::swap(out.request.from, out.request.to);
  out.request.policy.min_height_agl_m = draw(random, 20.0, 40.0);
  out.request.policy.max_height_agl_m = out.request.policy.min_height_agl_m + draw(random, 10.0, 60.0);
  out.request.wind = geo::Wind{.speed_m_s = draw(random, 0.0, 7.0), .from_deg = draw(random, 0.0, 360.0)};
  const geo::AirspacePtr airspace = out.town.airspace;
  const Planner planner(airspace, std::make_shared<swiftlet::test::DenseReferee>(airspace));
  out.route = planner.plan(out.request, out.vehicle);
  return out;
}

UnevenFlight::UnevenFlight(std::mt19937_64& random, const Route& route, const geo::LocalFrame& frame,
                           bool speeds_are_a_profile)
    : frame_(frame) {
  for (std::size_t k = 0; k + 1 < route.waypoints.size(); ++k) {
    const Waypoint& a = route.waypoints[k];
    const Waypoint& b = route.waypoints[k + 1];
    Hop hop{.a = a.position, .b = b.position, .from_s = a.t_s, .to_s = b.t_s, .turn = draw(random, 0.0, 1.0)};
    const double level_m = (frame.to_local(b.position) - frame.to_local(a.position)).head<2>().norm();
    if (speeds_are_a_profile && level_m > 0.05) {
      const double mean_m_s = level_m / (b.t_s - a.t_s);
      const double low = std::min({a.ground_speed_m_s / mean_m_s, b.ground_speed_m_s / mean_m_s, 1.0});
      const double high = std::max({a.ground_speed_m_s / mean_m_s, b.ground_speed_m_s / mean_m_s, 1.0});
      const double first = hop.turn < 0.5 ? low : high;
      hop.turn = high > low ? (first == low ? high - 1.0 : 1.0 - low) / (high - low) : 1.0;
      hop.before_turn = hop.after_turn = first * hop.turn;
    }
    hops_.push_back(hop);
  }
}

Enu3 UnevenFlight::at(double t_s) const {
  std::size_t k = 0;
  while (k + 1 < hops_.size() && hops_[k].to_s < t_s) ++k;
  const Hop& hop = hops_[k];
  const double time = hop.to_s > hop.from_s ? std::clamp((t_s - hop.from_s) / (hop.to_s - hop.from_s), 0.0, 1.0) : 1.0;
  double share = hop.after_turn;
  if (time < hop.turn) {
    share = hop.before_turn * time / hop.turn;
  } else if (hop.turn < 1.0) {
    share = hop.after_turn + (1.0 - hop.after_turn) * (time - hop.turn) / (1.0 - hop.turn);
  }
  return frame_.to_local(GeoPoint{hop.a.lon_deg + share * (hop.b.lon_deg - hop.a.lon_deg),
                                  hop.a.lat_deg + share * (hop.b.lat_deg - hop.a.lat_deg),
                                  hop.a.alt_msl_m + share * (hop.b.alt_msl_m - hop.a.alt_msl_m)});
}

}  // namespace swiftlet::planner::test
