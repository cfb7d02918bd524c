#pragma once

#include <deque>
#include <functional>
#include <random>
#include <vector>

#include "dispatch/mavlink/mavlink_drone.hpp"
#include "dispatch/mavlink/mission_items.hpp"
#include "geo/geo_point.hpp"

namespace swiftlet::mavlink::testing {

/// An instant of the wall, from the beginning of a test.
[[nodiscard]] WallTime wall(double seconds);

/// A vehicle on paper: it answers as the public protocols have it, and stands or flies where it is put.
class PaperVehicle {
 public:
  explicit PaperVehicle(Autopilot kind, std::uint64_t seed = 1) : autopilot(kind), random_(seed) {}

  Autopilot autopilot;
  GeoPoint at;               ///< in the region's datum
  GeoPoint home;             ///< where it was armed
  double sea_level_m = 0.0;  ///< its own, above the region's
  bool armed = false;
  VehicleView::Landed landed = VehicleView::Landed::on_ground;
  std::uint32_t custom_mode = 0;
  int battery_percent = 100;  ///< -1: it does not know
  std::vector<MissionItemInt> mission;
  std::uint16_t current = 0;
  std::vector<MissionItemInt> fence, rally;
  int uploads = 0;  ///< of missions
  std::uint8_t refuses_fence_with = 0;
  bool asks_the_old_way = false;  ///< MISSION_REQUEST
  int mission_orders = 0;         ///< messages that set or change its mission
  std::uint8_t refuses_mission_with = 0;
  std::uint8_t refuses_arming_with = 0;
  std::uint8_t refuses_modes_with = 0;
  double answers_after_s = 0.0;
  bool ignores_modes = false;  ///< neither does nor answers a change of mode
  std::uint8_t refuses_disarming_with = 0;
  Address answers_to = kBridge;                                          ///< whom its mission and command messages name
  std::function<void(MissionItemInt&)> stores = [](MissionItemInt&) {};  ///< what it makes of an item
  bool silent = false;
  std::vector<CommandLong> heard_commands = {};
  /// How many of these it has heard; of all kinds that take hold of it (modes, arming, missions, what it carries).
  [[nodiscard]] std::size_t heard(std::uint16_t command) const;
  [[nodiscard]] std::size_t heard_orders() const;

  double loss = 0.0;  ///< of what is said either way a quarter is doubled and a quarter overtaken of that share

  /// What the bridge has said at that time.
  void hear(const std::vector<Message>& messages, double t_s);
  /// What reaches the bridge by then: answers, and its state ten times a second.
  [[nodiscard]] std::vector<Frame> speak(double t_s);

  void lift_off();
  void stand_at(const GeoPoint& deck);

 private:
  void take(const Message& message, double t_s);
  [[nodiscard]] std::uint8_t obey(const CommandLong& command, double t_s);
  void say(const Message& message, double t_s);
  void say_state(double t_s);
  void ask_for_item(double t_s);
  void through_air(double t_s, const std::function<void(double)>& pass);

  struct OnItsWay {
    double at_s;
    Message message;
  };
  std::mt19937_64 random_;
  std::vector<OnItsWay> to_bridge_, to_vehicle_;
  double next_state_s_ = 0.0;
  bool uploading_ = false;
  std::size_t wanted_ = 0;
  std::uint8_t list_ = 0;  ///< which is coming
  [[nodiscard]] std::vector<MissionItemInt>& list(std::uint8_t which);
  double asked_at_s_ = 0.0;
  std::vector<MissionItemInt> coming_;
};

}  // namespace swiftlet::mavlink::testing
