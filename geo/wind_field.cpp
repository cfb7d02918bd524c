#include "geo/wind_field.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "geo/lattice_crossings.hpp"
#include "geo/terrain_patch.hpp"

namespace swiftlet::geo {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Gauss and Legendre's three places in [0, 1]: exact to the fifth degree. The wind at a height is of the third along a
/// segment (bilinear in place, linear in time), the chord of its profile adds one.
constexpr double kGaussAt[] = {0.1127016653792583, 0.5, 0.8872983346207417};
constexpr double kGaussWeight[] = {5.0 / 18.0, 8.0 / 18.0, 5.0 / 18.0};

/// The height above the ground along a piece of a segment: within spread_m of the straight line from first to last.
struct HeightAlong {
  double first_agl_m = 0.0;
  double last_agl_m = 0.0;
  double spread_m = 0.0;  ///< infinite where the ground is not known
};

/// Over one cell of the bounds. p and q: the ends of the piece.
HeightAlong height_along(const TerrainBounds& terrain, const Enu3& p, const Enu3& q) {
  const GridFrame& grid = terrain.grid();
  const Enu2 cell = (0.5 * (p + q).head<2>() - grid.origin) / grid.cell_m;
  const int i = static_cast<int>(std::clamp(cell.x(), -1.0, static_cast<double>(grid.nx)));
  const int j = static_cast<int>(std::clamp(cell.y(), -1.0, static_cast<double>(grid.ny)));
  if (cell.x() < 0.0 || cell.y() < 0.0 || i >= grid.nx || j >= grid.ny) return {0.0, 0.0, kInfinity};
  terrain.touch(i, i + 1, j, j + 1);
  if (!terrain.flyable(i, j)) return {0.0, 0.0, kInfinity};
  const TerrainPatch hi{terrain.hi_msl_m(i, j), terrain.hi_msl_m(i + 1, j), terrain.hi_msl_m(i, j + 1),
                        terrain.hi_msl_m(i + 1, j + 1)};
  const TerrainPatch lo{terrain.lo_msl_m(i, j), terrain.lo_msl_m(i + 1, j), terrain.lo_msl_m(i, j + 1),
                        terrain.lo_msl_m(i + 1, j + 1)};
  const Enu2 uv0 = (p.head<2>() - grid.node(i, j)) / grid.cell_m;
  const Enu2 uv1 = (q.head<2>() - grid.node(i, j)) / grid.cell_m;
  const double hi0 = hi.at(uv0.x(), uv0.y());
  const double hi1 = hi.at(uv1.x(), uv1.y());
  const double lo0 = lo.at(uv0.x(), uv0.y());
  const double lo1 = lo.at(uv1.x(), uv1.y());
  // A parabola leaves its chord by at most a quarter of its second coefficient.
  const double bend =
      std::max(std::abs(hi.twist()), std::abs(lo.twist())) * std::abs((uv1.x() - uv0.x()) * (uv1.y() - uv0.y())) / 4.0;
  return {p.z() - 0.5 * (hi0 + lo0), q.z() - 0.5 * (hi1 + lo1), 0.5 * std::max(hi0 - lo0, hi1 - lo1) + bend};
}

/// By how much the profile's factor may leave the straight line between its values at the ends of the piece.
double factor_error(const WindProfile& profile, const HeightAlong& h) {
  const double lowest = std::min(h.first_agl_m, h.last_agl_m) - h.spread_m;
  const double highest = std::max(h.first_agl_m, h.last_agl_m) + h.spread_m;
  const double range = profile.factor(highest) - profile.factor(lowest);
  if (!(lowest > profile.calm_below_m())) return range;
  const double climb = h.last_agl_m - h.first_agl_m;
  return std::min(range,
                  profile.slope_per_m(lowest) * h.spread_m + profile.curvature_per_m2(lowest) * climb * climb / 8.0);
}

/// Into how many parts a piece is cut, so that the profile hardly bends in each.
int parts(const WindProfile& profile, const HeightAlong& h) {
  constexpr double kBend = 0.05;
  constexpr double kMost = 400.0;
  const double lowest = std::min(h.first_agl_m, h.last_agl_m) - profile.displacement_m;
  const double climb = std::abs(h.last_agl_m - h.first_agl_m);
  return 1 + static_cast<int>(std::min(kMost, climb / (kBend * std::max(lowest, 0.5))));
}

}  // namespace

Enu2 velocity_of(const Wind& wind) {
  const double from_rad = wind.from_deg * std::numbers::pi / 180.0;
  return -wind.speed_m_s * Enu2(std::sin(from_rad), std::cos(from_rad));
}

