#pragma once

#include <vector>

#include "dispatch/mavlink/exchange.hpp"
#include "dispatch/mavlink/mission_items.hpp"

namespace swiftlet::mavlink {

// The two halves of MAVLink's mission protocol: https://mavlink.io/en/services/mission.html

/// Gives the vehicle a list, which of them the items say (MAV_MISSION_TYPE): it is told how many items there are, and
/// asks for each.
///
/// It ends well also where all items were asked for and no answer comes after the last: the vehicle may have said so
/// and was not heard. Whether it has the mission is what MissionCheck finds out.
class MissionUpload final : public Exchange {
 public:
  /// Precondition: at least one item, at most 65 535.
  explicit MissionUpload(std::vector<MissionItemInt> items);
  void hear(const Message& message, Conversation& with) override;
  [[nodiscard]] std::optional<Expected<void>> advance(Conversation& with) override;

 private:
  void send_item(std::uint16_t seq, Conversation& with);
  [[nodiscard]] bool all_given() const { return given_ == items_.size(); }

  std::vector<MissionItemInt> items_;
  std::uint8_t list_;
  std::size_t given_ = 0;  ///< how many of them were asked for, in order
  std::optional<std::uint16_t> last_sent_;
  Patience patience_;
  std::optional<Expected<void>> outcome_;
};

/// Reads back what list the vehicle has, and compares.
class MissionCheck final : public Exchange {
 public:
  /// Precondition: at least one item.
  MissionCheck(std::vector<MissionItemInt> given, Autopilot autopilot);
  void hear(const Message& message, Conversation& with) override;
  [[nodiscard]] std::optional<Expected<void>> advance(Conversation& with) override;

 private:
  void compare(Conversation& with);

  std::vector<MissionItemInt> given_;
  std::uint8_t list_;
  Autopilot autopilot_;
  std::optional<std::uint16_t> count_;
  std::vector<MissionItemInt> found_;
  Patience count_asked_;
  Patience item_;
  std::optional<Expected<void>> outcome_;
};

}  // namespace swiftlet::mavlink
