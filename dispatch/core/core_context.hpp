#pragma once

#include <map>
#include <string>
#include <vector>

#include "dispatch/core/air_traffic.hpp"
#include "dispatch/core/drone_table.hpp"
#include "dispatch/core/eta.hpp"
#include "dispatch/core/fleet_config.hpp"
#include "dispatch/core/fleet_index.hpp"
#include "dispatch/core/fleet_link.hpp"
#include "dispatch/core/held_spots.hpp"
#include "dispatch/core/ledger.hpp"
#include "dispatch/core/leg_book.hpp"
#include "dispatch/core/order_table.hpp"
#include "dispatch/core/refusals.hpp"
#include "dispatch/core/sortie_times.hpp"

namespace swiftlet::dispatch {

/// What the core's parts share: the fixed, the durable, the live, and what is to be done about it.
struct CoreContext {
  explicit CoreContext(FleetConfig fleet_config)
      : config(std::move(fleet_config)),
        index(config),
        fleet(config.speed),
        legs(config),
        air(config),
        sortie_times(config) {}
  CoreContext(const CoreContext&) = delete;
  CoreContext& operator=(const CoreContext&) = delete;

  const FleetConfig config;
  const FleetIndex index;
  Ledger ledger;
  HeldSpots held{ledger};
  OrderTable order_table{ledger.state()};
  FleetLink fleet;
  DroneTable drones{config, index, ledger.state(), fleet};
  LegBook legs;
  Refusals refusals;
  AirTraffic air;
  SortieTimesCache sortie_times;
  const StageFilters& stages = ledger.state().learned.stages;
  Effects effects;
  UtcTime now;
  bool draining = false;
  std::uint64_t last_job = 0;

  [[nodiscard]] const DispatchState& state() const { return ledger.state(); }
  /// Null where there is no such order.
  [[nodiscard]] const Order* order(std::uint64_t number) const { return order_table.find(number); }
  void commit(RecordBody body) { ledger.commit(now, std::move(body), effects); }
  /// Moves an order on, unless it is there already.
  void move_order(const std::string& order_id, OrderState to, const std::string& cause = {});
  void ask_for_leg(const LegQuery& query) { legs.ask(query, now, ++last_job, effects); }
  void notice(NoticeLevel level, std::string text);

  /// A drone's own slot, where it lives.
  [[nodiscard]] const Spot& home_of(const RegisteredDrone& drone) const;
  [[nodiscard]] bool is_home(const std::string& spot_key) const;
  /// Whether the drone can be talked to: heard of, not lost.
  [[nodiscard]] bool in_contact(const std::string& drone) const;
  /// A pilot or a failsafe has it, as far as is known.
  [[nodiscard]] bool is_off_control(const std::string& drone) const;
  /// Whether the drone may be counted on for work: heard of, not lost, not withdrawn.
  [[nodiscard]] bool in_service(const std::string& drone) const;
  [[nodiscard]] bool in_service(std::size_t drone) const {
    return in_service(drones.ledger(drone), drones.live(drone));
  }
  /// In service, heard just now, on no flight, battery changed.
  [[nodiscard]] bool is_idle(const std::string& drone) const;

 private:
  [[nodiscard]] bool in_service(const DroneLedger& known, const DroneLive* live) const;
};

}  // namespace swiftlet::dispatch
