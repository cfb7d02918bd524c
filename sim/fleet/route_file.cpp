#include "sim/fleet/route_file.hpp"

#include <span>

#include "geo/durable_file.hpp"
#include "geo/sealed_bytes.hpp"
#include "sim/fleet/packed_bytes.hpp"

namespace swiftlet::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormat = "swiftlet.routes/1";

std::uint64_t checksum(std::string_view bytes) {
  return geo::tile_checksum(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

std::string bytes_of(const RouteFile& content) {
  ByteWriter out;
  out.text(kFormat);
  out.text(content.planner);
  out.text(content.airspace_hash);
  out.number(content.answers.size());
  out.eight(checksum(out.bytes()));
  for (const auto& [key, answer] : content.answers) {
    ByteWriter pair;
    pair.text(key);
    pair.text(answer);
    out.eight(checksum(pair.bytes()));
    out.raw(pair.bytes());
  }
  return out.take();
}

}  // namespace

Expected<void> write_route_file(const fs::path& file, const RouteFile& content) {
  return write_durably(file, bytes_of(content));
}

RouteFileReading read_route_file(std::string_view bytes) {
  RouteFileReading reading;
  ByteReader in(bytes);
  const std::string format = in.text();
  reading.file.planner = in.text();
  reading.file.airspace_hash = in.text();
  const std::uint64_t count = in.number();
  const std::string_view head = bytes.substr(0, bytes.size() - in.left());
  if (in.eight() != checksum(head) || !in.ok() || format != kFormat) return reading;
  for (std::uint64_t n = 0; n < count; ++n) {
    const std::uint64_t sum = in.eight();
    const std::size_t begins = bytes.size() - in.left();
    const std::string_view key = in.raw(in.number());
    const std::string_view answer = in.raw(in.number());
    if (!in.ok()) {
      reading.damaged += count - n;
      return reading;
    }
    if (sum == checksum(bytes.substr(begins, bytes.size() - in.left() - begins))) {
      reading.file.answers.emplace_back(key, answer);
    } else {
      ++reading.damaged;
    }
  }
  reading.whole = in.at_end();
  return reading;
}

}  // namespace swiftlet::sim
