#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dispatch/core/operator_command.hpp"
#include "dispatch/core/plan_job.hpp"
#include "dispatch/core/record.hpp"

namespace swiftlet::dispatch {

/// A live connection of a merchant or a drone, numbered by the service; 0 is none.
using ConnectionId = std::uint64_t;

/// One message, as text, for one connection.
struct OutgoingFrame {
  ConnectionId to = 0;
  std::string frame = {};
};

/// From now on the connection gets the merchant's events from `next_seq` on, and its ETA frames.
struct Subscription {
  ConnectionId connection = 0;
  std::string merchant = {};
  std::uint64_t next_seq = 1;
};

/// Personal data: kept beside the journal, erasable.
struct PersonalNote {
  std::string order_id = {};
  std::string note = {};
};

/// One line of the track log.
struct TrackPoint {
  std::string drone = {};
  Telemetry telemetry = {};
};

enum class NoticeLevel { info, warning, alarm };

struct Notice {
  NoticeLevel level = NoticeLevel::info;
  std::string text = {};
};

/// What the core wants done. Records and notes first, synced; only then may a frame leave.
struct Effects {
  std::vector<Record> records = {};
  std::vector<PersonalNote> notes = {};
  std::vector<std::string> erased_notes = {};  ///< of these orders
  std::vector<OutgoingFrame> to_merchants = {};
  std::vector<Subscription> subscriptions = {};
  std::vector<OutgoingFrame> to_drones = {};
  std::vector<OperatorResult> to_operators = {};
  std::vector<PlanJob> plans = {};
  std::vector<TrackPoint> tracks = {};
  std::vector<Notice> notices = {};
};

}  // namespace swiftlet::dispatch
