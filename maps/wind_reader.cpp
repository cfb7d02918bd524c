#include "maps/wind_reader.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "maps/forecast_time.hpp"
#include "maps/forecast_variable.hpp"

namespace swiftlet::maps {
namespace {

using geo::Enu2;

constexpr double kFastest_m_s = 150.0;

/// Which variables make the wind, and how.
struct Pair {
  std::string first, second;  ///< speed and direction, or u and v
  bool polar = true;
  WindVectors vectors = WindVectors::by_name;
};

/// Looks for a pair by what the variables are called in the CF conventions or in GRIB.
Expected<Pair> find_pair(const ForecastFile& file, const WindSource& source, const std::string& where) {
  if (!source.speed_variable.empty()) return Pair{source.speed_variable, source.direction_variable, true, {}};
  if (!source.u_variable.empty()) return Pair{source.u_variable, source.v_variable, false, source.vectors};
  struct Known {
    const char* first;
    const char* second;
    bool polar;
    WindVectors vectors;
  };
  constexpr std::array kKnown{
      Known{"wind_speed", "wind_from_direction", true, WindVectors::by_name},
      Known{"wind speed", "wind direction (from which blowing)", true, WindVectors::by_name},
      Known{"eastward_wind", "northward_wind", false, WindVectors::true_north},
      Known{"x_wind", "y_wind", false, WindVectors::grid},
  };
  std::string names;
  for (const auto& entry : file.entries()) {
    names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", entry.name,
                         entry.standard_name.empty() ? "no standard name" : entry.standard_name);
  }
  for (const Known& known : kKnown) {
    std::array<std::string, 2> found;
    for (std::size_t k = 0; k < 2; ++k) {
      for (const auto& entry : file.entries()) {
        if (entry.standard_name != (k == 0 ? known.first : known.second)) continue;
        if (!found[k].empty()) {
          return fail(ErrorCode::config_invalid,
                      fmt::format("has several variables of {}; name one by speed_variable and direction_variable, or "
                                  "u_variable and v_variable: {}",
                                  entry.standard_name, names),
                      where);
        }
        found[k] = entry.name;
      }
    }
    if (!found[0].empty() && !found[1].empty()) return Pair{found[0], found[1], known.polar, known.vectors};
  }
  return fail(ErrorCode::config_invalid,
              fmt::format("has no pair of variables that is known for wind; name them by speed_variable and "
                          "direction_variable, or u_variable and v_variable: {}",
                          names),
              where);
}

/// Metres a second in a unit; 0 where it is no speed.
double speed_unit(const std::string& unit) {
  const auto is = [&](std::initializer_list<const char*> names) {
    return std::any_of(names.begin(), names.end(), [&](const char* name) { return unit == name; });
  };
  if (is({"m/s", "m s-1", "m s^-1", "m.s-1", "meter/second", "meters/second", "metre/second", "m s**-1"})) return 1.0;
  if (is({"km/h", "km h-1", "kph"})) return 1.0 / 3.6;
  if (is({"kt", "kts", "knot", "knots"})) return 1852.0 / 3600.0;
  return 0.0;
}

/// A forecast as vectors in the local frame, bilinear between its nodes.
class Forecast {
 public:
  static Expected<Forecast> open(const WindSource& source, const geo::LocalFrame& frame) {
    const std::string where = source.path.string();
    const auto file = ForecastFile::open(source.path);
    if (!file) return Unexpected(file.error());
    const auto pair = find_pair(*file, source, where);
    if (!pair) return Unexpected(pair.error());
    const double level_m = source.profile.at_height_m;
    auto first = file->variable(pair->first, level_m);
    if (!first) return Unexpected(first.error());
    auto second = file->variable(pair->second, level_m);
    if (!second) return Unexpected(second.error());
    auto to_wgs84 = Reprojection::make(first->crs, wgs84());
    if (!to_wgs84) return Unexpected(to_wgs84.error());
    auto from_wgs84 = Reprojection::make(wgs84(), first->crs);
    if (!from_wgs84) return Unexpected(from_wgs84.error());
    Forecast out(frame, where, std::move(*to_wgs84), std::move(*from_wgs84));
    out.pair_ = *pair;
    out.first_ = std::move(*first);
    out.second_ = std::move(*second);
    auto times = read_forecast_times(out.first_.times, out.first_.time_unit, out.first_.calendar);
    if (!times) return fail(times.error().code, times.error().message, where);
    out.times_ = std::move(*times);
    if (const auto done = out.check(); !done) return Unexpected(done.error());
    return out;
  }

