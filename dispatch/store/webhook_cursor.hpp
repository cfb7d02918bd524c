#pragma once

#include <cstdint>
#include <string>

namespace swiftlet::dispatch {

/// How far a merchant's webhook has been told: the event `seq` and all before it were taken.
struct WebhookCursor {
  std::string merchant = {};
  std::uint64_t seq = 0;
};

}  // namespace swiftlet::dispatch
