#include "dispatch/core/order_table.hpp"

namespace swiftlet::dispatch {

const Order* OrderTable::find(const DispatchState& state, std::uint64_t number) const {
  // Orders are forgotten oldest first, and stay where they are until then.
  if (state.order_by_number.empty() || number < state.order_by_number.begin()->first ||
      number > state.last_order_number) {
    return nullptr;
  }
  if (orders_.size() <= number) orders_.resize(number + 1, nullptr);
  if (orders_[number] == nullptr) {
    const auto known = state.order_by_number.find(number);
    if (known != state.order_by_number.end()) orders_[number] = &state.orders.at(known->second);
  }
  return orders_[number];
}

}  // namespace swiftlet::dispatch
