#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "dispatch/drone_link/drone.hpp"
#include "dispatch/mavlink/flight_modes.hpp"
#include "dispatch/mavlink/handling.hpp"
#include "dispatch/mavlink/logbook.hpp"
#include "dispatch/mavlink/procedure.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::mavlink {

struct MavlinkDroneOptions {
  std::string drone;
  planner::VehicleProfile profile;
  double telemetry_hz = 2.0;  ///< a service second
  int system = 0;             ///< the vehicle's MAVLink system; 0: the first one heard that can be flown
  Handling handling;
  std::filesystem::path logbook;
  std::function<void(std::string_view)> log;
};

/// This bridge, as MAVLink addresses it: a ground station.
inline constexpr Address kBridge{.system = 255, .component = 190};

/// A vehicle with PX4 or ArduPilot as a drone of the fleet.
///
/// Missions are uploaded, read back and only then accepted; flown from their departure on; commands are answered when
/// the vehicle has answered them. Heights go to the vehicle and come from it above its home, which is the deck where it
/// was armed, and that deck's altitude is the route's: what the vehicle holds for sea level matters nowhere. While the
/// vehicle is silent the drone is, too. Without the service the vehicle flies its mission to the end.
///
/// Reads no socket and no clock. It lives in two times: the service's, by advance(), and the wall's, by live().
/// Throws LogbookLost where the logbook cannot be written: nothing is told that would not be known after a restart.
class MavlinkDrone final : public drone_link::Drone {
 public:
  MavlinkDrone(MavlinkDroneOptions options, Logbook logbook);

  // ---- the service's side ----
  [[nodiscard]] std::string_view name() const override { return options_.drone; }
  [[nodiscard]] bool present() const override;
  [[nodiscard]] drone_link::DroneHello hello() const override;
  void link_up(const drone_link::HelloReply& reply) override;
  void link_down() override { link_up_ = false; }
  [[nodiscard]] bool linked() const override { return link_up_; }
  void receive(const drone_link::ServiceMessage& message) override;
  void advance(UtcTime now) override;
  [[nodiscard]] std::vector<drone_link::DroneMessage> take_outbox() override;

  // ---- the vehicle's side ----
  /// Whether a frame of this sender may be the vehicle's.
  [[nodiscard]] bool is_of_vehicle(const Frame& frame) const;
  void hear(const Frame& frame, WallTime now);
  void live(WallTime now);
  [[nodiscard]] std::vector<Message> take_messages();

  [[nodiscard]] const Logbook& logbook() const { return book_; }

 private:
  using Stage = Logbook::Stage;

  // missions and commands: mavlink_drone.cpp
  void take(const drone_link::Mission& mission);
  void take(const drone_link::Command& command);
  [[nodiscard]] std::string why_not(const drone_link::Mission& mission) const;
  [[nodiscard]] std::string why_not(const drone_link::Command& command) const;
  [[nodiscard]] std::string why_not_from_here(const planner::Route& route) const;
  void accept(const drone_link::Mission& mission);
  void obey(const drone_link::Command& command);
  void turn(const drone_link::Command& command);
  void answer(const drone_link::Command& command, const Expected<void>& outcome);
  [[nodiscard]] Expected<std::vector<MissionItemInt>> items_of(const planner::Route& route) const;
  [[nodiscard]] Procedures::Steps steps_to_load(const std::vector<MissionItemInt>& items) const;
  /// The command, and then the vehicle's own word that it is in the mode: an answer to an older change of mode may come
  /// late and look like one to this.
  void add_steps_to(FlightMode mode, Procedures::Steps& steps) const;
  [[nodiscard]] std::unique_ptr<Exchange> step_to_first_item() const;

  // the flight, from deck to deck: flight_watch.cpp
  void depart_when_due();
  void departure_failed(const std::string& why);
  /// Drops the mission on the ground, and tells the service.
  void stay(const std::string& why);
  void go_on_when_due();
  void watch_flight();
  void take_off();
  void land();
  void watch_mode();

  // on the ground: pad_work.cpp
  void work_on_pad();
  void hear_pad(const CommandLong& command, Address from);
  [[nodiscard]] drone_link::Purpose purpose() const;
  void loaded(double mass_kg);
  void released();
  void swapped();
  void let_go();

  // what is told: vehicle_report.cpp
  void greet_vehicle(const Frame& frame, const Heartbeat& heartbeat);
  void ask_for_streams();
  void tell_what_is_missing(bool heard);
  void report();
  void say(std::string_view kind, std::string fault = {});
  void say_again();
  [[nodiscard]] double altitude_msl_m() const;
  [[nodiscard]] double battery_wh() const;
  [[nodiscard]] std::string_view phase() const;
  [[nodiscard]] double metres_from_here(const LonLat& there) const;
  [[nodiscard]] bool in_air() const { return view_.landed() == VehicleView::Landed::in_air; }
  [[nodiscard]] bool on_ground() const { return view_.landed() == VehicleView::Landed::on_ground; }
  [[nodiscard]] bool is_in_mode(FlightMode mode) const;
  [[nodiscard]] Conversation conversation();
  void log(const std::string& what) const { options_.log(what); }
  void keep();

  MavlinkDroneOptions options_;
  Logbook book_;
  Address vehicle_;  ///< system 0: not heard yet
  VehicleView view_;
  Procedures procedures_;
  std::vector<Message> messages_;
  std::vector<drone_link::DroneMessage> outbox_;

  bool link_up_ = false;
  bool clock_known_ = false;
  UtcTime now_{};
  double speed_ = 1.0;
  std::optional<GeoPoint> home_pad_;
  WallTime wall_{};

  std::optional<std::int64_t> incoming_mission_no_;
  std::optional<std::int64_t> incoming_command_seq_;
  WallTime try_again_at_{};  ///< departure, going on, release: whatever the vehicle refused last
  int refused_departures_ = 0;
  std::optional<WallTime> sent_off_at_;  ///< told to begin its mission, not seen in the air yet
  std::optional<PadSignal> last_pad_signal_;
  bool told_silent_ = false;
  std::optional<WallTime> incomplete_since_;  ///< heard, and something is missing
  bool told_unsupported_ = false;
  std::uint32_t told_mode_ = 0;
  std::string told_complaint_;
  std::optional<WallTime> stands_since_;  ///< on the ground
  std::uint64_t stands_from_position_ = 0;

  std::int64_t next_n_ = 0;
  std::uint64_t reported_positions_ = 0;
  std::uint64_t positions_at_ask_ = 0;
  UtcTime next_report_{};
  WallTime next_heartbeat_{}, next_ask_{}, next_say_again_{};
};

/// The logbook cannot be written.
struct LogbookLost {
  Error error;
};

}  // namespace swiftlet::mavlink
