#include "dispatch/mavlink/frame.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dispatch/mavlink/layout.hpp"

namespace swiftlet::mavlink {
namespace {

constexpr std::uint8_t kMagic = 0xFD;
constexpr std::uint8_t kMagicV1 = 0xFE;
constexpr std::size_t kHeader = 10;  ///< magic, length, two bytes of flags, sequence, system, component, three of id
constexpr std::size_t kHeaderV1 = 6;
constexpr std::size_t kChecksum = 2;
constexpr std::size_t kSignature = Signing::kBytes;
constexpr std::uint8_t kSigned = 0x01;

std::uint16_t checksum_of(std::span<const std::uint8_t> behind_magic, std::uint8_t crc_extra) {
  Checksum crc;
  for (const std::uint8_t byte : behind_magic) crc.add(byte);
  crc.add(crc_extra);
  return crc.value();
}

std::uint16_t little_endian(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] | (bytes[at + 1] << 8U));
}

template <std::size_t I = 0, class Found>
void with_message_of(std::uint32_t id, Found&& found) {
  if constexpr (I < std::variant_size_v<Message>) {
    using One = std::variant_alternative_t<I, Message>;
    if (One::kId == id) return found(std::in_place_type<One>);
    with_message_of<I + 1>(id, std::forward<Found>(found));
  }
}

}  // namespace

std::optional<std::uint8_t> crc_extra_of(std::uint32_t message_id) {
  std::optional<std::uint8_t> extra;
  with_message_of(message_id, [&]<class One>(std::in_place_type_t<One>) {
    constexpr std::uint8_t kExtra = crc_extra<One>();
    extra = kExtra;
  });
  return extra;
}

Bytes encode(const Message& message, Address from, std::uint8_t sequence, Signing* signing) {
  Bytes payload = std::visit([](const auto& one) { return pack(one); }, message);
  const std::uint32_t id = std::visit([](const auto& one) { return one.kId; }, message);
  while (payload.size() > 1 && payload.back() == 0) payload.pop_back();
  Bytes frame{kMagic,
              static_cast<std::uint8_t>(payload.size()),
              signing != nullptr ? kSigned : std::uint8_t{0},
              0,
              sequence,
              from.system,
              from.component,
              static_cast<std::uint8_t>(id),
              static_cast<std::uint8_t>(id >> 8U),
              static_cast<std::uint8_t>(id >> 16U)};
  frame.reserve(kHeader + payload.size() + kChecksum + kSignature);
  std::copy(payload.begin(), payload.end(), std::back_inserter(frame));
  const std::uint16_t checksum = checksum_of(std::span(frame).subspan(1), crc_extra_of(id).value());
  frame.push_back(static_cast<std::uint8_t>(checksum));
  frame.push_back(static_cast<std::uint8_t>(checksum >> 8U));
  if (signing != nullptr) {
    const auto signature = signing->sign(frame, signing_time());
    std::copy(signature.begin(), signature.end(), std::back_inserter(frame));
  }
  return frame;
}

Message decode(const Frame& frame) {
  Message message;
  with_message_of(frame.message_id,
                  [&]<class One>(std::in_place_type_t<One>) { message = unpack<One>(frame.payload); });
  return message;
}

std::vector<Frame> FrameReader::read(std::span<const std::uint8_t> bytes) {
  kept_.insert(kept_.end(), bytes.begin(), bytes.end());
  std::vector<Frame> frames;
  std::size_t at = 0;
  while (at < kept_.size()) {
    Step next = step(std::span<const std::uint8_t>(kept_).subspan(at));
    if (next.bytes == 0) break;
    at += next.bytes;
    if (next.frame) frames.push_back(std::move(*next.frame));
  }
  kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(at));
  return frames;
}

FrameReader::Step FrameReader::step(std::span<const std::uint8_t> rest) {
  if (rest[0] == kMagicV1) return step_v1(rest);
  if (rest[0] != kMagic) return {.bytes = 1};
  if (rest.size() < kHeader) return {};
  const std::size_t length = rest[1];
  const bool is_signed = (rest[2] & kSigned) != 0;
  const std::size_t total = kHeader + length + kChecksum + (is_signed ? kSignature : 0);
  if (rest.size() < total) return {};
  const std::uint32_t id = rest[7] | (std::uint32_t{rest[8]} << 8U) | (std::uint32_t{rest[9]} << 16U);
  const auto extra = crc_extra_of(id);
  if (!extra) {
    // Whether it is sound cannot be known: it is passed over whole only where another frame begins behind it.
    if (rest.size() == total) return {};
    const bool another_follows = rest[total] == kMagic || rest[total] == kMagicV1;
    if (another_follows) ++counts_.unknown;
    return {.bytes = another_follows ? total : 1};
  }
  if (checksum_of(rest.subspan(1, kHeader - 1 + length), *extra) != little_endian(rest, kHeader + length)) {
    ++counts_.damaged;
    return {.bytes = 1};
  }
  if ((rest[2] & ~kSigned) != 0) {
    ++counts_.incompatible;
    return {.bytes = total};
  }
  if (signing_ != nullptr && !(is_signed && signing_->accepts(rest.first(total), signing_time()))) {
    ++counts_.not_signed;
    return {.bytes = total};
  }
  const auto payload = rest.subspan(kHeader, length);
  return {.bytes = total,
          .frame = Frame{.sequence = rest[4],
                         .from = {.system = rest[5], .component = rest[6]},
                         .message_id = id,
                         .payload = Bytes(payload.begin(), payload.end())}};
}

FrameReader::Step FrameReader::step_v1(std::span<const std::uint8_t> rest) {
  if (rest.size() < kHeaderV1) return {};
  const std::size_t length = rest[1];
  const std::size_t total = kHeaderV1 + length + kChecksum;
  if (rest.size() < total) return {};
  const auto extra = crc_extra_of(rest[5]);
  const bool sound =
      extra && checksum_of(rest.subspan(1, kHeaderV1 - 1 + length), *extra) == little_endian(rest, kHeaderV1 + length);
  if (sound) ++counts_.mavlink1;
  return {.bytes = sound ? total : 1};
}

}  // namespace swiftlet::mavlink
