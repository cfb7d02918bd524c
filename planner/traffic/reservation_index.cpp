#include "planner/traffic/reservation_index.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include "geo/polygon.hpp"

namespace swiftlet::planner {
namespace {

using geo::Enu2;

constexpr double kSquare_m = 64.0;
constexpr std::size_t kBuckets = std::size_t{1} << 15U;
/// What rounding may take: so near counts as a meeting.
constexpr double kTouch_m = 1e-6;
constexpr double kTouch_s = 1e-3;
/// More than a touch: a free departure has no conflict whichever way either is rounded.
constexpr double kApart_s = 2.0 * kTouch_s;

double cross(const Enu2& a, const Enu2& b) { return a.x() * b.y() - a.y() * b.x(); }

/// The place of the first segment that is nearest to the second: where they cross, or else an end of the first or the
/// foot of an end of the second.
Enu2 nearest_on_first(const IntentVolume& a, const IntentVolume& b) {
  const Enu2 u = a.to_enu - a.from_enu;
  const Enu2 v = b.to_enu - b.from_enu;
  const auto at = [&](double share) { return Enu2(a.from_enu + std::clamp(share, 0.0, 1.0) * u); };
  const auto foot = [&](const Enu2& p) {
    const double uu = u.squaredNorm();
    return at(uu > 0.0 ? (p - a.from_enu).dot(u) / uu : 0.0);
  };
  const double turn = cross(u, v);
  const Enu2 crossing = at(turn != 0.0 ? cross(b.from_enu - a.from_enu, v) / turn : 0.0);
  Enu2 best = crossing;
  double best_m = std::numeric_limits<double>::infinity();
  for (const Enu2& p : std::array{crossing, a.from_enu, a.to_enu, foot(b.from_enu), foot(b.to_enu)}) {
    const double away_m = geo::point_segment_distance_m(p, b.from_enu, b.to_enu);
    if (away_m < best_m) {
      best_m = away_m;
      best = p;
    }
  }
  return best;
}

bool nearer_than_boxes_allow(const IntentVolume& a, const IntentVolume& b, double reach_m) {
  const auto apart = [reach_m](double a0, double a1, double b0, double b1) {
    return std::max(b0, b1) + reach_m < std::min(a0, a1) || std::max(a0, a1) + reach_m < std::min(b0, b1);
  };
  return !apart(a.from_enu.x(), a.to_enu.x(), b.from_enu.x(), b.to_enu.x()) &&
         !apart(a.from_enu.y(), a.to_enu.y(), b.from_enu.y(), b.to_enu.y());
}

}  // namespace

ReservationIndex::ReservationIndex() : buckets_(kBuckets) {}

ReservationIndex::Squares ReservationIndex::squares_of(const IntentVolume& v) {
  const double reach_m = v.reach_m + kTouch_m;
  const auto square = [](double p_m) { return static_cast<std::int32_t>(std::floor(p_m / kSquare_m)); };
  return {square(std::min(v.from_enu.x(), v.to_enu.x()) - reach_m),
          square(std::min(v.from_enu.y(), v.to_enu.y()) - reach_m),
          square(std::max(v.from_enu.x(), v.to_enu.x()) + reach_m),
          square(std::max(v.from_enu.y(), v.to_enu.y()) + reach_m)};
}

std::size_t ReservationIndex::bucket(std::int32_t i, std::int32_t j) {
  const auto mixed = static_cast<std::uint32_t>(i) * 0x9e3779b1U ^ static_cast<std::uint32_t>(j) * 0x85ebca77U;
  return (mixed ^ mixed >> 15U) % kBuckets;
}

ReservationId ReservationIndex::reserve(const OperationalIntent& intent, double departs_s) {
  if (free_flights_.empty()) {
    free_flights_.push_back(static_cast<ReservationId>(flights_.size()));
    flights_.emplace_back();
  }
  const ReservationId id = free_flights_.back();
  free_flights_.pop_back();
  std::vector<std::uint32_t>& pieces = flights_[id].emplace();
  for (const IntentVolume& volume : intent.volumes) {
    if (free_pieces_.empty()) {
      free_pieces_.push_back(static_cast<std::uint32_t>(pieces_.size()));
      pieces_.emplace_back();
    }
    const std::uint32_t at = free_pieces_.back();
    free_pieces_.pop_back();
    const Squares squares = squares_of(volume);
    Piece& piece = pieces_[at];
    const auto of_flight = static_cast<std::uint32_t>(pieces.size());
    piece = {.volume = volume, .flight = id, .of_flight = of_flight, .i0 = squares.i0, .j0 = squares.j0};
    piece.volume.begins_s += departs_s;
    piece.volume.ends_s += departs_s;
    pieces.push_back(at);
    for (std::int32_t j = squares.j0; j <= squares.j1; ++j) {
      for (std::int32_t i = squares.i0; i <= squares.i1; ++i) buckets_[bucket(i, j)].push_back(at);
    }
  }
  return id;
}

void ReservationIndex::release(ReservationId id) {
  if (id >= flights_.size() || !flights_[id]) {
    throw std::logic_error("ReservationIndex: reservation " + std::to_string(id) + " is released but not held");
  }
  for (const std::uint32_t at : *flights_[id]) {
    const Squares squares = squares_of(pieces_[at].volume);
    for (std::int32_t j = squares.j0; j <= squares.j1; ++j) {
      for (std::int32_t i = squares.i0; i <= squares.i1; ++i) {
        std::vector<std::uint32_t>& held = buckets_[bucket(i, j)];
        const auto found = std::find(held.begin(), held.end(), at);
        *found = held.back();
        held.pop_back();
      }
    }
    free_pieces_.push_back(at);
  }
  flights_[id].reset();
  free_flights_.push_back(id);
}

template <class Meet>
void ReservationIndex::for_each_met(const IntentVolume& own, std::optional<ReservationId> except, double begins_s,
                                    double ends_s, const Meet& meet) const {
  const Squares squares = squares_of(own);
  for (std::int32_t j = squares.j0; j <= squares.j1; ++j) {
    for (std::int32_t i = squares.i0; i <= squares.i1; ++i) {
      for (const std::uint32_t at : buckets_[bucket(i, j)]) {
        const Piece& piece = pieces_[at];
        const IntentVolume& other = piece.volume;
        if (other.begins_s > ends_s + kTouch_s || other.ends_s < begins_s - kTouch_s) continue;
        if (other.low_msl_m > own.high_msl_m + kTouch_m || other.high_msl_m < own.low_msl_m - kTouch_m) continue;
        // Two boxes may share several squares, and squares a bucket: it counts in the first square they share.
        if (std::max(piece.i0, squares.i0) != i || std::max(piece.j0, squares.j0) != j) continue;
        if (except && piece.flight == *except) continue;
        const double reach_m = own.reach_m + other.reach_m + kTouch_m;
        if (!nearer_than_boxes_allow(own, other, reach_m)) continue;
        if (geo::segment_distance_m(own.from_enu, own.to_enu, other.from_enu, other.to_enu) <= reach_m) meet(piece);
      }
    }
  }
}

std::optional<TrafficConflict> ReservationIndex::first_conflict(const OperationalIntent& intent, double departs_s,
                                                                std::optional<ReservationId> except) const {
  std::optional<TrafficConflict> first;
  // No two pieces rank alike, so the answer is the same whatever order the squares hold them in.
  using Rank = std::tuple<double, double, ReservationId, std::uint32_t>;
  Rank first_rank;
  for (const IntentVolume& own : intent.volumes) {
    const double begins_s = own.begins_s + departs_s;
    const double ends_s = own.ends_s + departs_s;
    for_each_met(own, except, begins_s, ends_s, [&](const Piece& piece) {
      const IntentVolume& other = piece.volume;
      const double from_s = std::max(begins_s, other.begins_s);
      const Rank rank(from_s, other.begins_s, piece.flight, piece.of_flight);
      if (first && first_rank <= rank) return;
      first_rank = rank;
      const Enu2 where = nearest_on_first(own, other);
      first = TrafficConflict{
          .with = piece.flight,
          .where_enu = {where.x(), where.y(),
                        0.5 * (std::max(own.low_msl_m, other.low_msl_m) + std::min(own.high_msl_m, other.high_msl_m))},
          .begins_s = from_s,
          .ends_s = std::max(std::min(ends_s, other.ends_s), from_s)};
    });
  }
  return first;
}

std::vector<ForbiddenDepartures> ReservationIndex::forbidden_departures(const OperationalIntent& intent,
                                                                        double earliest_s, double latest_s,
                                                                        std::optional<ReservationId> except) const {
  std::vector<ForbiddenDepartures> found;
  for (const IntentVolume& own : intent.volumes) {
    const double begins_s = own.begins_s + earliest_s - kApart_s;
    const double ends_s = own.ends_s + latest_s + kApart_s;
    for_each_met(own, except, begins_s, ends_s, [&](const Piece& piece) {
      found.push_back({piece.volume.begins_s - own.ends_s - kApart_s, piece.volume.ends_s - own.begins_s + kApart_s});
    });
  }
  return joined(std::move(found));
}

}  // namespace swiftlet::planner
