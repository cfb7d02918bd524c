#include "dispatch/core/order_table.hpp"

namespace swiftlet::dispatch {

const Order* OrderTable::find(std::uint64_t number) const {
  // Orders are forgotten oldest first, and stay where they are until then.
  if (state_.order_by_number.empty()) return nullptr;
  const std::uint64_t oldest = state_.order_by_number.begin()->first;
  if (number < oldest || number > state_.last_order_number) return nullptr;
  for (; first_ < oldest && !orders_.empty(); ++first_) orders_.pop_front();
  first_ = oldest;
  const std::size_t place = number - first_;
  if (orders_.size() <= place) orders_.resize(place + 1, nullptr);
  if (orders_[place] == nullptr) {
    const auto known = state_.order_by_number.find(number);
    if (known != state_.order_by_number.end()) orders_[place] = &state_.orders.at(known->second);
  }
  return orders_[place];
}

}  // namespace swiftlet::dispatch
