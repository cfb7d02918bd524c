#include "dispatch/mavlink/frame.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "dispatch/mavlink/layout.hpp"
#include "tests/seed.hpp"

namespace swiftlet::mavlink {
namespace {

using nlohmann::json;

/// Frames that another implementation made: tests/e2e/mavlink/record_frames.mjs.
const json& recorded() {
  static const json kRecorded =
      json::parse(std::ifstream(SWIFTLET_SOURCE_DIR "/tests/dispatch/mavlink/recorded_frames.json"));
  return kRecorded;
}

Bytes from_hex(const std::string& text) {
  Bytes bytes(text.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, bytes[i], 16);
  }
  return bytes;
}

/// Writes a message's fields from the record's values.
struct Filler {
  const json& values;
  void extensions() const {}
  template <class Field>
  void operator()(std::string_view name, Field& field) const {
    const json& value = values.at(std::string(name));
    if constexpr (std::is_same_v<Field, std::uint64_t>) {
      field = std::stoull(value.get<std::string>());
    } else if constexpr (std::is_arithmetic_v<Field>) {
      field = value.get<Field>();
    } else if constexpr (std::is_same_v<typename Field::value_type, char>) {
      const auto text = value.get<std::string>();
      std::copy(text.begin(), text.end(), field.begin());
    } else {
      for (std::size_t i = 0; i < field.size(); ++i) field[i] = value.at(i);
    }
  }
};

template <std::size_t I = 0>
Message message_of(std::uint32_t id, const json& values) {
  if constexpr (I < std::variant_size_v<Message>) {
    std::variant_alternative_t<I, Message> message{};
    if (message.kId != id) return message_of<I + 1>(id, values);
    Filler filler{values};
    message.visit_fields(message, filler);
    return message;
  } else {
    BOOST_FAIL("message " << id << " is not known");
    return {};
  }
}

Bytes packed(const Message& message) {
  return std::visit([](const auto& one) { return pack(one); }, message);
}

/// All recorded frames one after the other.
std::vector<Bytes> all_frames() {
  std::vector<Bytes> frames;
  for (const json& message : recorded().at("messages")) {
    for (const json& frame : message.at("frames")) frames.push_back(from_hex(frame.at("bytes")));
  }
  return frames;
}

Bytes joined(const std::vector<Bytes>& frames) {
  Bytes all;
  for (const Bytes& frame : frames) all.insert(all.end(), frame.begin(), frame.end());
  return all;
}

/// The bytes that a frame must have had, by another way to the checksum than the reader's: bit by bit, with the
/// recorded CRC_EXTRA.
Bytes raw(const Frame& frame) {
  Bytes bytes{0xFD,
              static_cast<std::uint8_t>(frame.payload.size()),
              0,
              0,
              frame.sequence,
              frame.from.system,
              frame.from.component,
              static_cast<std::uint8_t>(frame.message_id),
              0,
              0};
  bytes.insert(bytes.end(), frame.payload.begin(), frame.payload.end());
  Bytes checked(bytes.begin() + 1, bytes.end());
  for (const json& message : recorded().at("messages")) {
    if (message.at("id") == frame.message_id) checked.push_back(message.at("crc_extra"));
  }
  unsigned crc = 0xFFFF;
  for (const std::uint8_t byte : checked) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0x8408U : crc >> 1U;
  }
  bytes.push_back(static_cast<std::uint8_t>(crc));
  bytes.push_back(static_cast<std::uint8_t>(crc >> 8U));
  return bytes;
}

