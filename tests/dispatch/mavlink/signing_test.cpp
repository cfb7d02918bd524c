#include "dispatch/mavlink/signing.hpp"

#include <boost/test/unit_test.hpp>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>

#include "dispatch/mavlink/frame.hpp"

namespace swiftlet::mavlink {
namespace {

using nlohmann::json;

constexpr std::int64_t kBeginning_unix_ms = 1'420'070'400'000;  // 2015
constexpr std::uint64_t kSecond = 100'000;

Bytes from_hex(const std::string& text) {
  Bytes bytes(text.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, bytes[i], 16);
  }
  return bytes;
}

struct Signed {
  SigningKey key{};
  std::vector<Bytes> frames = {};
  std::vector<std::uint64_t> times = {};
};

/// Frames that another implementation signed.
Signed recorded() {
  const json all = json::parse(std::ifstream(SWIFTLET_SOURCE_DIR "/tests/dispatch/mavlink/recorded_frames.json"));
  Signed result;
  const Bytes key = from_hex(all.at("signed").at("key"));
  std::copy(key.begin(), key.end(), result.key.begin());
  for (const json& frame : all.at("signed").at("frames")) {
    result.frames.push_back(from_hex(frame.at("bytes")));
    result.times.push_back(
        static_cast<std::uint64_t>((frame.at("unix_ms").get<std::int64_t>() - kBeginning_unix_ms) * 100));
  }
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(signing)

BOOST_AUTO_TEST_CASE(signatures_are_those_of_another_implementation) {
  const Signed theirs = recorded();
  BOOST_REQUIRE(theirs.frames.size() == 3U);
  Signing ours(theirs.key);
  for (std::size_t i = 0; i < theirs.frames.size(); ++i) {
    const std::span<const std::uint8_t> frame = theirs.frames[i];
    const auto signature = ours.sign(frame.first(frame.size() - Signing::kBytes), theirs.times[i]);
    BOOST_TEST(Bytes(signature.begin(), signature.end()) == Bytes(frame.end() - Signing::kBytes, frame.end()));
  }
}

BOOST_AUTO_TEST_CASE(each_frame_is_taken_once_in_order_and_none_that_was_changed) {
  const Signed theirs = recorded();
  const std::uint64_t now = theirs.times.back();
  Signing ours(theirs.key);
  for (const Bytes& frame : theirs.frames) BOOST_TEST(ours.accepts(frame, now));
  for (const Bytes& frame : theirs.frames) BOOST_TEST(!ours.accepts(frame, now));  // again
  Signing late(theirs.key);
  BOOST_TEST(!late.accepts(theirs.frames[0], now + 61 * kSecond));  // over a minute old, and nothing before it
  BOOST_TEST(late.accepts(theirs.frames[2], now + 59 * kSecond));
  BOOST_TEST(!late.accepts(theirs.frames[1], now + 59 * kSecond));  // overtaken
  for (std::size_t bit = 0; bit < 8 * theirs.frames[0].size(); ++bit) {
    Bytes changed = theirs.frames[0];
    changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    Signing anew(theirs.key);
    BOOST_REQUIRE(!anew.accepts(changed, now));
  }
  SigningKey other = theirs.key;
  other[31] ^= 1;
  Signing stranger(other);
  BOOST_TEST(!stranger.accepts(theirs.frames[0], now));
}

BOOST_AUTO_TEST_CASE(a_reader_with_a_key_hears_only_what_is_signed_with_it) {
  const SigningKey key = recorded().key;
  Signing sender(key), receiver(key), unlike(SigningKey{});
  FrameReader reader(&receiver);
  const Heartbeat heartbeat;
  BOOST_TEST(reader.read(encode(heartbeat, {1, 1}, 0)).empty());
  BOOST_TEST(reader.read(encode(heartbeat, {1, 1}, 1, &unlike)).empty());
  BOOST_TEST(reader.counts().not_signed == 2U);
  const Bytes right = encode(heartbeat, {1, 1}, 2, &sender);
  BOOST_TEST(reader.read(right).size() == 1U);
  BOOST_TEST(reader.read(right).empty());  // said again by somebody who listened
  // In the same hundredth of a millisecond, too, each is newer than the one before.
  for (std::uint8_t i = 3; i < 50; ++i) BOOST_TEST(reader.read(encode(heartbeat, {1, 1}, i, &sender)).size() == 1U);
  FrameReader open;  // without a key signatures are not looked at
  BOOST_TEST(open.read(encode(heartbeat, {1, 1}, 60, &unlike)).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_key_file_is_64_digits) {
  const auto file = std::filesystem::temp_directory_path() / "swiftlet_signing_test_key";
  const auto written = [&](const std::string& text) {
    std::ofstream(file) << text;
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return read_signing_key(file);
  };
  const std::string digits(62, '0');
  const auto key = written(digits + "fF\n");
  BOOST_REQUIRE(key.has_value());
  BOOST_TEST(int{key->back()} == 255);
  BOOST_TEST(!written(digits + "f").has_value());
  BOOST_TEST(!written(digits + "fg").has_value());
  BOOST_TEST(!written(digits + "ff0").has_value());
  BOOST_TEST(!written("").has_value());
  BOOST_REQUIRE(written(digits + "ff").has_value());
  std::filesystem::permissions(file, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
  BOOST_TEST(!read_signing_key(file).has_value());  // a secret that others can read is none
  std::filesystem::remove(file);
  BOOST_TEST(name(read_signing_key(file).error().code) == "file_not_found");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::mavlink
