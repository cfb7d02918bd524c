#pragma once

#include <map>
#include <string>

#include "dispatch/core/core_context.hpp"
#include "dispatch/core/departure_choice.hpp"

namespace swiftlet::dispatch {

/// Flies what has been assigned: has each leg proven again for the minute of its departure, hands it to the drone as a
/// mission, follows the drone's events, and steers flights that are to hold, to turn round or to come down.
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
    std::string wanted;     ///< the id of the request: what the answer must be to
    UtcTime not_before;     ///< of the next attempt
    int failures = 0;
    bool rejected = false;  ///< the drone refused the mission that it has: it needs another
    bool recall_given_up = false;
    DepartureChoice departure = {};
    bool overtaken = false;  ///< closed air or time, before the drone had the mission: it needs another
  };

  void plan_mission(const Flight& flight);
  void ask(const Flight& flight, const std::string& wanted, planner::Place from, const Spot& to, double payload_kg);
  /// Whether the air of a route that is proven is free for it now. If not, it is asked for again: for the departure at
  /// which it is, or higher up where that is there sooner.
  bool is_cleared(const Flight& flight, const planner::Route& route);
  bool may_leave_hover(const Flight& flight, std::optional<UtcTime> departs, UtcTime could_leave);
  void report(const TrafficAlert& alert);
  void issue_mission(const std::string& flight_id, const WrittenRoute& route);
  void mission_failed(const std::string& flight_id, const Error& error);
  /// Tells the drone of its mission, each second until it has it. `route_json` is the route's text where it is at hand.
  void send_mission(const Flight& flight, std::string_view route_json = {});
  /// Whether the air has closed, or the departure is long past, after a mission was issued and before the drone said
  /// that it has it.
  [[nodiscard]] bool is_overtaken(const Flight& flight);
  void give_up_pickup(const Flight& flight, const std::string& cause);
  /// Whether the air, its goal or an operator keeps a flight on the ground.
  [[nodiscard]] bool is_kept_down(const Flight& flight) const;
  /// Whether a flight may leave the ground now; after a stop one by one.
  [[nodiscard]] bool may_depart(const Flight& flight);
  /// Whether the flight's order still goes where it wanted to.
  [[nodiscard]] bool carries_on(const Flight& flight) const;
  /// A release where the drone stands before it has left for the drop-off: nothing is delivered.
  void on_parcel_taken_off(const Flight& flight);
  void on_landed(const std::string& flight_id);
  void on_landed_out(const Flight& flight);

  /// What the flight is to do beside its mission: what it was told, or to turn round because its order was recalled.
  [[nodiscard]] Steer wanted_steer(const Flight& flight) const;
  /// Whether the drone still rises over the pad that it left, or is to turn round as it comes down over a goal where it
  /// may land; nothing while that is not known.
  [[nodiscard]] std::optional<bool> is_in_column(const Flight& flight) const;
  /// Coming down there ends what it is to turn round for: a recall, its battery, an operator. Not a goal that is
  /// closed, nor a drone that is blown off.
  [[nodiscard]] bool may_land_ahead(const Flight& flight, const DroneLive& live) const;
  /// Tells the drone, again every second until it has answered, and has the new route planned once it hovers. In a
  /// column over a pad it goes on with its mission: no proven way elsewhere begins there.
  void steer(const Flight& flight);
  void resend_command(const Flight& flight);
  void plan_from_hover(const Flight& flight, Steer wanted);
  /// The way that it was told cannot be proven: the next more severe one.
  void steer_otherwise(const Flight& flight);
  /// What the drone is asked for by the answer that is waited for.
  void turn(const Flight& flight, Steer wanted);
  void command(const std::string& drone, const std::string& verb);

  CoreContext& context_;
  std::map<std::string, MissionPlanning> planning_;  ///< by flight
  std::map<std::uint64_t, std::string> flight_by_job_;
  UtcTime last_staged_departure_;
};

}  // namespace swiftlet::dispatch
