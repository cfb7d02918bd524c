#include "sim/drone_fleet.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace swiftlet::sim {
namespace {

using namespace std::chrono_literals;

constexpr auto kHelloTimeout = 3s;
constexpr double kFirstPause_s = 0.2;
constexpr double kMostPause_s = 3.0;

}  // namespace

UtcTime DroneFleet::Station::service_time(Clock::time_point now) const {
  return after(replied_time, std::chrono::duration<double>(now - replied_at).count() * speed);
}

DroneFleet::DroneFleet(const std::string& endpoint, const std::vector<AgentOptions>& drones, Log log, LinkKeys keys)
    : log_(std::move(log)), links_(endpoint, drones.size(), std::move(keys)) {
  const Clock::time_point now = Clock::now();
  for (const AgentOptions& options : drones) {
    stations_.push_back(
        {.drone = options.drone, .agent = DroneAgent(options), .act_at = now, .replied_at = now, .replied_time = {}});
  }
  for (std::size_t i = 0; i < stations_.size(); ++i) keep_link(stations_[i], i, now);
}

bool DroneFleet::ready() const {
  return std::all_of(stations_.begin(), stations_.end(), [](const Station& station) { return station.greeted; });
}

std::size_t DroneFleet::linked() const {
  return static_cast<std::size_t>(
      std::count_if(stations_.begin(), stations_.end(), [](const Station& station) { return station.agent.linked(); }));
}

void DroneFleet::turn(std::chrono::milliseconds most) {
  const std::vector<DroneLinks::Received> received = links_.wait(most);
  const Clock::time_point now = Clock::now();
  for (const DroneLinks::Received& one : received) take(stations_.at(one.drone), one.drone, one, now);
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    Station& station = stations_[i];
    station.agent.advance(station.service_time(now));
    for (const DroneMessage& message : station.agent.take_outbox()) send(station, i, message);
    keep_link(station, i, now);
  }
}

void DroneFleet::send(Station& station, std::size_t i, const DroneMessage& message) {
  // What finds no room is lost like a frame in the air: events are repeated, telemetry is superseded.
  (void)links_.send(i, encode(message, fmt::format("{}-{}", station.drone, ++station.frames)));
}

void DroneFleet::take(Station& station, std::size_t i, const DroneLinks::Received& received, Clock::time_point now) {
  if (received.disconnected || received.key_refused) {
    drop_link(station, i, now, received.key_refused ? "the service does not let this key in" : "connection lost");
    return;
  }
  const auto message = decode(received.frame);
  if (!message) {
    log_(station.drone, "cannot read a message: " + describe(message.error()));
  } else if (const auto* reply = std::get_if<HelloReply>(&*message)) {
    station.replied_at = now;
    station.replied_time = reply->time;
    station.speed = reply->speed;
    station.attempts = 0;
    station.agent.link_up(*reply);
    log_(station.drone, station.greeted ? "linked again" : "linked");
    station.greeted = true;
  } else if (const auto* refusal = std::get_if<Refusal>(&*message)) {
    log_(station.drone, fmt::format("refused: {}: {}", refusal->code, refusal->message));
    // Whom the service does not know (any more) has to say hello again.
    const bool unknown = refusal->code == name(ErrorCode::unauthorized);
    if (unknown || !station.agent.linked()) drop_link(station, i, now, "not known to the service");
  } else {
    station.agent.receive(*message);
  }
}

void DroneFleet::drop_link(Station& station, std::size_t i, Clock::time_point now, std::string_view why) {
  links_.close(i);
  station.agent.link_down();
  station.open = false;
  const double pause_s =
      std::min(kFirstPause_s * static_cast<double>(1 << std::min(station.attempts, 5)), kMostPause_s);
  const double drawn_s = std::uniform_real_distribution<double>(0.5 * pause_s, 1.5 * pause_s)(jitter_);
  station.act_at = now + std::chrono::round<Clock::duration>(std::chrono::duration<double>(drawn_s));
  ++station.attempts;
  log_(station.drone, fmt::format("{}; trying again in {:.1f} s", why, drawn_s));
}

void DroneFleet::keep_link(Station& station, std::size_t i, Clock::time_point now) {
  if (station.agent.linked() || now < station.act_at) return;
  if (station.open) {
    drop_link(station, i, now, "no answer to hello; is the service up?");
    return;
  }
  links_.open(i);
  station.open = true;
  station.act_at = now + kHelloTimeout;
  send(station, i, station.agent.hello());
}

}  // namespace swiftlet::sim
