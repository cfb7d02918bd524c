#pragma once

#include <cstdint>
#include <vector>

#include "dispatch/core/state.hpp"

namespace swiftlet::dispatch {

/// The orders by number, found at once: live ones are gone through every second, and the state keeps them by their ids.
class OrderTable {
 public:
  /// Null where there is none, or none any more. Precondition: always the same state.
  [[nodiscard]] const Order* find(const DispatchState& state, std::uint64_t number) const;

 private:
  mutable std::vector<const Order*> orders_;  ///< [number]; null: not looked up yet
};

}  // namespace swiftlet::dispatch
