#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "dispatch/mavlink/checksum.hpp"

/// How a message lies in a payload, from one description of its fields.
///
/// A message is a struct with kId, kName and `visit_fields(self, visitor)`, which calls `visitor(name, field)` for each
/// field in the order of the wire (by falling size, extensions last and after `visitor.extensions()`). Everything else
/// follows from that: size, packing, unpacking, and CRC_EXTRA, the byte by which both ends know that they mean the same
/// layout. A field that is missing, misnamed or out of order has another CRC_EXTRA than the published one.
namespace swiftlet::mavlink {

static_assert(std::endian::native == std::endian::little, "payloads are little-endian, and copied as they are");

template <class Field>
constexpr std::string_view type_name() {
  if constexpr (std::is_same_v<Field, std::uint8_t>) return "uint8_t";
  if constexpr (std::is_same_v<Field, std::int8_t>) return "int8_t";
  if constexpr (std::is_same_v<Field, std::uint16_t>) return "uint16_t";
  if constexpr (std::is_same_v<Field, std::int16_t>) return "int16_t";
  if constexpr (std::is_same_v<Field, std::uint32_t>) return "uint32_t";
  if constexpr (std::is_same_v<Field, std::int32_t>) return "int32_t";
  if constexpr (std::is_same_v<Field, std::uint64_t>) return "uint64_t";
  if constexpr (std::is_same_v<Field, float>) return "float";
  if constexpr (std::is_same_v<Field, char>) return "char";
}

/// CRC_EXTRA from the names and types of all fields but the extensions.
class LayoutChecksum {
 public:
  constexpr explicit LayoutChecksum(std::string_view message) {
    crc_.add(message);
    crc_.add(" ");
  }
  constexpr void extensions() { extensions_ = true; }
  template <class Field>
  constexpr void operator()(std::string_view name, const Field&) {
    add(type_name<Field>(), name);
  }
  template <class Element, std::size_t N>
  constexpr void operator()(std::string_view name, const std::array<Element, N>&) {
    add(type_name<Element>(), name);
    if (!extensions_) crc_.add(static_cast<std::uint8_t>(N));
  }
  [[nodiscard]] constexpr std::uint8_t value() const {
    return static_cast<std::uint8_t>((crc_.value() & 0xFFU) ^ (crc_.value() >> 8U));
  }

 private:
  constexpr void add(std::string_view type, std::string_view name) {
    if (extensions_) return;
    crc_.add(type);
    crc_.add(" ");
    crc_.add(name);
    crc_.add(" ");
  }
  Checksum crc_;
  bool extensions_ = false;
};

template <class Message>
constexpr std::uint8_t crc_extra() {
  LayoutChecksum layout(Message::kName);
  const Message message{};
  Message::visit_fields(message, layout);
  return layout.value();
}

class Packer {
 public:
  void extensions() const {}
  template <class Field>
  void operator()(std::string_view, const Field& field) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&field);
    payload_.insert(payload_.end(), bytes, bytes + sizeof field);
  }
  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(payload_); }

 private:
  std::vector<std::uint8_t> payload_;
};

class Unpacker {
 public:
  explicit Unpacker(const std::vector<std::uint8_t>& payload) : payload_(payload) {}
  void extensions() const {}
  template <class Field>
  void operator()(std::string_view, Field& field) {
    std::array<std::uint8_t, sizeof(Field)> bytes{};
    if (at_ < payload_.size()) {
      std::memcpy(bytes.data(), payload_.data() + at_, std::min(bytes.size(), payload_.size() - at_));
    }
    std::memcpy(&field, bytes.data(), bytes.size());
    at_ += bytes.size();
  }

 private:
  const std::vector<std::uint8_t>& payload_;
  std::size_t at_ = 0;
};

/// The whole payload, extensions included and nothing cut off.
template <class Message>
[[nodiscard]] std::vector<std::uint8_t> pack(const Message& message) {
  Packer packer;
  Message::visit_fields(message, packer);
  return packer.take();
}

/// What is missing at the payload's end was zero; what is too long is of a newer version and left.
template <class Message>
[[nodiscard]] Message unpack(const std::vector<std::uint8_t>& payload) {
  Message message{};
  Unpacker unpacker(payload);
  Message::visit_fields(message, unpacker);
  return message;
}

}  // namespace swiftlet::mavlink
