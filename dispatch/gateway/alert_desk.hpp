#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "dispatch/core/fleet_picture.hpp"
#include "dispatch/gateway/merchants_picture.hpp"

namespace swiftlet::dispatch {

/// Something that a person must respond to (ISA-18.2): one alert per cause and subject, however long it lasts.
///
/// kinds: drone_lost, drone_taken_over, drone_warning, drone_withdrawn, drone_stuck, battery_low, battery_unknown,
/// order_late, order_stuck, order_failed, webhook_failing, certificate_stale.
struct Alert {
  std::string kind = {};
  int priority = 3;  ///< 1: now, 2: soon, 3: in time
  std::string drone = {};
  std::string order = {};
  std::string merchant = {};
  std::string detail = {};
  UtcTime since = {};
  std::optional<UtcTime> over_at = {};  ///< the cause has gone by itself
  std::string acked_by = {};
  std::string owner = {};
};

/// The alerts and what people have done about them: Ack → Own → Resolve. An alert whose cause has gone stays until
/// somebody has seen it. For one thread.
class AlertDesk {
 public:
  /// `certificates`: by door, why its certificate could not be renewed, empty where nothing is wrong.
  /// Precondition: picture.whole.
  void update(const FleetPicture& picture, const std::vector<WebhookPicture>& webhooks = {},
              const std::map<std::string, std::string>& certificates = {});
  /// `step`: ack, own, resolve. Errors: not_found, conflict (resolving while the cause lasts and nobody owns it).
  [[nodiscard]] Expected<void> take_step(const std::string& id, std::string_view step, const std::string& account);

  [[nodiscard]] std::map<std::string, nlohmann::json> to_json() const;
  /// How many there are whose cause lasts.
  [[nodiscard]] std::size_t standing() const;

 private:
  void raise_for_telemetry(const DronePicture& drone);
  void raise(const std::string& id, Alert alert);

  std::map<std::string, Alert> alerts_;
  std::map<std::string, bool> resolved_;  ///< by id: resolved while its cause lasted; not raised again until it went
  std::map<std::string, bool> seen_;
  UtcTime now_ = {};
};

}  // namespace swiftlet::dispatch
