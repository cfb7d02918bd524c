#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace swiftlet::planner {

/// What a search may spend: work units, which are the same on every machine, and an outer stop by the clock.
class SearchBudget {
 public:
  using Clock = std::chrono::steady_clock;

  SearchBudget(std::int64_t effort, std::optional<Clock::time_point> stop_at)
      : effort_(effort), left_(effort), stop_at_(stop_at) {}

  /// Takes one work unit; false once nothing is left or the time is up. The clock is read every 1024 units.
  [[nodiscard]] bool spend() {
    if (left_ <= 0) return false;
    --left_;
    return (left_ & 1023) != 0 || !time_is_up();
  }
  [[nodiscard]] bool time_is_up() {
    if (!stopped_ && stop_at_ && Clock::now() >= *stop_at_) stopped_ = true;
    return stopped_;
  }
  /// For who was not given in time what he waited for.
  void stop() { stopped_ = true; }
  /// Whether the time was up for somebody who had not done yet. Does not read the clock.
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] std::int64_t spent() const { return effort_ - left_; }
  [[nodiscard]] bool effort_is_spent() const { return left_ <= 0; }
  [[nodiscard]] std::optional<Clock::time_point> stop_at() const { return stop_at_; }

 private:
  std::int64_t effort_;
  std::int64_t left_;
  std::optional<Clock::time_point> stop_at_;
  bool stopped_ = false;
};

}  // namespace swiftlet::planner
