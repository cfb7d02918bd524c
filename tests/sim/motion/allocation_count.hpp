#pragma once

#include <cstddef>

namespace swiftlet::sim::testing {

/// How often this program has taken memory by `new` so far.
[[nodiscard]] std::size_t allocations();

}  // namespace swiftlet::sim::testing