bool holds(const Bytes& stream, const Bytes& part) {
  return std::search(stream.begin(), stream.end(), part.begin(), part.end()) != stream.end();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(frame)

BOOST_AUTO_TEST_CASE(every_layout_has_the_published_crc_extra) {
  BOOST_TEST(recorded().at("messages").size() == std::variant_size_v<Message>);
  for (const json& message : recorded().at("messages")) {
    const auto extra = crc_extra_of(message.at("id"));
    BOOST_REQUIRE_MESSAGE(extra.has_value(), message.at("name"));
    BOOST_TEST(int{*extra} == message.at("crc_extra").get<int>(), message.at("name").get<std::string>());
  }
}

BOOST_AUTO_TEST_CASE(frames_are_byte_for_byte_those_of_another_implementation) {
  std::size_t compared = 0;
  for (const json& message : recorded().at("messages")) {
    for (const json& frame : message.at("frames")) {
      const Bytes theirs = from_hex(frame.at("bytes"));
      const Message ours = message_of(message.at("id"), frame.at("values"));
      const Address from{frame.at("system"), frame.at("component")};
      const Bytes made = encode(ours, from, frame.at("sequence"));
      if (theirs[1] == 0) {
        // They cut off a payload of nothing but zeros; the specification keeps its first byte.
        BOOST_TEST(made[1] == 1, message.at("name").get<std::string>());
      } else {
        BOOST_TEST(made == theirs, message.at("name").get<std::string>());
      }

      FrameReader reader;
      const auto read = reader.read(theirs);
      BOOST_REQUIRE(read.size() == 1U);
      BOOST_TEST((read[0].from == from));
      BOOST_TEST(read[0].sequence == frame.at("sequence").get<std::uint8_t>());
      BOOST_TEST(packed(decode(read[0])) == packed(ours), message.at("name").get<std::string>());
      ++compared;
    }
  }
  BOOST_TEST(compared == 5 * std::variant_size_v<Message>);
}

BOOST_AUTO_TEST_CASE(however_datagrams_are_split_or_merged_the_frames_are_the_same) {
  std::mt19937_64 random(test::seed());
  const Bytes all = joined(all_frames());
  const std::size_t count = all_frames().size();
  for (int run = 0; run < 200; ++run) {
    FrameReader reader;
    std::size_t frames = 0;
    for (std::size_t at = 0; at < all.size();) {
      const std::size_t bytes = std::min<std::size_t>(1 + random() % (run % 2 == 0 ? 20 : 600), all.size() - at);
      frames += reader.read(std::span(all).subspan(at, bytes)).size();
      at += bytes;
    }
    BOOST_TEST(frames == count);
    BOOST_TEST(reader.counts().damaged == 0U);
  }
}

BOOST_AUTO_TEST_CASE(a_frame_with_any_bit_flipped_never_leaves_the_reader) {
  for (const Bytes& frame : all_frames()) {
    for (std::size_t bit = 0; bit < 8 * frame.size(); ++bit) {
      Bytes torn = frame;
      torn[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      FrameReader reader;
      BOOST_REQUIRE(reader.read(torn).empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(sound_frames_come_out_of_any_noise_and_nothing_else_does) {
  std::mt19937_64 random(test::seed());
  const std::vector<Bytes> frames = all_frames();
  std::size_t found = 0, sent = 0;
  for (int run = 0; run < 400; ++run) {
    Bytes stream;
    std::vector<Bytes> written;
    for (int part = 0; part < 20; ++part) {
      for (std::size_t noise = random() % 40; noise > 0; --noise) {
        stream.push_back(random() % 50 == 0 ? std::uint8_t{0xFD} : static_cast<std::uint8_t>(random()));
      }
      written.push_back(frames[random() % frames.size()]);
      stream.insert(stream.end(), written.back().begin(), written.back().end());
    }
    stream.insert(stream.end(), 300, 0);  // whatever is begun ends
    FrameReader reader;
    for (const Frame& frame : reader.read(stream)) {
      BOOST_REQUIRE(holds(stream, raw(frame)));
      found += std::count(written.begin(), written.end(), raw(frame)) > 0 ? 1 : 0;
    }
    sent += written.size();
  }
  // Noise that looks like a frame of an unknown message takes what it says is its payload with it.
  BOOST_TEST(found > sent * 9 / 10);
}

BOOST_AUTO_TEST_CASE(version_1_is_told_apart_and_not_read) {
  FrameReader reader;
  for (const json& message : recorded().at("messages")) {
    BOOST_TEST(reader.read(from_hex(message.at("version_1"))).empty());
  }
  BOOST_TEST(reader.counts().mavlink1 == recorded().at("messages").size());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::mavlink
