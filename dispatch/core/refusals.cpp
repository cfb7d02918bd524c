#include "dispatch/core/refusals.hpp"

#include <chrono>

namespace swiftlet::dispatch {
namespace {

constexpr auto kLately = std::chrono::minutes(2);

}  // namespace

void Refusals::forget_old(UtcTime now) {
  for (ById* known : {&flights_, &orders_}) {
    std::erase_if(*known, [&](const auto& entry) { return entry.second.at + kLately < now; });
  }
}

}  // namespace swiftlet::dispatch
