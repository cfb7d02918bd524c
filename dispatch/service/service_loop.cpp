#include "dispatch/service/service_loop.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "dispatch/protocol/envelope.hpp"
#include "dispatch/protocol/strict_json.hpp"
#include "dispatch/service/clock_anchor.hpp"

namespace swiftlet::dispatch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kTick = std::chrono::milliseconds(50);
constexpr auto kSecond = std::chrono::seconds(1);
constexpr auto kAnchor = std::chrono::seconds(2);
constexpr auto kSweep = std::chrono::minutes(1);
constexpr auto kDrain = std::chrono::milliseconds(300);

// At most so many messages a turn, so that neither port starves the other, the clock or the sync.
constexpr int kMerchantsATurn = 256;
constexpr int kDronesATurn = 512;

}  // namespace

Expected<void> ServiceLoop::run(const std::atomic<bool>& stop, std::atomic<bool>& renew) {
  next_tick_ = next_etas_ = Clock::now();
  next_sweep_ = next_tick_ + kSweep;
  while (!stop.load()) {
    if (renew.exchange(false)) renew_webhooks();
    if (auto turned = turn(); !turned) return turned;
  }
  parts_.log.write(LogLevel::info, "stopping: no new orders");
  parts_.core.drain();
  for (const auto until = Clock::now() + kDrain; Clock::now() < until;) {
    if (auto turned = turn(); !turned) return turned;
  }
  return {};
}

Expected<void> ServiceLoop::turn() {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_tick_ - Clock::now());
  const std::array<RouterSocket* const, 2> sockets{&parts_.merchants, &parts_.drones};
  RouterSocket::wait(sockets, parts_.wake_up.fd(),
                     std::clamp(left, std::chrono::milliseconds(0), std::chrono::milliseconds(kTick)));
  parts_.wake_up.clear();
  if (auto failure = parts_.planners.failure()) return Unexpected(*failure);

  watch_keys();
  take_drones();
  take_merchants();
  if (parts_.merchant_door != nullptr) parts_.merchant_door->take_requests(parts_.core, parts_.clock.now());
  for (const PlanAnswer& answer : parts_.planners.take_answers()) {
    if (parts_.console != nullptr && parts_.console->take_answer(answer)) continue;
    parts_.core.on_plan_answer(parts_.clock.now(), answer);
  }
  const auto now = Clock::now();
  if (now >= next_tick_) {
    next_tick_ = std::max(next_tick_ + kTick, now);
    parts_.core.tick(parts_.clock.now());
  }
  if (auto settled = settle(); !settled) return settled;
  send_etas_when_due(now);
  // Last: what operators' commands change is told once the next turn has synced it.
  if (parts_.console != nullptr) parts_.console->turn(now);
  drop_anchor_when_due(now);
  return {};
}

Expected<void> ServiceLoop::follow_airspace() {
  const auto changed = parts_.airspace.follow(parts_.core.state());
  if (!changed) return Unexpected(changed.error());
  if (!*changed) return {};
  parts_.planners.change_planner(parts_.airspace.planner());
  if (parts_.console != nullptr) parts_.console->show(parts_.airspace.version());
  parts_.log.write(LogLevel::info, "the airspace is now " + parts_.airspace.hash());
  return {};
}

Expected<void> ServiceLoop::settle() {
  Effects effects = parts_.core.take_effects();
  const auto told = parts_.webhooks != nullptr ? parts_.webhooks->take_moved() : std::vector<WebhookCursor>();
  if (auto synced = parts_.journal.append(effects.records, effects.notes, told); !synced) {
    parts_.log.write(LogLevel::error, "the journal failed: nothing more is acknowledged");
    take_back(effects.to_merchants);
    return synced;
  }
  if (auto followed = follow_airspace(); !followed) return followed;
  for (const std::string& order_id : effects.erased_notes) {
    if (auto erased = parts_.journal.erase_note(order_id); !erased) return erased;
  }
  to_merchants_.flush();
  to_drones_.flush();
  for (const Subscription& subscription : effects.subscriptions) subscribe(subscription);
  for (OutgoingFrame& out : effects.to_merchants) send_to_merchant(out.to, std::move(out.frame));
  for (OutgoingFrame& out : effects.to_drones) to_drones_.send(out.to, std::move(out.frame));
  feed_.send_events(parts_.core.state());
  if (parts_.merchant_door != nullptr) parts_.merchant_door->send_events(parts_.core.state());
  if (parts_.webhooks != nullptr) parts_.webhooks->send(parts_.core.state());
  parts_.planners.submit(std::move(effects.plans));
  const bool tracked = parts_.tracks.append(effects.tracks, parts_.clock.now());
  if (!tracked && !tracks_failed_) parts_.log.write(LogLevel::error, "the track log cannot be written");
  tracks_failed_ = !tracked;
  if (parts_.console != nullptr) parts_.console->report(effects.to_operators);
  report(effects.notices);
  return {};
}

void ServiceLoop::send_to_merchant(ConnectionId connection, std::string frame) {
  if (MerchantDoorLink::owns(connection)) {
    parts_.merchant_door->answer(connection, std::move(frame));
  } else {
    to_merchants_.send(connection, std::move(frame));
  }
}

