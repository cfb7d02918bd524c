// Who has the vehicle: the service, or a pilot or a failsafe, whom nobody here takes it from.
#include <fmt/core.h>

#include "dispatch/mavlink/mavlink_drone.hpp"

namespace swiftlet::mavlink {
namespace {

using namespace std::chrono_literals;

/// One heartbeat may have been overtaken by what has happened since.
constexpr std::uint64_t kSure = 2;
constexpr auto kAgain = 5s;

}  // namespace

bool MavlinkDrone::is_in_mode(FlightMode mode) const {
  return view_.autopilot() && is_in(mode, *view_.autopilot(), view_.custom_mode());
}

bool MavlinkDrone::has_foreign_mode() const {
  if (!view_.armed() || !view_.autopilot()) return false;
  const bool commanded = is_in_mode(book_.mode) || (book_.next_mode && is_in_mode(*book_.next_mode));
  if (book_.stage == Stage::flying) return !commanded;
  if (in_air()) return !(book_.stage == Stage::waiting && commanded);
  return !(is_in_mode(FlightMode::ready) || is_in_mode(FlightMode::mission) || is_in_mode(FlightMode::hold) ||
           is_in_mode(FlightMode::land));
}

void MavlinkDrone::watch_control() {
  if (book_.off_control) {
    if (is_in_mode(FlightMode::mission) && (book_.stage == Stage::flying || !in_air())) take_back();
    return;
  }
  if (!has_foreign_mode()) {
    foreign_from_heartbeat_.reset();
    return;
  }
  if (!foreign_from_heartbeat_) foreign_from_heartbeat_ = view_.heartbeats();
  if (view_.heartbeats() + 1 >= *foreign_from_heartbeat_ + kSure) leave_alone();
}

void MavlinkDrone::leave_alone() {
  foreign_from_heartbeat_.reset();
  book_.off_control = true;
  book_.given_back = false;
  book_.next_mode.reset();
  sent_off_at_.reset();
  keep();
  log(kOffControl + whose() + "; it is left alone until it is put in mission mode again");
  if (link_up_ && present()) tell();  // before what is refused because of it
  procedures_.abandon(Error{.code = ErrorCode::conflict, .message = kOffControl + whose()});
}

void MavlinkDrone::take_back() {
  book_.off_control = false;
  book_.mode = FlightMode::mission;
  book_.held = false;
  log("is given back to the service");
  if (book_.stage == Stage::flying) {
    // Where it is now nobody has proven the way on.
    book_.given_back = true;
    try_again_at_ = wall_;
  }
  keep();
}

void MavlinkDrone::hold_what_was_given_back() {
  if (!book_.given_back || book_.held || book_.stage != Stage::flying || procedures_.busy() || wall_ < try_again_at_) {
    return;
  }
  Procedures::Steps steps;
  add_steps_to(book_.lands_out ? FlightMode::land : FlightMode::hold, steps);
  procedures_.add(std::move(steps), [this](const Expected<void>& holds) {
    try_again_at_ = wall_ + kAgain;
    if (!holds) return log("does not hold: " + holds.error().message);
    book_.held = !book_.lands_out;
    book_.given_back = book_.held;
    keep();
  });
}

std::string MavlinkDrone::whose() const {
  return fmt::format("its pilot has it, or a failsafe (custom mode {})", view_.custom_mode());
}

}  // namespace swiftlet::mavlink
