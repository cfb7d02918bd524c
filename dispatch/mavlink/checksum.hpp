#pragma once

#include <cstdint>
#include <string_view>

namespace swiftlet::mavlink {

/// The checksum of MAVLink: CRC-16/MCRF4XX (polynomial 0x1021 reflected, initially 0xFFFF, not inverted).
class Checksum {
 public:
  constexpr void add(std::uint8_t byte) {
    auto low = static_cast<std::uint8_t>(byte ^ (value_ & 0xFFU));
    low = static_cast<std::uint8_t>(low ^ (low << 4U));
    value_ = static_cast<std::uint16_t>((value_ >> 8U) ^ (low << 8U) ^ (low << 3U) ^ (low >> 4U));
  }
  constexpr void add(std::string_view text) {
    for (const char c : text) add(static_cast<std::uint8_t>(c));
  }
  [[nodiscard]] constexpr std::uint16_t value() const { return value_; }

 private:
  std::uint16_t value_ = 0xFFFF;
};

}  // namespace swiftlet::mavlink