  [[nodiscard]] const std::vector<UtcTime>& times() const { return times_; }

  /// Columns and rows of a place, between those of the nodes; nothing where the forecast does not reach.
  [[nodiscard]] std::optional<Enu2> index_of(const Enu2& p_enu) const {
    const LonLat p = frame_.to_lonlat(p_enu);
    double x = p.lon_deg;
    double y = p.lat_deg;
    if (!from_wgs84_.apply(x, y)) return std::nullopt;
    if (first_.crs.IsProjected() == 0) {  // longitudes may be counted from 0 to 360
      const double last = first_.x.first + first_.x.step * (first_.x.count - 1);
      const double west = std::min(first_.x.first, last);
      const double east = std::max(first_.x.first, last);
      if (x < west && x + 360.0 <= east) x += 360.0;
      if (x > east && x - 360.0 >= west) x -= 360.0;
    }
    const Enu2 index((x - first_.x.first) / first_.x.step, (y - first_.y.first) / first_.y.step);
    const bool inside =
        index.x() >= 0.0 && index.y() >= 0.0 && index.x() <= first_.x.count - 1 && index.y() <= first_.y.count - 1;
    return inside ? std::optional(index) : std::nullopt;
  }

  /// A window of nodes, read and turned into the local frame.
  struct Window {
    int c0, c1, r0, r1;
  };
  Expected<std::vector<Enu2>> velocities_m_s(std::size_t time, const Window& w) const {
    const auto a = first_.read(time, w.c0, w.c1, w.r0, w.r1);
    if (!a) return fail(a.error().code, a.error().message, where_);
    const auto b = second_.read(time, w.c0, w.c1, w.r0, w.r1);
    if (!b) return fail(b.error().code, b.error().message, where_);
    std::vector<Enu2> out;
    for (std::size_t n = 0; n < a->size(); ++n) {
      const int c = w.c0 + static_cast<int>(n) % (w.c1 - w.c0 + 1);
      const int r = w.r0 + static_cast<int>(n) / (w.c1 - w.c0 + 1);
      const auto axes = axes_at(c, r);
      Enu2 east_north = axes ? vector((*a)[n], (*b)[n]) : Enu2(NAN, NAN);
      if (axes) east_north = east_north.x() * axes->col(0) + east_north.y() * axes->col(1);
      if (!(east_north.norm() <= kFastest_m_s) || (pair_.polar && (*a)[n] < 0.0)) {
        return fail(
            ErrorCode::raster_value_invalid,
            fmt::format("{}, {} at {} in column {}, row {} are {} and {}; the region needs a wind of up to {} m/s "
                        "there",
                        first_.name, second_.name, format_rfc3339(times_[time]), c, r, (*a)[n], (*b)[n], kFastest_m_s),
            where_);
      }
      out.push_back(east_north);
    }
    return out;
  }

  /// How far apart nodes lie about a place, in metres.
  [[nodiscard]] double spacing_m(const Enu2& index) const {
    const auto axes = steps_at(static_cast<int>(index.x()), static_cast<int>(index.y()));
    return axes ? std::min(axes->col(0).norm(), axes->col(1).norm()) : 1000.0;
  }

 private:
  Forecast(const geo::LocalFrame& frame, std::string where, Reprojection to, Reprojection from)
      : frame_(frame), where_(std::move(where)), to_wgs84_(std::move(to)), from_wgs84_(std::move(from)) {}

  [[nodiscard]] Expected<void> check() {
    const ForecastVariable& a = first_;
    const ForecastVariable& b = second_;
    const auto same = [](const ForecastAxis& p, const ForecastAxis& q) {
      return p.count == q.count && std::abs(p.first - q.first) <= 1e-3 * std::abs(p.step) &&
             std::abs(p.step - q.step) <= 1e-6 * std::abs(p.step);
    };
    if (!same(a.x, b.x) || !same(a.y, b.y) || a.times != b.times || a.time_unit != b.time_unit ||
        a.crs.IsSame(&b.crs) == 0) {
      return fail(ErrorCode::unsupported_format,
                  fmt::format("{} and {} are not of the same places and times", a.name, b.name), where_);
    }
    unit_m_s_ = speed_unit(a.unit);
    const bool second_fits = pair_.polar ? b.unit.starts_with("degree") : b.unit == a.unit;
    if (unit_m_s_ == 0.0 || !second_fits) {
      return fail(ErrorCode::unsupported_format,
                  fmt::format("{} and {} are in \"{}\" and \"{}\"; {} are needed", a.name, b.name, a.unit, b.unit,
                              pair_.polar ? "a speed in m/s, km/h or knots and a direction in degrees"
                                          : "speeds in m/s, km/h or knots"),
                  where_);
    }
    if (pair_.polar || pair_.vectors != WindVectors::by_name) return {};
    if (a.standard_name == "eastward_wind") pair_.vectors = WindVectors::true_north;
    if (a.standard_name == "x_wind") pair_.vectors = WindVectors::grid;
    // On a geographic grid both are the same.
    if (pair_.vectors == WindVectors::by_name && a.crs.IsProjected() == 0) pair_.vectors = WindVectors::true_north;
    if (pair_.vectors != WindVectors::by_name) return {};
    return fail(ErrorCode::config_invalid,
                fmt::format("does not say whether {} blows east or along the grid; say vectors = \"true_north\" or "
                            "\"grid\"",
                            a.name),
                where_);
  }

