#include "dispatch/drone_link/drone_fleet.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace swiftlet::drone_link {
namespace {

using namespace std::chrono_literals;

constexpr auto kHelloTimeout = 3s;
constexpr double kFirstPause_s = 0.2;
constexpr double kMostPause_s = 3.0;

}  // namespace

UtcTime DroneFleet::Station::service_time(Clock::time_point now) const {
  return after(replied_time, std::chrono::duration<double>(now - replied_at).count() * speed);
}

DroneFleet::DroneFleet(const std::string& endpoint, std::vector<std::unique_ptr<Drone>> drones, Log log, LinkKeys keys)
    : log_(std::move(log)), links_(endpoint, drones.size(), std::move(keys)) {
  const Clock::time_point now = Clock::now();
  for (std::unique_ptr<Drone>& drone : drones) {
    stations_.push_back({.drone = std::move(drone), .act_at = now, .replied_at = now, .replied_time = {}});
  }
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    if (!stations_[i].drone->present()) {
      links_.open(i);  // an endpoint that cannot be read is told now, not when the drone turns up
      links_.close(i);
    }
    keep_link(stations_[i], i, now);
  }
}

bool DroneFleet::ready() const {
  return std::all_of(stations_.begin(), stations_.end(), [](const Station& station) { return station.greeted; });
}

std::size_t DroneFleet::linked() const {
  return static_cast<std::size_t>(std::count_if(stations_.begin(), stations_.end(),
                                                [](const Station& station) { return station.drone->linked(); }));
}

void DroneFleet::turn(std::chrono::milliseconds most) {
  const std::vector<DroneSockets::Received> received = links_.wait(most);
  const Clock::time_point now = Clock::now();
  for (const DroneSockets::Received& one : received) take(stations_.at(one.drone), one.drone, one, now);
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    Station& station = stations_[i];
    station.drone->advance(station.service_time(now));
    for (const DroneMessage& message : station.drone->take_outbox()) send(station, i, message);
    keep_link(station, i, now);
  }
}

void DroneFleet::send(Station& station, std::size_t i, const DroneMessage& message) {
  // What finds no room is lost like a frame in the air: events are repeated, telemetry is superseded.
  (void)links_.send(i, encode(message, fmt::format("{}-{}", station.drone->name(), ++station.frames)));
}

void DroneFleet::take(Station& station, std::size_t i, const DroneSockets::Received& received, Clock::time_point now) {
  if (received.disconnected || received.key_refused) {
    drop_link(station, i, now, received.key_refused ? "the service does not let this key in" : "connection lost");
    return;
  }
  const auto message = decode(received.frame);
  if (!message) {
    log_(station.drone->name(), "cannot read a message: " + describe(message.error()));
  } else if (const auto* reply = std::get_if<HelloReply>(&*message)) {
    station.replied_at = now;
    station.replied_time = reply->time;
    station.speed = reply->speed;
    station.attempts = 0;
    station.drone->link_up(*reply);
    log_(station.drone->name(), station.greeted ? "linked again" : "linked");
    station.greeted = true;
  } else if (const auto* refusal = std::get_if<Refusal>(&*message)) {
    log_(station.drone->name(), fmt::format("refused: {}: {}", refusal->code, refusal->message));
    // Whom the service does not know (any more) has to say hello again.
    const bool unknown = refusal->code == name(ErrorCode::unauthorized);
    if (unknown || !station.drone->linked()) drop_link(station, i, now, "not known to the service");
  } else {
    station.drone->receive(*message);
  }
}

void DroneFleet::drop_link(Station& station, std::size_t i, Clock::time_point now, std::string_view why) {
  links_.close(i);
  station.drone->link_down();
  station.open = false;
  const double pause_s =
      std::min(kFirstPause_s * static_cast<double>(1 << std::min(station.attempts, 5)), kMostPause_s);
  const double drawn_s = std::uniform_real_distribution<double>(0.5 * pause_s, 1.5 * pause_s)(jitter_);
  station.act_at = now + std::chrono::round<Clock::duration>(std::chrono::duration<double>(drawn_s));
  ++station.attempts;
  log_(station.drone->name(), fmt::format("{}; trying again in {:.1f} s", why, drawn_s));
}

void DroneFleet::keep_link(Station& station, std::size_t i, Clock::time_point now) {
  if (station.drone->linked() || now < station.act_at) return;
  if (station.open) {
    drop_link(station, i, now, "no answer to hello; is the service up?");
    return;
  }
  if (!station.drone->present()) return;
  links_.open(i);
  station.open = true;
  station.act_at = now + kHelloTimeout;
  send(station, i, station.drone->hello());
}

}  // namespace swiftlet::drone_link
