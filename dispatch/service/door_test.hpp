#pragma once

#include <string>

namespace swiftlet::dispatch {

/// Knocks at a bound CURVE endpoint with a key that was made a moment ago: true only if it is refused within 3 s.
[[nodiscard]] bool refuses_strangers(const std::string& endpoint, const std::string& server_public_key);

}  // namespace swiftlet::dispatch
