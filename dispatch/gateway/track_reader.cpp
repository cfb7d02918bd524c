#include "dispatch/gateway/track_reader.hpp"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

namespace swiftlet::dispatch {
namespace {

constexpr std::size_t kMostBytes = 8 * 1024 * 1024;
constexpr auto kLongest = std::chrono::hours(1);
constexpr auto kOutOfOrder = std::chrono::seconds(30);  // lines are written as they come in
constexpr auto kStandingEvery = std::chrono::seconds(20);

std::optional<UtcTime> time_of(const std::string& line) {
  const std::string kField = "\"at\":\"";
  const std::size_t at = line.find(kField);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t start = at + kField.size();
  const auto time = parse_rfc3339(std::string_view(line).substr(start, line.find('"', start) - start));
  return time ? std::optional(*time) : std::nullopt;
}

/// A place in the file from which on nothing is missing that was sent after `from`: bisection by the lines' times.
std::streamoff place_before(std::ifstream& file, std::streamoff size, UtcTime from) {
  std::streamoff low = 0;
  std::streamoff high = size;
  std::string line;
  while (high - low > 4096) {
    const std::streamoff middle = low + (high - low) / 2;
    file.clear();
    file.seekg(middle);
    std::getline(file, line);  // the rest of a line
    std::getline(file, line);
    const auto time = time_of(line);
    if (time && *time < from - kOutOfOrder) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace

Expected<std::string> read_tracks(const std::filesystem::path& dir, UtcTime from, UtcTime to) {
  if (to < from || to - from > kLongest)
    return fail(ErrorCode::time_invalid, "should be up to an hour, the earlier time first", "from");
  std::string out = "{\"tracks\":[";
  bool cut = false;
  std::map<std::string, UtcTime> stood_at;
  for (auto day = std::chrono::floor<std::chrono::days>(from); day <= to && !cut; day += std::chrono::days(1)) {
    const std::string name = "track-" + format_rfc3339(day).substr(0, 10) + ".jsonl";
    std::ifstream file(dir / name, std::ios::binary | std::ios::ate);
    if (!file) continue;
    const std::streamoff size = file.tellg();
    const std::streamoff start = place_before(file, size, from);
    file.clear();
    file.seekg(start);
    std::string line;
    if (start > 0) std::getline(file, line);
    while (std::getline(file, line)) {
      const auto time = time_of(line);
      if (!time || *time < from) continue;
      if (*time > to + kOutOfOrder) break;
      if (*time > to || !nlohmann::json::accept(line)) continue;  // a line that a crash has cut short is none
      if (line.find("\"phase\":\"idle\"") != std::string::npos) {
        const std::string drone = line.substr(0, line.find(','));
        const auto stood = stood_at.find(drone);
        if (stood != stood_at.end() && *time - stood->second < kStandingEvery) continue;
        stood_at[drone] = *time;
      }
      if (out.size() + line.size() > kMostBytes) {
        cut = true;
        break;
      }
      if (out.back() != '[') out += ',';
      out += line;
    }
  }
  return out + (cut ? "],\"cut\":true}" : "],\"cut\":false}");
}

}  // namespace swiftlet::dispatch
