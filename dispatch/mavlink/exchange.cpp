#include "dispatch/mavlink/exchange.hpp"

namespace swiftlet::mavlink {

void Exchange::hear(const Message& /*message*/, Conversation& /*with*/) {}

}  // namespace swiftlet::mavlink