  /// (east, north) for polar and true vectors, (x, y) of the grid for others.
  [[nodiscard]] Enu2 vector(double a, double b) const {
    if (!pair_.polar) return unit_m_s_ * Enu2(a, b);
    return geo::velocity_of({.speed_m_s = unit_m_s_ * a, .from_deg = b});
  }

  [[nodiscard]] std::optional<LonLat> lonlat(double column, double row) const {
    double x = first_.x.first + column * first_.x.step;
    double y = first_.y.first + row * first_.y.step;
    if (!to_wgs84_.apply(x, y) || !(std::abs(y) < 90.0) || !std::isfinite(x)) return std::nullopt;
    return LonLat{.lon_deg = std::remainder(x, 360.0), .lat_deg = y};
  }

  /// One step along either axis of the grid, in the local frame.
  [[nodiscard]] std::optional<Eigen::Matrix2d> steps_at(int c, int r) const {
    constexpr double kSmall = 1e-3;
    const auto here = lonlat(c, r);
    const auto along_x = lonlat(c + kSmall, r);
    const auto along_y = lonlat(c, r + kSmall);
    if (!here || !along_x || !along_y) return std::nullopt;
    Eigen::Matrix2d steps;
    steps.col(0) = (frame_.to_local(*along_x) - frame_.to_local(*here)) / kSmall;
    steps.col(1) = (frame_.to_local(*along_y) - frame_.to_local(*here)) / kSmall;
    return steps;
  }

  /// The directions of a vector's two components at a node, in the local frame.
  [[nodiscard]] std::optional<Eigen::Matrix2d> axes_at(int c, int r) const {
    Eigen::Matrix2d axes;
    if (!pair_.polar && pair_.vectors == WindVectors::grid) {
      const auto steps = steps_at(c, r);
      if (!steps) return std::nullopt;
      axes.col(0) = steps->col(0).normalized() * (first_.x.step > 0.0 ? 1.0 : -1.0);
      axes.col(1) = steps->col(1).normalized() * (first_.y.step > 0.0 ? 1.0 : -1.0);
      return axes;
    }
    const auto here = lonlat(c, r);
    if (!here) return std::nullopt;
    const Enu2 north =
        (frame_.to_local(LonLat{.lon_deg = here->lon_deg, .lat_deg = here->lat_deg + 1e-4}) - frame_.to_local(*here))
            .normalized();
    axes.col(0) = Enu2(north.y(), -north.x());
    axes.col(1) = north;
    return axes;
  }