WindField::WindField(const Wind& wind, const WindProfile& profile) : profile_(profile) {
  profile_.at_height_m = wind.at_height_m;
  if (!profile_.sound()) throw std::invalid_argument("a wind profile that blows nothing at its own height");
  const Enu2 v = velocity_of(wind);
  velocity_m_s_ = std::vector<double>{v.x(), v.y()};
  fastest_m_s_ = v.norm();
}

WindField::WindField(const WindProfile& profile, const Lattice& lattice, std::vector<UtcTime> instants,
                     FlatArray<double> velocity_m_s)
    : profile_(profile), lattice_(lattice), instants_(std::move(instants)), velocity_m_s_(std::move(velocity_m_s)) {
  velocity_m_s_.touch_all();
  const bool placed = lattice_.nx >= 1 && lattice_.ny >= 1 && lattice_.origin.allFinite() && lattice_.spacing_m > 0.0;
  const auto nodes = static_cast<std::size_t>(lattice_.nx) * static_cast<std::size_t>(lattice_.ny);
  if (!placed || !profile_.sound() || instants_.empty() ||
      !std::is_sorted(instants_.begin(), instants_.end(), std::less_equal<>()) ||
      velocity_m_s_.size() != 2 * nodes * instants_.size()) {
    throw std::invalid_argument("a wind field whose parts do not fit");
  }
  for (const UtcTime t : instants_) seconds_.push_back(seconds_between(instants_.front(), t));
  for (std::size_t n = 0; n < velocity_m_s_.size(); n += 2) {
    fastest_m_s_ = std::max(fastest_m_s_, std::hypot(velocity_m_s_[n], velocity_m_s_[n + 1]));
    if (!std::isfinite(velocity_m_s_[n] + velocity_m_s_[n + 1])) {
      throw std::invalid_argument("a wind field with a wind that is no number");
    }
  }
}

bool operator==(const WindField& a, const WindField& b) {
  return a.profile_ == b.profile_ && a.lattice_ == b.lattice_ && a.instants_ == b.instants_ &&
         std::equal(a.velocity_m_s_.begin(), a.velocity_m_s_.end(), b.velocity_m_s_.begin(), b.velocity_m_s_.end());
}

bool WindField::covers(UtcTime from, UtcTime to) const {
  return uniform() || (instants_.front() <= from && to <= instants_.back());
}

double WindField::seconds_after_first(UtcTime t) const { return uniform() ? 0.0 : seconds_between(instants_[0], t); }

WindField::Moment WindField::moment(double seconds) const {
  if (seconds_.size() < 2 || seconds <= 0.0) return {0, 0.0};
  if (seconds >= seconds_.back()) return {seconds_.size() - 2, 1.0};
  const auto next =
      static_cast<std::size_t>(std::upper_bound(seconds_.begin(), seconds_.end(), seconds) - seconds_.begin());
  return {next - 1, (seconds - seconds_[next - 1]) / (seconds_[next] - seconds_[next - 1])};
}

Enu2 WindField::node(std::size_t instant, int i, int j) const {
  const auto nx = static_cast<std::size_t>(lattice_.nx);
  const auto ny = static_cast<std::size_t>(lattice_.ny);
  const std::size_t n = 2 * ((instant * ny + static_cast<std::size_t>(j)) * nx + static_cast<std::size_t>(i));
  return {velocity_m_s_[n], velocity_m_s_[n + 1]};
}

Enu2 WindField::at_reference_m_s(const Enu2& p_enu, double seconds) const {
  if (uniform()) return {velocity_m_s_[0], velocity_m_s_[1]};
  const Enu2 g = (p_enu - lattice_.origin) / lattice_.spacing_m;
  const double x = std::clamp(g.x(), 0.0, static_cast<double>(lattice_.nx - 1));
  const double y = std::clamp(g.y(), 0.0, static_cast<double>(lattice_.ny - 1));
  const int i = std::min(static_cast<int>(x), std::max(0, lattice_.nx - 2));
  const int j = std::min(static_cast<int>(y), std::max(0, lattice_.ny - 2));
  const int i1 = std::min(i + 1, lattice_.nx - 1);
  const int j1 = std::min(j + 1, lattice_.ny - 1);
  const double u = x - i;
  const double v = y - j;
  const auto over = [&](std::size_t k) -> Enu2 {
    return (1 - v) * ((1 - u) * node(k, i, j) + u * node(k, i1, j)) +
           v * ((1 - u) * node(k, i, j1) + u * node(k, i1, j1));
  };
  const Moment m = moment(seconds);
  if (m.share == 0.0) return over(m.first);
  return (1.0 - m.share) * over(m.first) + m.share * over(m.first + 1);
}

