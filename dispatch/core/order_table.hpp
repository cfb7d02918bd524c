#pragma once

#include <cstdint>
#include <deque>

#include "dispatch/core/state.hpp"

namespace swiftlet::dispatch {

/// The orders of a state by number, found at once: live ones are gone through every second, and the state keeps them by
/// their ids.
class OrderTable {
 public:
  explicit OrderTable(const DispatchState& state) : state_(state) {}

  /// Null where there is none, or none any more.
  [[nodiscard]] const Order* find(std::uint64_t number) const;

 private:
  const DispatchState& state_;
  mutable std::uint64_t first_ = 0;
  mutable std::deque<const Order*> orders_;  ///< [number - first_]; null: not looked up yet
};

}  // namespace swiftlet::dispatch
