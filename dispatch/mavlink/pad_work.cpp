// What is done on a pad: the parcel taken in, let go of, the battery changed.
#include <fmt/core.h>

#include <algorithm>

#include "dispatch/mavlink/command_exchange.hpp"
#include "dispatch/mavlink/mavlink_drone.hpp"

namespace swiftlet::mavlink {
namespace {

using namespace std::chrono_literals;
using drone_link::Purpose;

constexpr auto kAgain = 5s;
/// An autopilot that is still armed so long after touchdown is disarmed before anybody comes near.
constexpr auto kStillArmed = 4s;
constexpr double kAtHomePad_m = 10.0;

}  // namespace

Purpose MavlinkDrone::purpose() const {
  if (book_.mission->purpose) return *book_.mission->purpose;
  if (home_pad_ && metres_from_here(home_pad_->lonlat()) <= kAtHomePad_m) return Purpose::home;
  return book_.payload_kg > 0.0 ? Purpose::deliver : Purpose::pickup;
}

void MavlinkDrone::work_on_pad() {
  if (book_.stage != Stage::on_pad || !on_ground() || !stands_since_ || procedures_.busy()) return;
  if (book_.off_control || foreign_from_heartbeat_) return;
  if (view_.armed()) {
    if (wall_ < *stands_since_ + kStillArmed || wall_ < try_again_at_) return;
    try_again_at_ = wall_ + kAgain;
    return disarm();
  }
  const Handling& handling = options_.handling;
  const auto is_over = [this](std::optional<double> wait_s, UtcTime from) {
    return wait_s && clock_known_ && now_ >= after(from, *wait_s);
  };
  const UtcTime landed_at = book_.landed_at.value_or(now_);
  switch (purpose()) {
    case Purpose::pickup:
      // Nobody loads a parcel that is not ready yet.
      if (is_over(handling.loaded_after_s, std::max(landed_at, book_.mission->ready_at.value_or(landed_at)))) {
        loaded(0.0);
      }
      break;
    case Purpose::deliver:
      if (handling.release && wall_ >= try_again_at_) let_go();
      if (is_over(handling.released_after_s, landed_at)) released();
      break;
    case Purpose::home:
      if (battery_is_known() && battery_wh() >= handling.ready_battery_share * options_.profile.battery_wh) swapped();
      break;
    case Purpose::stand:
      book_.stage = Stage::idle;
      keep();
      break;
  }
}

void MavlinkDrone::let_go() {
  Procedures::Steps steps;
  steps.push_back(std::make_unique<CommandExchange>(*options_.handling.release, "letting go of the parcel"));
  procedures_.add(std::move(steps), [this](const Expected<void>& done) {
    if (done && book_.stage == Stage::on_pad) return released();
    try_again_at_ = wall_ + kAgain;
    if (!done) log(done.error().message);
  });
}

void MavlinkDrone::loaded(double mass_kg) {
  book_.stage = Stage::idle;
  book_.payload_kg = mass_kg > 0.0 ? mass_kg : book_.mission->parcel_kg.value_or(0.0);
  say("loaded");
}

void MavlinkDrone::released() {
  book_.stage = Stage::idle;
  book_.payload_kg = 0.0;
  say("released");
}

void MavlinkDrone::swapped() {
  book_.stage = Stage::idle;
  book_.payload_kg = 0.0;
  book_.mission.reset();
  say("swapped");
}

void MavlinkDrone::hear_pad(const CommandLong& command, Address from) {
  const auto report = pad_report(command);
  if (!report) return;
  const bool awaited =
      book_.stage == Stage::on_pad && purpose() == (report->signal == PadSignal::loaded     ? Purpose::pickup
                                                    : report->signal == PadSignal::released ? Purpose::deliver
                                                                                            : Purpose::home);
  // Said again because the answer was lost: it is so.
  const bool again = book_.stage == Stage::idle && report->signal == last_pad_signal_;
  CommandAck ack;
  ack.command = command.command;
  ack.result =
      static_cast<std::uint8_t>(awaited || again ? CommandResult::accepted : CommandResult::temporarily_rejected);
  ack.target_system = from.system;
  ack.target_component = from.component;
  answers_.emplace_back(ack);
  if (!awaited) return;
  last_pad_signal_ = report->signal;
  if (report->signal == PadSignal::loaded) loaded(report->mass_kg);
  if (report->signal == PadSignal::released) released();
  if (report->signal == PadSignal::swapped) swapped();
}

}  // namespace swiftlet::mavlink
