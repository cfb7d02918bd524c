#include "planner/traffic/reservation_index.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace swiftlet::planner {
namespace {

using geo::Enu2;

constexpr double kSquare_m = 64.0;
constexpr std::size_t kBuckets = std::size_t{1} << 15U;
/// What rounding may take: so near counts as a meeting.
constexpr double kTouch_m = 1e-6;
constexpr double kTouch_s = 1e-3;

struct Nearest {
  double distance_m = std::numeric_limits<double>::infinity();
  Enu2 on_first = Enu2::Zero();
};

void try_point(const Enu2& p, const Enu2& a, const Enu2& b, bool p_is_first, Nearest& best) {
  const Enu2 d = b - a;
  const double dd = d.squaredNorm();
  const Enu2 q = a + (dd > 0.0 ? std::clamp((p - a).dot(d) / dd, 0.0, 1.0) : 0.0) * d;
  const double distance = (p - q).norm();
  if (distance < best.distance_m) best = {distance, p_is_first ? p : q};
}

double cross(const Enu2& a, const Enu2& b) { return a.x() * b.y() - a.y() * b.x(); }

/// Where two segments come nearest to each other: where they cross, or else at an end of one of them.
Nearest nearest(const IntentVolume& a, const IntentVolume& b) {
  Nearest best;
  try_point(a.from_enu, b.from_enu, b.to_enu, true, best);
  try_point(a.to_enu, b.from_enu, b.to_enu, true, best);
  try_point(b.from_enu, a.from_enu, a.to_enu, false, best);
  try_point(b.to_enu, a.from_enu, a.to_enu, false, best);
  const Enu2 u = a.to_enu - a.from_enu;
  const Enu2 v = b.to_enu - b.from_enu;
  const double turn = cross(u, v);
  if (turn == 0.0) return best;
  const Enu2 w = b.from_enu - a.from_enu;
  const double s = cross(w, v) / turn;
  const double t = cross(w, u) / turn;
  if (s >= 0.0 && s <= 1.0 && t >= 0.0 && t <= 1.0) best = {0.0, a.from_enu + s * u};
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
  for (const IntentVolume& volume : intent.volumes) {
    if (free_pieces_.empty()) {
      free_pieces_.push_back(static_cast<std::uint32_t>(pieces_.size()));
      pieces_.emplace_back();
    }
    const std::uint32_t at = free_pieces_.back();
    free_pieces_.pop_back();
    const Squares squares = squares_of(volume);
    Piece& piece = pieces_[at];
    piece = {.volume = volume, .flight = id, .i0 = squares.i0, .j0 = squares.j0};
    piece.volume.begins_s += departs_s;
    piece.volume.ends_s += departs_s;
    flights_[id].push_back(at);
    for (std::int32_t j = squares.j0; j <= squares.j1; ++j) {
      for (std::int32_t i = squares.i0; i <= squares.i1; ++i) buckets_[bucket(i, j)].push_back(at);
    }
  }
  return id;
}

void ReservationIndex::release(ReservationId id) {
  for (const std::uint32_t at : flights_[id]) {
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
  flights_[id].clear();
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
        if (other.begins_s > ends_s || other.ends_s < begins_s) continue;
        if (other.low_msl_m > own.high_msl_m || other.high_msl_m < own.low_msl_m) continue;
        // Two boxes may share several squares, and squares a bucket: it counts in the first square they share.
        if (std::max(piece.i0, squares.i0) != i || std::max(piece.j0, squares.j0) != j) continue;
        if (except && piece.flight == *except) continue;
        const double reach_m = own.reach_m + other.reach_m + kTouch_m;
        if (!nearer_than_boxes_allow(own, other, reach_m)) continue;
        const Nearest place = nearest(own, other);
        if (place.distance_m <= reach_m) meet(piece, place.on_first);
      }
    }
  }
}

std::optional<TrafficConflict> ReservationIndex::first_conflict(const OperationalIntent& intent, double departs_s,
                                                                std::optional<ReservationId> except) const {
  std::optional<TrafficConflict> first;
  for (const IntentVolume& own : intent.volumes) {
    const double begins_s = own.begins_s + departs_s;
    const double ends_s = own.ends_s + departs_s;
    for_each_met(own, except, begins_s, ends_s, [&](const Piece& piece, const Enu2& where) {
      const IntentVolume& other = piece.volume;
      const double from_s = std::max(begins_s, other.begins_s);
      if (first && std::pair(first->begins_s, first->with) <= std::pair(from_s, piece.flight)) return;
      first = TrafficConflict{
          .with = piece.flight,
          .where_enu = {where.x(), where.y(),
                        0.5 * (std::max(own.low_msl_m, other.low_msl_m) + std::min(own.high_msl_m, other.high_msl_m))},
          .begins_s = from_s,
          .ends_s = std::min(ends_s, other.ends_s)};
    });
  }
  return first;
}

std::vector<ForbiddenDepartures> ReservationIndex::forbidden_departures(const OperationalIntent& intent,
                                                                        double earliest_s, double latest_s,
                                                                        std::optional<ReservationId> except) const {
  std::vector<ForbiddenDepartures> found;
  for (const IntentVolume& own : intent.volumes) {
    for_each_met(own, except, own.begins_s + earliest_s, own.ends_s + latest_s, [&](const Piece& piece, const Enu2&) {
      found.push_back({piece.volume.begins_s - own.ends_s - kTouch_s, piece.volume.ends_s - own.begins_s + kTouch_s});
    });
  }
  return joined(std::move(found));
}

}  // namespace swiftlet::planner
