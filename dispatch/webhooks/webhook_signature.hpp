#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace swiftlet::dispatch {

/// "t=1795345678,v1=5f…": HMAC-SHA256, keyed with the secret's bytes, over the seconds since 1970, a full stop and the
/// body's bytes. The time is signed so that a receiver can refuse what was recorded long ago.
[[nodiscard]] std::string webhook_signature(std::string_view secret, std::int64_t unix_s, std::string_view body);

}  // namespace swiftlet::dispatch