  geo::LocalFrame frame_;
  std::string where_;
  Reprojection to_wgs84_;
  Reprojection from_wgs84_;
  Pair pair_;
  ForecastVariable first_;
  ForecastVariable second_;
  double unit_m_s_ = 1.0;
  std::vector<UtcTime> times_;
};

/// Where the lattice lies in the forecast, node by node, and which of the forecast's nodes it needs.
struct Placement {
  geo::WindField::Lattice lattice;
  std::vector<Enu2> index;
  Forecast::Window window{};
};

Expected<Placement> place(const Forecast& forecast, const geo::Box2& extent, const std::string& where) {
  constexpr double kMostNodes = 256.0;
  const Enu2 size = extent.max - extent.min;
  const auto middle = forecast.index_of(0.5 * (extent.min + extent.max));
  Placement out;
  out.lattice.origin = extent.min;
  out.lattice.spacing_m =
      std::max({50.0, middle ? forecast.spacing_m(*middle) / 4.0 : 1000.0, size.maxCoeff() / kMostNodes});
  // The nodes span the extent and not more: a forecast need not reach further than the region.
  const auto nodes = [&](double span) { return std::max(1.0, std::ceil(span / out.lattice.spacing_m)); };
  const double even = std::max(size.x() / nodes(size.x()), size.y() / nodes(size.y()));
  out.lattice.spacing_m = std::max(1.0, even);
  out.lattice.nx = 1 + static_cast<int>(std::ceil(size.x() / out.lattice.spacing_m - 1e-9));
  out.lattice.ny = 1 + static_cast<int>(std::ceil(size.y() / out.lattice.spacing_m - 1e-9));
  Enu2 least(1e9, 1e9);
  Enu2 most(0, 0);
  for (int j = 0; j < out.lattice.ny; ++j) {
    for (int i = 0; i < out.lattice.nx; ++i) {
      const Enu2 p = (extent.min + out.lattice.spacing_m * Enu2(i, j)).cwiseMin(extent.max);
      const auto index = forecast.index_of(p);
      if (!index) {
        return fail(ErrorCode::outside_terrain,
                    "does not reach over all of the region; a forecast must hold every place of it", where);
      }
      out.index.push_back(*index);
      least = least.cwiseMin(*index);
      most = most.cwiseMax(*index);
    }
  }
  out.window = {.c0 = static_cast<int>(least.x()),
                .c1 = static_cast<int>(std::ceil(most.x())),
                .r0 = static_cast<int>(least.y()),
                .r1 = static_cast<int>(std::ceil(most.y()))};
  return out;
}

geo::Wind wind_of(const Enu2& velocity, double at_height_m) {
  const double from_deg = std::atan2(-velocity.x(), -velocity.y()) * 180.0 / std::numbers::pi;
  return {.speed_m_s = velocity.norm(),
          .from_deg = from_deg < 0.0 ? from_deg + 360.0 : from_deg,
          .at_height_m = at_height_m};
}

}  // namespace

Expected<WindReading> read_wind(const WindSource& source, const geo::LocalFrame& frame, const geo::Box2& extent) {
  if (source.path.empty()) {
    return WindReading{.field = geo::WindField(source.wind, source.profile), .wind = source.wind, .warnings = {}};
  }
  const std::string where = source.path.string();
  const auto forecast = Forecast::open(source, frame);
  if (!forecast) return Unexpected(forecast.error());
  const auto placed = place(*forecast, extent, where);
  if (!placed) return Unexpected(placed.error());
  constexpr double kMostValues = 2e7;
  const double values = static_cast<double>(placed->index.size()) * static_cast<double>(forecast->times().size());
  const Forecast::Window& w = placed->window;
  if (values > kMostValues || static_cast<double>(w.c1 - w.c0 + 1) * (w.r1 - w.r0 + 1) > kMostValues) {
    return fail(ErrorCode::unsupported_format,
                fmt::format("has {} times and too many nodes over the region; cut it", forecast->times().size()),
                where);
  }
  std::vector<double> velocity;
  for (std::size_t k = 0; k < forecast->times().size(); ++k) {
    const auto nodes = forecast->velocities_m_s(k, w);
    if (!nodes) return Unexpected(nodes.error());
    const auto node = [&](int c, int r) -> const Enu2& {
      return (*nodes)[static_cast<std::size_t>(std::min(r, w.r1) - w.r0) * static_cast<std::size_t>(w.c1 - w.c0 + 1) +
                      static_cast<std::size_t>(std::min(c, w.c1) - w.c0)];
    };
    for (const Enu2& index : placed->index) {
      const int c = static_cast<int>(index.x());
      const int r = static_cast<int>(index.y());
      const double u = index.x() - c;
      const double v = index.y() - r;
      const Enu2 here = (1 - v) * ((1 - u) * node(c, r) + u * node(c + 1, r)) +
                        v * ((1 - u) * node(c, r + 1) + u * node(c + 1, r + 1));
      velocity.push_back(here.x());
      velocity.push_back(here.y());
    }
  }
  WindReading reading;
  reading.field = geo::WindField(source.profile, placed->lattice, forecast->times(), std::move(velocity));
  const Enu2 first =
      reading.field.velocity_m_s(Enu2::Zero(), source.profile.at_height_m, reading.field.instants().front());
  reading.wind = wind_of(first, source.profile.at_height_m);
  if (reading.field.instants().size() == 1) {
    reading.warnings.push_back(fmt::format("{}: one time only, {}; it stands in for all others",
                                           source.path.filename().string(),
                                           format_rfc3339(reading.field.instants().front())));
  }
  return reading;
}

}  // namespace swiftlet::maps
