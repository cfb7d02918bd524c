#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dispatch/core/fleet_config.hpp"
#include "dispatch/core/fleet_link.hpp"
#include "dispatch/core/state.hpp"
#include "geo/local_frame.hpp"
#include "planner/traffic/reservation_index.hpp"

namespace swiftlet::dispatch {

/// Two flights that may come too near to each other: a flight in the air has left what was reserved for it.
struct TrafficAlert {
  std::string flight_id = {};
  std::string with_flight_id = {};
  GeoPoint where = {};
  double in_s = 0.0;  ///< until both may be there
};

/// The air that each flight has reserved, from the moment its departure is settled until it has landed.
///
/// Nothing of it is durable: reservations follow from the flights' missions (durable) and from how they are flown
/// (telemetry), so a restart makes them anew; only departures that are settled but not yet issued are chosen again.
class AirTraffic {
 public:
  explicit AirTraffic(const FleetConfig& config);

  /// The first instant from `earliest` on at which the flight would meet no other; nothing within half an hour. Where
  /// deconfliction is off: `earliest`.
  [[nodiscard]] std::optional<UtcTime> first_free_departure(const std::string& flight_id, const planner::Route& route,
                                                            UtcTime earliest) const;
  /// Whom it would meet first, departing then.
  [[nodiscard]] std::optional<TrafficAlert> conflict(const std::string& flight_id, const planner::Route& route,
                                                     UtcTime departs) const;

  /// Keeps the air for a departure that is settled, in place of what the flight had.
  void settle(const std::string& flight_id, const planner::Route& route, UtcTime departs);
  /// The same for a mission that has been issued. A drone in the air hovers until then.
  void issue(const Flight& flight, UtcTime departs);
  /// When the flight is to depart, while it waits for that.
  [[nodiscard]] std::optional<UtcTime> settled(const std::string& flight_id) const;

  /// Brings reservations up to what the flights do: makes those of missions, shrinks them once a flight has taken off,
  /// moves them where one runs early or late, holds the place of one that hovers, frees them after landing. Returns who
  /// may meet because of it.
  [[nodiscard]] std::vector<TrafficAlert> follow(const DispatchState& state, const FleetLink& fleet, UtcTime now);

  [[nodiscard]] std::size_t reservations() const { return kept_.size(); }

 private:
  struct Kept {
    planner::ReservationId id = 0;
    std::uint64_t mission_no = 0;  ///< 0: settled, not issued yet
    UtcTime departs = {};          ///< as reserved
    double known_at_s = 0.0;       ///< of the route: from here on uncertainty is counted
    bool seen_departing = false;
    std::optional<UtcTime> hovers_until = {};
    std::string told_of = {};  ///< the flight that it was last said to meet
  };
  [[nodiscard]] double seconds(UtcTime t) const { return seconds_between(UtcTime{}, t); }
  [[nodiscard]] std::optional<planner::ReservationId> own(const std::string& flight_id) const;
  [[nodiscard]] planner::OperationalIntent intent_of(const planner::Route& route, bool departed,
                                                     double known_at_s) const;
  void put(const std::string& flight_id, Kept kept, const planner::OperationalIntent& intent);
  void drop(const std::string& flight_id);
  [[nodiscard]] std::optional<TrafficAlert> alert(const std::string& flight_id,
                                                  const planner::OperationalIntent& intent, UtcTime departs,
                                                  UtcTime now) const;

  /// Reserves that air, and tells whom the flight may meet in it, once.
  void take(const std::string& flight_id, Kept kept, const planner::OperationalIntent& intent, UtcTime now,
            std::vector<TrafficAlert>& alerts);
  void follow_mission(const Flight& flight, const FleetLink& fleet, const DroneLedger& drone, UtcTime now,
                      std::vector<TrafficAlert>& alerts);
  void follow_flying(const Flight& flight, const DroneLive* live, bool holds, UtcTime now,
                     std::vector<TrafficAlert>& alerts);
  /// Reserves the rest of a mission as it is flown now, and tells whom that may meet.
  void move(const Flight& flight, Kept kept, UtcTime now, std::vector<TrafficAlert>& alerts);

  const FleetConfig& config_;
  geo::LocalFrame frame_;
  planner::ReservationIndex index_;
  std::map<std::string, Kept> kept_;                            ///< by flight
  std::map<planner::ReservationId, std::string> flight_by_id_;  ///< whose it is
};

}  // namespace swiftlet::dispatch
