#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "planner/traffic/delay_intervals.hpp"
#include "planner/traffic/operational_intent.hpp"

namespace swiftlet::planner {

/// Names a reservation for as long as it lives.
using ReservationId = std::uint32_t;

/// Two flights' volumes that meet.
struct TrafficConflict {
  ReservationId with = 0;
  geo::Enu3 where_enu;    ///< on the own trajectory's segment, where the two segments come nearest over the ground
  double begins_s = 0.0;  ///< both volumes hold from here
  double ends_s = 0.0;    ///< to here
};

/// The reserved volumes of all flights, by place: a grid of squares over the ground, each with the volumes that reach
/// into it. Instants are seconds on one clock of the caller's, the same for all.
///
/// Answers are exact for the volumes: two of them meet when their segments are no farther apart than both reaches
/// together, their heights overlap and their times overlap. Nothing is sampled. A question costs what lies around the
/// own way, whatever lies elsewhere. What rounding may hide is a meeting: each of the three holds too where a
/// micrometre over the ground, a micrometre in height or a millisecond is missing. Answers depend on what is reserved
/// under which ids, not on what was reserved and released before.
class ReservationIndex {
 public:
  ReservationIndex();

  ReservationId reserve(const OperationalIntent& intent, double departs_s);
  /// Precondition: it lives; anything else is the caller's bug (throws std::logic_error).
  void release(ReservationId id);
  [[nodiscard]] std::size_t reservations() const { return flights_.size() - free_flights_.size(); }
  [[nodiscard]] std::size_t volumes() const { return pieces_.size() - free_pieces_.size(); }

  /// The earliest meeting of a flight that departs then with any other but `except`; nothing where it is free. Of those
  /// that begin at once, the one with the volume that was reserved from the earliest instant on, then the smallest id.
  [[nodiscard]] std::optional<TrafficConflict> first_conflict(const OperationalIntent& intent, double departs_s,
                                                              std::optional<ReservationId> except = {}) const;

  /// The departures between two instants at which the flight would meet another. A volume [a, b] after departure meets
  /// one [c, d] for departures in [c − b, d − a]; this is the union of all such intervals, each wider
  /// by two milliseconds at either end: at a departure that they leave free there is no conflict.
  [[nodiscard]] std::vector<ForbiddenDepartures> forbidden_departures(const OperationalIntent& intent,
                                                                      double earliest_s, double latest_s,
                                                                      std::optional<ReservationId> except = {}) const;

 private:
  struct Piece {
    IntentVolume volume;  ///< its times on the clock
    ReservationId flight;
    std::uint32_t of_flight;  ///< which of the flight's volumes it is
    std::int32_t i0, j0;      ///< the square that its box begins in
  };
  struct Squares {
    std::int32_t i0, j0, i1, j1;
  };
  static Squares squares_of(const IntentVolume& volume);
  [[nodiscard]] static std::size_t bucket(std::int32_t i, std::int32_t j);
  /// Calls `meet` for each reserved piece that meets the volume in space and could do so between the two instants.
  template <class Meet>
  void for_each_met(const IntentVolume& volume, std::optional<ReservationId> except, double begins_s, double ends_s,
                    const Meet& meet) const;

  std::vector<Piece> pieces_;
  std::vector<std::uint32_t> free_pieces_;
  std::vector<std::optional<std::vector<std::uint32_t>>> flights_;  ///< their pieces; nothing where the id is free
  std::vector<ReservationId> free_flights_;
  std::vector<std::vector<std::uint32_t>> buckets_;  ///< pieces, by hashed square
};

}  // namespace swiftlet::planner
