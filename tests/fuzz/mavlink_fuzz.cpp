// Datagrams from anybody, whole and in two halves; and any payload under a known message's name.
#include <span>

#include "dispatch/mavlink/frame.hpp"
#include "tests/fuzz/input_file.hpp"

namespace mavlink = swiftlet::mavlink;

namespace {

/// What was read can be said again, and is heard as the same.
void say_again(const mavlink::Frame& frame) {
  const auto once = mavlink::encode(mavlink::decode(frame), frame.from, frame.sequence);
  mavlink::FrameReader reader;
  const auto heard = reader.read(once);
  swiftlet::fuzz::require(heard.size() == 1, "a frame of our own cannot be read");
  swiftlet::fuzz::require(mavlink::encode(mavlink::decode(heard[0]), frame.from, frame.sequence) == once,
                          "a frame of our own is heard as another one");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> input(data, size);
  mavlink::FrameReader whole;
  const auto frames = whole.read(input);
  for (const mavlink::Frame& frame : frames) say_again(frame);

  mavlink::FrameReader halves;
  const std::size_t first = halves.read(input.first(size / 2)).size();
  swiftlet::fuzz::require(first + halves.read(input.subspan(size / 2)).size() == frames.size(),
                          "where a datagram is cut changes what is read");

  if (size > 0 && size <= 256 && mavlink::crc_extra_of(data[0])) {
    say_again({.sequence = 0, .from = {}, .message_id = data[0], .payload = mavlink::Bytes(data + 1, data + size)});
  }
  return 0;
}
