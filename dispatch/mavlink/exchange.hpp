#pragma once

#include <optional>
#include <vector>

#include "dispatch/mavlink/vehicle_view.hpp"
#include "geo/error.hpp"

namespace swiftlet::mavlink {

/// What an exchange sees of the vehicle, and what it has to say to it.
struct Conversation {
  Address vehicle;
  VehicleView& view;
  std::vector<Message>& out;
  WallTime now = {};

  /// Says it to the vehicle: fills in who is meant.
  template <class One>
  void say(One message) {
    message.target_system = vehicle.system;
    message.target_component = vehicle.component;
    out.emplace_back(message);
  }
};

/// Something that takes more than one message: asked until it is answered, over a link that loses, doubles and
/// reorders.
class Exchange {
 public:
  Exchange() = default;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  virtual ~Exchange() = default;

  /// A message of the vehicle.
  virtual void hear(const Message& /*message*/, Conversation& /*with*/) {}
  /// Lives up to now; nothing while it is not over. The first call begins it.
  /// Errors: source_unavailable (no answer), conflict (the vehicle says no), with a message in the vehicle's terms.
  [[nodiscard]] virtual std::optional<Expected<void>> advance(Conversation& with) = 0;
};

/// How often to ask again, and how long.
class Patience {
 public:
  Patience(std::chrono::milliseconds interval, int most) : interval_(interval), most_(most) {}

  /// Whether to ask now, for the first time or again.
  [[nodiscard]] bool ask(WallTime now) {
    if (asked_ > most_ || (asked_ > 0 && now < next_)) return false;
    next_ = now + interval_;
    ++asked_;
    return true;
  }
  /// Asked for the last time, and waited after it.
  [[nodiscard]] bool is_over(WallTime now) const { return asked_ > most_ && now >= next_; }
  /// Heard something: all over again, the next time an interval from now.
  void restart(WallTime now) {
    asked_ = 1;
    next_ = now + interval_;
  }
  /// What was asked for is something else now: ask at once.
  void begin_anew() { asked_ = 0; }

 private:
  std::chrono::milliseconds interval_;
  int most_;
  int asked_ = 0;
  WallTime next_ = {};
};

}  // namespace swiftlet::mavlink
