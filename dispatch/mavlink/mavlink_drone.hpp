#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "dispatch/drone_link/drone.hpp"
#include "dispatch/mavlink/flight_modes.hpp"
#include "dispatch/mavlink/handling.hpp"
#include "dispatch/mavlink/logbook.hpp"
#include "dispatch/mavlink/procedure.hpp"
#include "planner/vehicle.hpp"

namespace swiftlet::mavlink {

/// Why a vehicle stays on the ground.
inline constexpr const char* kBatteryUnknown = "the vehicle does not know its battery";

/// Why it takes nothing from the service; whose() follows.
inline const std::string kOffControl = "is off the service's control: ";

/// As whom a bridge speaks unless it is told otherwise: no ground station's numbers (QGroundControl and Mission Planner
/// are 255/190), so that what one of them is answered is not taken for an answer to the bridge.
inline constexpr Address kBridge{.system = 245, .component = 25};

struct MavlinkDroneOptions {
  std::string drone;
  planner::VehicleProfile profile;
  double telemetry_hz = 2.0;  ///< a service second
  int system = 0;             ///< the vehicle's MAVLink system; 0: the first one heard that can be flown
  Address own = kBridge;      ///< as whom the bridge speaks, and is spoken to
  bool fences = true;         ///< a geofence and rally points with each mission
  Handling handling;
  std::filesystem::path logbook;
  std::function<void(std::string_view)> log;
};

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
  /// What there is to say to the autopilot.
  [[nodiscard]] std::vector<Message> take_messages();
  /// What there is to answer to the sender of the frame that was heard last: it may speak from another socket.
  [[nodiscard]] std::vector<Message> take_answers();

  [[nodiscard]] const Logbook& logbook() const { return book_; }

 private:
  using Stage = Logbook::Stage;

  // missions: mavlink_drone.cpp
  void take(const drone_link::Mission& mission);
  [[nodiscard]] std::string too_old(const drone_link::Mission& mission) const;
  /// Judged when its turn comes, and again when it is loaded: what was right when it came may not be any more.
  [[nodiscard]] std::string why_not(const drone_link::Mission& mission) const;
  [[nodiscard]] std::string why_not_from_here(const planner::Route& route) const;
  void accept(const drone_link::Mission& mission);
  void refuse(const drone_link::Mission& mission, std::string reason);
  /// The lists that make it up, none of them empty. The fence first: autopilots judge a mission by the fence that they
  /// have when it comes. Nothing is flown before all are aboard.
  using Lists = std::vector<std::vector<MissionItemInt>>;
  [[nodiscard]] Expected<Lists> lists_of(const planner::Route& route) const;
  [[nodiscard]] Procedures::Steps steps_to_load(const Lists& lists);
  /// Where another mission may be aboard than the book's, because loading one ended halfway: whether it is, and the
  /// book's own fence again.
  [[nodiscard]] Expected<void> add_check_of_mission(Procedures::Steps& steps);

  // commands: steering.cpp
  void take(const drone_link::Command& command);
  [[nodiscard]] std::string too_old(const drone_link::Command& command) const;
  [[nodiscard]] std::string why_not(const drone_link::Command& command) const;
  /// `way`: of a command that turns it.
  [[nodiscard]] Expected<Procedures::Steps> steps_of(const drone_link::Command& command, planner::Route& way);
  [[nodiscard]] planner::Route way_back() const;
  void obeyed(const drone_link::Command& command, planner::Route way);
  void answer(const drone_link::Command& command, const Expected<void>& outcome);
  /// A command that puts it in a mode: in the book before it is given, so that the mode is known for its own.
  void add_own_command(FlightMode mode, std::unique_ptr<Exchange> command, Procedures::Steps& steps);
  /// The command, and then the vehicle's own word that it is in the mode: an answer to an older change of mode may come
  /// late and look like one to this.
  void add_steps_to(FlightMode mode, Procedures::Steps& steps);
  [[nodiscard]] std::unique_ptr<Exchange> step_to_first_item() const;

  // who has it: control.cpp
  void watch_control();
  [[nodiscard]] bool has_foreign_mode() const;
  void leave_alone();
  void take_back();
  void hold_what_was_given_back();
  /// Who has it, as well as its mode tells.
  [[nodiscard]] std::string whose() const;

  // the flight, from deck to deck: flight_watch.cpp
  void depart_when_due();
  /// Of one that may be armed.
  void departure_failed(const std::string& why);
  void does_not_depart(const std::string& why);
  /// Drops the mission on the ground, and tells the service.
  void stay(const std::string& why);
  void go_on_when_due();
  void watch_flight();
  void take_off();
  void land();
  void disarm();

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
  void tell();
  [[nodiscard]] std::string warning() const;
  void say(std::string_view kind, std::string fault = {});
  void say_again();
  [[nodiscard]] double altitude_msl_m() const;
  [[nodiscard]] double battery_wh() const;
  [[nodiscard]] double battery_age_s() const;
  [[nodiscard]] bool battery_is_known() const;
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
  std::vector<Message> answers_;
  std::vector<drone_link::DroneMessage> outbox_;

  bool link_up_ = false;
  bool clock_known_ = false;
  UtcTime now_{};
  double speed_ = 1.0;
  std::optional<GeoPoint> home_pad_;
  WallTime wall_{};

  std::set<std::int64_t> missions_at_work_, commands_at_work_;  ///< taken in, not answered yet
  WallTime try_again_at_{};  ///< departure, going on, release: whatever the vehicle refused last
  int refused_departures_ = 0;
  std::optional<WallTime> sent_off_at_;  ///< told to begin its mission, not seen in the air yet
  std::optional<PadSignal> last_pad_signal_;
  bool told_silent_ = false;
  std::optional<WallTime> incomplete_since_;  ///< heard, and something is missing
  bool told_unsupported_ = false;
  std::optional<std::uint64_t> foreign_from_heartbeat_;  ///< perhaps somebody else has it: nothing is said to it
  std::string armed_because_;                            ///< why it could not be disarmed on the ground
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