Enu2 WindField::velocity_m_s(const Enu2& p_enu, double height_agl_m, UtcTime t) const {
  return profile_.factor(height_agl_m) * at_reference_m_s(p_enu, seconds_after_first(t));
}

MeanWind WindField::mean_along(const TerrainBounds& terrain, const Enu3& a, const Enu3& b, UtcTime from,
                               UtcTime to) const {
  MeanWind mean{.velocity_m_s = Enu2::Zero(), .error_m_s = 0.0, .beyond_forecast = !covers(from, to)};
  const bool level = profile_.kind == WindProfileKind::constant;
  const Enu3 step = b - a;
  const double start_s = seconds_after_first(from);
  const double lasts_s = seconds_between(from, to);
  const auto place = [&](double s) -> Enu3 { return a + s * step; };
  const auto next_instant = [&](double s) {
    if (uniform() || lasts_s <= 0.0) return 1.0;
    for (auto next = std::upper_bound(seconds_.begin(), seconds_.end(), start_s + s * lasts_s); next != seconds_.end();
         ++next) {
      const double at = (*next - start_s) / lasts_s;
      if (at > s) return std::min(at, 1.0);  // rounded, it may be the one just passed
    }
    return 1.0;
  };
  const GridFrame& cells = terrain.grid();
  LatticeCrossings ground(cells.origin, cells.cell_m, a.head<2>(), level ? Enu2(a.head<2>()) : Enu2(b.head<2>()));
  LatticeCrossings lattice(lattice_.origin, lattice_.spacing_m, a.head<2>(),
                           uniform() ? Enu2(a.head<2>()) : Enu2(b.head<2>()));
  for (double s0 = 0.0; s0 < 1.0;) {
    ground.pass(s0);
    lattice.pass(s0);
    const double s1 = std::min({ground.next(), lattice.next(), next_instant(s0)});
    HeightAlong height;
    if (!level) height = height_along(terrain, place(s0), place(s1));
    const bool known = std::isfinite(height.spread_m);
    if (!known) mean.error_m_s = kInfinity;
    const int count = level || !known ? 1 : parts(profile_, height);
    for (int k = 0; k < count; ++k) {
      const double u0 = static_cast<double>(k) / count;
      const double u1 = static_cast<double>(k + 1) / count;
      const double climb = height.last_agl_m - height.first_agl_m;
      const HeightAlong part{height.first_agl_m + u0 * climb, height.first_agl_m + u1 * climb, height.spread_m};
      const double f0 = level || !known ? 1.0 : profile_.factor(part.first_agl_m);
      const double f1 = level || !known ? 1.0 : profile_.factor(part.last_agl_m);
      const double share = (s1 - s0) * (u1 - u0);
      for (int g = 0; g < 3; ++g) {
        const double s = s0 + (s1 - s0) * (u0 + kGaussAt[g] * (u1 - u0));
        const Enu2 v = at_reference_m_s(place(s).head<2>(), start_s + s * lasts_s);
        mean.velocity_m_s += share * kGaussWeight[g] * (f0 + kGaussAt[g] * (f1 - f0)) * v;
      }
      if (!level && known) mean.error_m_s += share * fastest_m_s_ * factor_error(profile_, part);
    }
    s0 = s1;
  }
  return mean;
}

double WindField::fastest_m_s(const Box2& box, double highest_agl_m, UtcTime from, UtcTime to) const {
  const double factor = profile_.factor(highest_agl_m);
  if (uniform()) return fastest_m_s_ * factor;
  const auto range = [&](double low, double high, double origin, int count) {
    const auto node_at = [&](double x) { return static_cast<int>(std::clamp(x, 0.0, static_cast<double>(count - 1))); };
    return std::pair(node_at(std::floor((low - origin) / lattice_.spacing_m)),
                     node_at(std::ceil((high - origin) / lattice_.spacing_m)));
  };
  const auto [i0, i1] = range(box.min.x(), box.max.x(), lattice_.origin.x(), lattice_.nx);
  const auto [j0, j1] = range(box.min.y(), box.max.y(), lattice_.origin.y(), lattice_.ny);
  const Moment first = moment(seconds_after_first(from));
  const Moment last = moment(seconds_after_first(to));
  double fastest = 0.0;
  for (std::size_t k = first.first; k <= std::min(last.first + 1, instants_.size() - 1); ++k) {
    for (int j = j0; j <= j1; ++j) {
      for (int i = i0; i <= i1; ++i) fastest = std::max(fastest, node(k, i, j).norm());
    }
  }
  return fastest * factor;
}

}  // namespace swiftlet::geo
