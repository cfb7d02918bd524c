#pragma once

#include <map>
#include <string>

#include "dispatch/core/core_context.hpp"

namespace swiftlet::dispatch {

/// Flies what has been assigned: has each leg proven again for the minute of its departure, hands it to the drone as a
/// mission, follows the drone's events, and turns recalled parcels round.
class FlightDesk {
 public:
  explicit FlightDesk(CoreContext& context) : context_(context) {}

  /// An event that the drone's ledger has taken: what it means for flight and order.
  void on_event(const std::string& drone, const DroneEvent& event);
  void on_telemetry(const std::string& drone, const Telemetry& telemetry);
  void on_mission_ack(const std::string& drone, const MissionAck& ack);
  /// The drone has come back without its flight: whatever it was on is over.
  void on_flight_lost(const std::string& drone, const std::string& cause);
  /// Whether the answer was to a question of this desk.
  bool take_answer(const PlanAnswer& answer);
  void tick();

 private:
  struct MissionPlanning {
    std::uint64_t job = 0;  ///< 0: none under way
    UtcTime wanted_since;   ///< when the drone became free to leave
    UtcTime not_before;     ///< of the next attempt
    int failures = 0;
    bool rejected = false;  ///< the drone refused the mission that it has: it needs another
  };

  void plan_mission(const Flight& flight);
  void ask(const Flight& flight, const Leg& leg, planner::Place from);
  void issue_mission(const std::string& flight_id, const planner::Route& route);
  void mission_failed(const std::string& flight_id, const Error& error);
  void send_mission(const Flight& flight);
  void recall(const Flight& flight);
  void command(const std::string& drone, const std::string& verb);
  void give_up_pickup(const Flight& flight, const std::string& cause);

  CoreContext& context_;
  std::map<std::string, MissionPlanning> planning_;  ///< by flight
  std::map<std::uint64_t, std::string> flight_by_job_;
  std::map<std::string, std::string> holding_;  ///< flights told to hold, with the verb now standing
};

/// The `mission` frame for the flight's current leg.
[[nodiscard]] std::string mission_frame(const CoreContext& context, const Flight& flight);

}  // namespace swiftlet::dispatch
