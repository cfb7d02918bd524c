#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>

namespace swiftlet::test {

/// The seed of a property test: SWIFTLET_TEST_SEED, or 1. Printed, so that a failure can be run again.
inline std::uint64_t seed() {
  const char* text = std::getenv("SWIFTLET_TEST_SEED");
  const std::uint64_t value = text == nullptr ? 1 : std::strtoull(text, nullptr, 10);
  std::cout << "seed " << value << '\n';
  return value;
}

}  // namespace swiftlet::test
