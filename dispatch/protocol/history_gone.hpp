#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace swiftlet::dispatch {

/// What is told to whoever wants events that are not kept any more: the error `history_gone` with `oldest_seq`, from
/// which to go on. `re`: the request that it answers; nothing: a subscription that it ends.
[[nodiscard]] std::string history_gone_reply(const std::optional<std::string>& re, std::uint64_t oldest_seq);

}  // namespace swiftlet::dispatch
