#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dispatch/mavlink/messages.hpp"
#include "dispatch/mavlink/signing.hpp"

namespace swiftlet::mavlink {

using Bytes = std::vector<std::uint8_t>;

/// The component of a vehicle that flies it.
inline constexpr std::uint8_t kAutopilotComponent = 1;

/// Who speaks: a system (a vehicle, a ground station) and a component of it.
struct Address {
  std::uint8_t system = 0;
  std::uint8_t component = 0;
  friend bool operator==(const Address&, const Address&) = default;
};

/// One MAVLink 2 frame whose checksum is right and whose message is known here. Its payload may have been cut off after
/// the last byte that is not zero.
struct Frame {
  std::uint8_t sequence = 0;
  Address from;
  std::uint32_t message_id = 0;
  Bytes payload;
};

/// Of the messages that are known here; nothing for others.
[[nodiscard]] std::optional<std::uint8_t> crc_extra_of(std::uint32_t message_id);

/// The frame's bytes, signed where there is something to sign with; zeros at the payload's end are cut off but for its
/// first byte.
[[nodiscard]] Bytes encode(const Message& message, Address from, std::uint8_t sequence, Signing* signing = nullptr);

/// The message in a frame.
[[nodiscard]] Message decode(const Frame& frame);

/// Takes frames out of bytes as they come: whole datagrams, parts of frames, or noise between them. Nothing leaves
/// whose checksum is wrong or cannot be checked. It keeps less than a frame of what it was given.
class FrameReader {
 public:
  /// With `signing`, which has to outlive it, only what is signed with its key leaves; without, signatures are not
  /// looked at.
  explicit FrameReader(Signing* signing = nullptr) : signing_(signing) {}

  [[nodiscard]] std::vector<Frame> read(std::span<const std::uint8_t> bytes);

  /// What did not become a frame.
  struct Counts {
    std::uint64_t damaged = 0;       ///< the checksum was wrong
    std::uint64_t unknown = 0;       ///< messages that are not needed here
    std::uint64_t incompatible = 0;  ///< flags that say: do not read this unless you know them
    std::uint64_t not_signed = 0;    ///< or not as it should be
    std::uint64_t mavlink1 = 0;      ///< sound frames of version 1, which is not spoken here
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  struct Step {
    std::size_t bytes = 0;  ///< to go on by; 0: wait for more
    std::optional<Frame> frame = {};
  };
  [[nodiscard]] Step step(std::span<const std::uint8_t> rest);
  [[nodiscard]] Step step_v1(std::span<const std::uint8_t> rest);

  Signing* signing_;
  Bytes kept_;
  Counts counts_;
};

}  // namespace swiftlet::mavlink
