#include "dispatch/protocol/history_gone.hpp"

#include <nlohmann/json.hpp>

#include "dispatch/protocol/envelope.hpp"

namespace swiftlet::dispatch {

std::string history_gone_reply(const std::optional<std::string>& re, std::uint64_t oldest_seq) {
  auto told = nlohmann::json::parse(error_reply(
      re, {.code = ErrorCode::history_gone, .message = "events are kept for 30 days", .where = "from_seq"}));
  told["error"]["oldest_seq"] = oldest_seq;
  return told.dump();
}

}  // namespace swiftlet::dispatch
