#pragma once

#include <nlohmann/json_fwd.hpp>

#include "dispatch/core/forecast.hpp"
#include "dispatch/core/state.hpp"

namespace swiftlet::dispatch {

/// An order as `order.get` answers it. `forecast` is of now.
[[nodiscard]] nlohmann::json order_view(const Order& order, const Forecast& forecast);
/// "pickup_eta", "delivery_eta", "p05" … of a promise.
[[nodiscard]] nlohmann::json promise_view(const Promise& promise);
/// The whole `order.event` frame.
[[nodiscard]] std::string event_frame(const OrderEvent& event);

}  // namespace swiftlet::dispatch
