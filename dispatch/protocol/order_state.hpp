#pragma once

#include <optional>
#include <string_view>

namespace swiftlet::dispatch {

enum class OrderState {
  accepted,
  assigned,
  to_pickup,
  loading,
  airborne,
  holding,
  arriving,
  delivered,
  returning,
  returned,
  diverted,
  cancelled,
  failed,
};

inline constexpr int kOrderStates = static_cast<int>(OrderState::failed) + 1;

[[nodiscard]] std::string_view name(OrderState state);
[[nodiscard]] std::optional<OrderState> order_state(std::string_view name);

/// delivered, returned, cancelled, failed: nothing follows.
[[nodiscard]] bool is_terminal(OrderState state);
/// Whether an order may go from one state straight to the other.
[[nodiscard]] bool is_legal(OrderState from, OrderState to);

}  // namespace swiftlet::dispatch
