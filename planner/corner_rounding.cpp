#include "planner/corner_rounding.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

namespace swiftlet::planner {
namespace {

using geo::Enu2;

constexpr double kDegree = std::numbers::pi / 180.0;
constexpr double kStraight = 1e-6;             ///< radians: no corner at all
constexpr double kSharpest = 150.0 * kDegree;  ///< beyond it an arc makes no sense
constexpr double kStep = 5.0 * kDegree;        ///< of samples along an arc
constexpr double kSmallestRadius_m = 0.5;
constexpr double kNarrower = 0.7;   ///< from one try to the next
constexpr double kLegShare = 0.49;  ///< of a leg that one of its two arcs may take

struct Arc {
  std::vector<TrackPoint> points;
};

/// The arc of radius r that touches both legs of the corner at v, its two tangent points included.
Arc arc_at(const Enu2& v, const Enu2& in, const Enu2& out, double angle, double radius) {
  const double tangent = radius * std::tan(angle / 2.0);
  const double side = in.x() * out.y() - in.y() * out.x() >= 0.0 ? 1.0 : -1.0;
  const Enu2 start = v - tangent * in;
  const Enu2 left(-in.y(), in.x());
  const Enu2 centre = start + side * radius * left;
  const int steps = std::max(2, static_cast<int>(std::ceil(angle / kStep)));
  Arc arc;
  for (int k = 0; k <= steps; ++k) {
    const double turn = side * angle * k / steps;
    const Enu2 spoke = start - centre;
    const Enu2 turned(std::cos(turn) * spoke.x() - std::sin(turn) * spoke.y(),
                      std::sin(turn) * spoke.x() + std::cos(turn) * spoke.y());
    arc.points.push_back({.p_enu = centre + turned, .curvature_1_m = 1.0 / radius, .goes_on = k < steps});
  }
  return arc;
}

struct Corner {
  Enu2 in, out;
  double angle;
};

Corner corner_between(const Enu2& a, const Enu2& v, const Enu2& b) {
  const Enu2 in = (v - a).normalized();
  const Enu2 out = (b - v).normalized();
  return {in, out, std::atan2(std::abs(in.x() * out.y() - in.y() * out.x()), in.dot(out))};
}

/// Rounds one corner v between the points before and after it on the track.
class CornerRounding {
 public:
  CornerRounding(const geo::AirspaceView& view, const FlightLimits& limits, double least_band_m)
      : view_(view), limits_(limits), least_band_m_(least_band_m) {}

  /// The widest open arc at v; nothing if there is none. The way comes from flown_to, which lies on the leg from
  /// `before`.
  [[nodiscard]] std::optional<Arc> fit(const Enu2& before, const Enu2& flown_to, const Enu2& v, const Enu2& after,
                                       double room_out) const {
    const Corner corner = corner_between(before, v, after);
    if (corner.angle > kSharpest) return std::nullopt;
    const double room_in = (v - flown_to).norm() * (1.0 - 1e-6);
    for (double radius = widest(corner, room_in, room_out); radius >= kSmallestRadius_m; radius *= kNarrower) {
      Arc arc = arc_at(v, corner.in, corner.out, corner.angle, radius);
      if (is_open(flown_to, arc, after)) return arc;
    }
    return std::nullopt;
  }

  /// Where the corners should stand so that arcs fit that clear what the corners bend round. All move at once: where
  /// a way winds, no corner has room alone. Legs that would be closed pull their ends back.
  [[nodiscard]] std::vector<Enu2> moved(const std::vector<Enu2>& track) const {
    struct Wish {
      Enu2 outwards = Enu2::Zero();
      double cut_off_per_m = 0.0;
      double radius = 0.0;
    };
    const std::size_t n = track.size();
    std::vector<Wish> wishes(n);
    for (std::size_t k = 1; k + 1 < n; ++k) {
      const Corner corner = corner_between(track[k - 1], track[k], track[k + 1]);
      if (corner.angle < kStraight || corner.angle > kSharpest) continue;
      wishes[k] = {.outwards = (corner.in - corner.out).normalized(),
                   .cut_off_per_m = 1.0 / std::cos(corner.angle / 2.0) - 1.0,
                   .radius = widest(corner, (track[k] - track[k - 1]).norm() * kLegShare,
                                    (track[k + 1] - track[k]).norm() * kLegShare)};
    }
    std::vector<Enu2> out = track;
    const auto place = [&](std::size_t k) {
      out[k] = track[k] + wishes[k].radius * wishes[k].cut_off_per_m * wishes[k].outwards;
    };
    for (std::size_t k = 1; k + 1 < n; ++k) place(k);
    constexpr int kMostRounds = 10;
    for (int round = 0; round < kMostRounds; ++round) {
      bool all_open = true;
      for (std::size_t k = 0; k + 1 < n; ++k) {
        if (leg_open(out[k], out[k + 1])) continue;
        all_open = false;
        for (const std::size_t end : {k, k + 1}) {
          wishes[end].radius *= round + 1 < kMostRounds ? 0.6 : 0.0;
          place(end);
        }
      }
      if (all_open) return out;
    }
    return track;
  }

 private:
  /// The radius that carries the speed of the legs, or as much as there is room for.
  [[nodiscard]] double widest(const Corner& corner, double room_in, double room_out) const {
    const double speed = std::min(limits_.ground_speed_m_s(corner.in), limits_.ground_speed_m_s(corner.out));
    const double wanted = speed * speed / (kCurveShare * limits_.vehicle.acceleration_m_s2);
    return std::min(wanted, std::min(room_in, room_out) / std::tan(corner.angle / 2.0));
  }

  [[nodiscard]] bool leg_open(const Enu2& a, const Enu2& b) const { return leg_is_open(view_, a, b, least_band_m_); }

  [[nodiscard]] bool is_open(const Enu2& from, const Arc& arc, const Enu2& to) const {
    Enu2 last = from;
    for (const TrackPoint& point : arc.points) {
      if (!leg_open(last, point.p_enu)) return false;
      last = point.p_enu;
    }
    return leg_open(last, to);
  }

  const geo::AirspaceView& view_;
  const FlightLimits& limits_;
  const double least_band_m_;
};

}  // namespace

std::vector<TrackPoint> rounded_corners(const geo::AirspaceView& view, const FlightLimits& limits,
                                        const std::vector<Enu2>& track, double least_band_m) {
  const CornerRounding rounding(view, limits, least_band_m);
  // All corners are moved before any arc is laid: an arc must leave along the leg as it will be, or it leaves with a
  // kink.
  const std::vector<Enu2> corners = rounding.moved(track);
  std::vector<TrackPoint> out{{.p_enu = corners.front()}};
  for (std::size_t k = 1; k + 1 < corners.size(); ++k) {
    const Enu2& v = corners[k];
    const Enu2& after = corners[k + 1];
    if (corner_between(corners[k - 1], v, after).angle < kStraight) continue;
    // The next corner needs its own part of the leg between; the last leg has no corner at its end.
    const double room_out = (after - v).norm() * (k + 2 < corners.size() ? kLegShare : 1.0 - 1e-6);
    if (const auto arc = rounding.fit(corners[k - 1], out.back().p_enu, v, after, room_out)) {
      out.insert(out.end(), arc->points.begin(), arc->points.end());
    } else {
      out.push_back({.p_enu = v, .stop = true});
    }
  }
  out.push_back({.p_enu = corners.back()});
  return out;
}

}  // namespace swiftlet::planner