void ServiceLoop::subscribe(const Subscription& subscription) {
  if (MerchantDoorLink::owns(subscription.connection)) {
    parts_.merchant_door->subscribe(subscription, parts_.core.state());
  } else {
    feed_.subscribe(subscription);
  }
}

void ServiceLoop::take_back(std::vector<OutgoingFrame>& replies) {
  const Error error{.code = ErrorCode::store_unavailable,
                    .message = "the service could not write this down and stops; ask again when it is back"};
  for (const OutgoingFrame& reply : replies) {
    const auto told = parse_strict_json(reply.frame);
    if (!told || !told->contains("re")) continue;
    const auto& re = (*told)["re"];
    send_to_merchant(reply.to,
                     error_reply(re.is_string() ? std::optional(re.get<std::string>()) : std::nullopt, error));
  }
  to_merchants_.flush();
}

void ServiceLoop::drop_anchor_when_due(SteadyTime now) {
  if (parts_.speed == 1.0 || now < next_anchor_) return;
  next_anchor_ = now + kAnchor;
  const bool written = write_clock_anchor(
      parts_.clock_anchor, {.wall = ServiceClock::wall(), .service = parts_.clock.now(), .speed = parts_.speed});
  if (!written)
    parts_.log.write(LogLevel::warn, "the clock's anchor cannot be written: " + parts_.clock_anchor.string());
}

void ServiceLoop::watch_keys() {
  if (parts_.peers == nullptr || !parts_.peers->refresh()) return;
  // A key that was revoked keeps its connection; it is not talked to any more.
  to_merchants_.forget_unwelcome(
      [this](const std::string& key) { return parts_.peers->has_role(key, PeerRole::merchant); });
  to_drones_.forget_unwelcome([this](const std::string& key) { return parts_.peers->has_role(key, PeerRole::drone); });
}

void ServiceLoop::renew_webhooks() {
  // What was taken since the last turn is on no disk yet; it is said once more, as after a crash.
  if (const auto renewed = parts_.renew_webhooks()) {
    parts_.webhooks = *renewed;
    parts_.log.write(LogLevel::info, "the webhooks are as the configuration has them now; all else needs a restart");
  } else {
    parts_.log.write(LogLevel::error, "the webhooks stay as they are: " + describe(renewed.error()));
  }
}

std::optional<std::string> ServiceLoop::welcome(const InboundMessage& message, PeerRole role, Outbox& outbox,
                                                ConnectionId connection) const {
  if (parts_.peers == nullptr) return role == PeerRole::merchant ? kDevMerchant : "";
  const auto peer = parts_.peers->owner(message.peer_key);
  if (peer && peer->role == role) return peer->name;
  outbox.send(connection,
              error_reply({}, {.code = ErrorCode::unauthorized, .message = "this key is not let in here any more"}));
  outbox.forget(connection);
  return std::nullopt;
}

void ServiceLoop::take_merchants() {
  for (int i = 0; i < kMerchantsATurn; ++i) {
    const auto message = parts_.merchants.receive();
    if (!message) return;
    const ConnectionId connection = to_merchants_.heard(message->routing_id, message->peer_key);
    const auto merchant = welcome(*message, PeerRole::merchant, to_merchants_, connection);
    if (!merchant) continue;
    if (message->multipart) {
      to_merchants_.send(connection, multipart_refusal());
    } else {
      parts_.core.on_merchant_frame(parts_.clock.now(), {.merchant = *merchant, .connection = connection},
                                    message->payload);
    }
  }
}

void ServiceLoop::take_drones() {
  for (int i = 0; i < kDronesATurn; ++i) {
    const auto message = parts_.drones.receive();
    if (!message) return;
    const ConnectionId connection = to_drones_.heard(message->routing_id, message->peer_key);
    const auto drone = welcome(*message, PeerRole::drone, to_drones_, connection);
    if (!drone) continue;
    if (message->multipart) {
      to_drones_.send(connection, multipart_refusal());
    } else {
      parts_.core.on_drone_frame(parts_.clock.now(), {.connection = connection, .authenticated = *drone},
                                 message->payload);
    }
  }
}

void ServiceLoop::send_etas_when_due(SteadyTime now) {
  if (now >= next_etas_) {
    next_etas_ = now - next_etas_ > kSecond ? now + kSecond : next_etas_ + kSecond;
    std::set<std::string> followed = feed_.merchants();
    if (parts_.merchant_door != nullptr) followed.merge(parts_.merchant_door->followed());
    for (const std::string& merchant : followed) {
      const std::vector<std::string> frames = parts_.core.eta_frames(parts_.clock.now(), merchant);
      feed_.send_etas(merchant, frames);
      if (parts_.merchant_door != nullptr) parts_.merchant_door->send_etas(merchant, frames);
    }
  }
  if (now >= next_sweep_) {
    next_sweep_ = now + kSweep;
    to_merchants_.forget_silent(feed_.connections());
    to_drones_.forget_silent({});
  }
}

void ServiceLoop::report(const std::vector<Notice>& notices) const {
  for (const Notice& notice : notices) {
    const LogLevel level = notice.level == NoticeLevel::info      ? LogLevel::info
                           : notice.level == NoticeLevel::warning ? LogLevel::warn
                                                                  : LogLevel::error;
    parts_.log.write(level, notice.text);
  }
}

}  // namespace swiftlet::dispatch
