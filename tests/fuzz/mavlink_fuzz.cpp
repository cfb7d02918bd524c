// Datagrams from anybody, whole and in two halves; any payload under a known message's name; and what a vehicle says to
// exchanges that wait for something else.
#include <cmath>
#include <span>

#include "dispatch/mavlink/command_exchange.hpp"
#include "dispatch/mavlink/frame.hpp"
#include "dispatch/mavlink/mission_transfer.hpp"
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

/// A vehicle that says whatever it likes: no exchange may end well without its due.
void hear_all(const std::vector<mavlink::Frame>& frames) {
  const std::vector<mavlink::MissionItemInt> items(4);
  mavlink::MissionUpload upload(items);
  mavlink::MissionCheck check(items, mavlink::Autopilot::px4);
  mavlink::CommandExchange command(mavlink::command_of(mavlink::CommandId::mission_start), "start");
  mavlink::VehicleView view;
  std::vector<mavlink::Message> out;
  mavlink::Conversation with{.vehicle = {1, 1}, .view = view, .out = out, .now = {}};
  std::size_t requests = 0;
  for (const mavlink::Frame& frame : frames) {
    with.now += std::chrono::milliseconds(100);
    const mavlink::Message message = mavlink::decode(frame);
    requests += std::holds_alternative<mavlink::MissionRequest>(message) ||
                        std::holds_alternative<mavlink::MissionRequestInt>(message)
                    ? 1
                    : 0;
    view.take(message, with.now);
    for (mavlink::Exchange* one : {static_cast<mavlink::Exchange*>(&upload), static_cast<mavlink::Exchange*>(&check),
                                   static_cast<mavlink::Exchange*>(&command)}) {
      one->hear(message, with);
    }
    const auto uploaded = upload.advance(with);
    swiftlet::fuzz::require(!(uploaded && *uploaded) || requests >= items.size(), "an upload ended before it was done");
    (void)check.advance(with);
    (void)command.advance(with);
  }
  if (view.position()) {
    swiftlet::fuzz::require(std::abs(view.position()->at.lat_deg) <= 90.0, "a position off the earth was taken");
  }
  if (view.battery_share()) {
    swiftlet::fuzz::require(*view.battery_share() >= 0.0 && *view.battery_share() <= 1.0, "a battery beyond full");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> input(data, size);
  mavlink::FrameReader whole;
  auto frames = whole.read(input);
  for (const mavlink::Frame& frame : frames) say_again(frame);

  mavlink::FrameReader halves;
  const std::size_t first = halves.read(input.first(size / 2)).size();
  swiftlet::fuzz::require(first + halves.read(input.subspan(size / 2)).size() == frames.size(),
                          "where a datagram is cut changes what is read");

  // The same bytes as messages one after the other, without checksums in the way: id, length, payload.
  for (std::size_t at = 0; at + 2 <= size;) {
    const std::size_t length = std::min<std::size_t>(data[at + 1], size - at - 2);
    if (mavlink::crc_extra_of(data[at])) {
      frames.push_back({.sequence = 0,
                        .from = {},
                        .message_id = data[at],
                        .payload = mavlink::Bytes(data + at + 2, data + at + 2 + length)});
      say_again(frames.back());
    }
    at += 2 + length;
  }
  hear_all(frames);
  return 0;
}
