#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>

#include "dispatch/core/core.hpp"
#include "dispatch/service/console_link.hpp"
#include "dispatch/service/event_feed.hpp"
#include "dispatch/service/fleet_setup.hpp"
#include "dispatch/service/live_airspace.hpp"
#include "dispatch/service/log.hpp"
#include "dispatch/service/merchant_door_link.hpp"
#include "dispatch/service/outbox.hpp"
#include "dispatch/service/peers.hpp"
#include "dispatch/service/planner_pool.hpp"
#include "dispatch/service/router_socket.hpp"
#include "dispatch/service/service_clock.hpp"
#include "dispatch/service/wake_up.hpp"
#include "dispatch/service/webhook_link.hpp"
#include "dispatch/store/data_dir.hpp"
#include "dispatch/store/journal.hpp"
#include "dispatch/store/track_log.hpp"

namespace swiftlet::dispatch {

/// The turns of the service: gather what came in, let the core decide, sync, send. All that a turn gathers is one
/// commit, so the busier it gets the more share one sync.
class ServiceLoop {
 public:
  struct Parts {
    Core& core;
    Journal& journal;
    TrackLog& tracks;
    PlannerPool& planners;
    LiveAirspace& airspace;
    RouterSocket& merchants;
    RouterSocket& drones;
    Peers* peers;  ///< nullptr: no keys, everybody on the merchants' port is the development merchant
    const ServiceClock& clock;
    std::filesystem::path clock_anchor;
    double speed = 1.0;
    ConsoleLink* console;             ///< nullptr: no gateway
    MerchantDoorLink* merchant_door;  ///< nullptr: merchants come by ZeroMQ alone
    WebhookLink* webhooks;            ///< nullptr: nobody has one
    /// Reads the webhooks' configuration again: the link from now on. Errors: what cannot be read; all stays.
    std::function<Expected<WebhookLink*>()> renew_webhooks;
    const WakeUp& wake_up;
    const Log& log;
  };

  /// Who everybody on a loopback port is where there are no keys.
  static constexpr const char* kDevMerchant = "dev_merchant";

  explicit ServiceLoop(const Parts& parts)
      : parts_(parts), to_merchants_(parts.merchants), to_drones_(parts.drones), feed_(to_merchants_) {}

  /// Until `stop`. `renew` asks for the webhooks' configuration to be read again.
  [[nodiscard]] Expected<void> run(const std::atomic<bool>& stop, std::atomic<bool>& renew);
  /// Journals what the core has decided, then does what it wants done. Errors: store_unavailable.
  [[nodiscard]] Expected<void> settle();

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  [[nodiscard]] Expected<void> turn();
  /// Who sent a message, or nothing after having answered that the key is not, or no longer, let in here.
  [[nodiscard]] std::optional<std::string> welcome(const InboundMessage& message, PeerRole role, Outbox& outbox,
                                                   ConnectionId connection) const;
  void watch_keys();
  void renew_webhooks();
  /// Where operators have put up or taken down a zone: planners and page go over to that version of the airspace.
  [[nodiscard]] Expected<void> follow_airspace();
  void take_merchants();
  void take_drones();
  void send_etas_when_due(SteadyTime now);
  void drop_anchor_when_due(SteadyTime now);
  void send_to_merchant(ConnectionId connection, std::string frame);
  void subscribe(const Subscription& subscription);
  /// Tells those whose requests this turn has answered that nothing of it was kept.
  void take_back(std::vector<OutgoingFrame>& replies);
  void report(const std::vector<Notice>& notices) const;

  Parts parts_;
  Outbox to_merchants_;
  Outbox to_drones_;
  EventFeed feed_;
  SteadyTime next_tick_;
  SteadyTime next_etas_;
  SteadyTime next_sweep_;
  SteadyTime next_anchor_;
  bool tracks_failed_ = false;
};

}  // namespace swiftlet::dispatch
