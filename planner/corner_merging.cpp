#include "planner/corner_merging.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace swiftlet::planner {
namespace {

using geo::Enu2;

/// Gains below this are not worth a try.
constexpr double kLeastGain_s = 1e-3;

double cross(const Enu2& a, const Enu2& b) { return a.x() * b.y() - a.y() * b.x(); }

/// Where the leg before p and the leg after q meet, if they do so ahead of both.
std::optional<Enu2> meeting_point(const Enu2& before, const Enu2& p, const Enu2& q, const Enu2& after) {
  const Enu2 in = (p - before).normalized();
  const Enu2 out = (after - q).normalized();
  const double turn = cross(in, out);
  if (std::abs(turn) < 1e-6) return std::nullopt;
  const double ahead = cross(q - p, out) / turn;
  const double behind = cross(q - p, in) / turn;
  if (ahead < 0.0 || behind > 0.0) return std::nullopt;
  return p + ahead * in;
}

class CornerMerging {
 public:
  CornerMerging(const geo::AirspaceView& view, const FlightLimits& limits, std::vector<Enu2>& track,
                double least_band_m)
      : view_(view), limits_(limits), track_(track), least_band_m_(least_band_m) {}

  void run() {
    constexpr int kMostRounds = 8;
    for (int round = 0; round < kMostRounds; ++round) {
      bool any = false;
      for (std::size_t k = 1; k + 1 < track_.size(); ++k) any = drop(k) || any;
      for (std::size_t k = 1; k + 2 < track_.size(); ++k) any = merge(k) || any;
      if (!any) return;
    }
  }

 private:
  /// Seconds along the corners [from, to] with the legs to the points before and after them.
  template <class PointAt>
  [[nodiscard]] double time_s(std::size_t from, std::size_t to, const PointAt& at) const {
    double time = 0.0;
    for (std::size_t k = from; k <= to; ++k) {
      const Enu2 leg = at(k) - at(k - 1);
      const double length = leg.norm();
      if (length > 0.0) time += length / std::max(1e-3, limits_.ground_speed_m_s(leg / length));
      if (k < to) time += corner_loss_s(limits_, at(k - 1), at(k), at(k + 1));
    }
    return time;
  }

  /// Replaces the points [first, last] by one point or none, if that is faster and open.
  bool replace(std::size_t first, std::size_t last, const std::optional<Enu2>& by) {
    // The corners two before and after feel the change of their legs.
    const std::size_t low = first >= 2 ? first - 1 : first;
    const std::size_t high = std::min(track_.size() - 1, last + 2);
    const std::size_t fewer = last - first + (by ? 0 : 1);
    const auto now = [&](std::size_t k) { return track_[k]; };
    const auto then = [&](std::size_t k) {
      if (k < first) return track_[k];
      if (by && k == first) return *by;
      return track_[k + fewer];
    };
    if (time_s(low, high - fewer, then) > time_s(low, high, now) - kLeastGain_s) return false;
    const Enu2& before = track_[first - 1];
    const Enu2& after = track_[last + 1];
    const auto is_open = [&](const Enu2& a, const Enu2& b) { return leg_is_open(view_, a, b, least_band_m_); };
    if (!(by ? is_open(before, *by) && is_open(*by, after) : is_open(before, after))) return false;
    const auto begin = track_.begin();
    auto at = track_.erase(begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(last) + 1);
    if (by) track_.insert(at, *by);
    return true;
  }

  bool drop(std::size_t k) { return replace(k, k, std::nullopt); }

  bool merge(std::size_t k) {
    const Enu2 in = track_[k] - track_[k - 1];
    const Enu2 between = track_[k + 1] - track_[k];
    const Enu2 out = track_[k + 2] - track_[k + 1];
    if (cross(in, between) * cross(between, out) <= 0.0) return false;
    const auto meeting = meeting_point(track_[k - 1], track_[k], track_[k + 1], track_[k + 2]);
    return meeting && replace(k, k + 1, meeting);
  }

  const geo::AirspaceView& view_;
  const FlightLimits& limits_;
  std::vector<Enu2>& track_;
  const double least_band_m_;
};

}  // namespace

double corner_loss_s(const FlightLimits& limits, const Enu2& before, const Enu2& v, const Enu2& after) {
  const VehicleProfile& vehicle = limits.vehicle;
  const Enu2 in = v - before;
  const Enu2 out = after - v;
  const double angle = std::atan2(std::abs(cross(in, out)), in.dot(out));
  const double cruise = vehicle.cruise_speed_m_s;
  const double room = 0.5 * std::sqrt(std::min(in.squaredNorm(), out.squaredNorm()));
  const double fast =
      std::min(cruise, std::sqrt(vehicle.acceleration_m_s2 * room / std::max(1e-9, std::tan(angle / 2.0))));
  return (cruise - fast) * (cruise - fast) / (vehicle.acceleration_m_s2 * cruise);
}

std::vector<Enu2> merged_corners(const geo::AirspaceView& view, const FlightLimits& limits, std::vector<Enu2> track,
                                 double least_band_m) {
  CornerMerging(view, limits, track, least_band_m).run();
  return track;
}

}  // namespace swiftlet::planner
