#include "maps/intake/json_source.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "maps/intake/linked_crs.hpp"
#include "maps/intake/source_file.hpp"

namespace swiftlet::maps {
namespace {

using nlohmann::json;

constexpr std::uintmax_t kMaxBytes = 256U << 20U;
/// Deeper than any format in use; the parser itself would go on, but printing such a value recurses.
constexpr int kMaxDepth = 64;

std::string place(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n');
  return fmt::format("line {}, column {}", line,
                     start == std::string_view::npos ? before.size() + 1 : before.size() - start);
}

/// Takes the parser's events and keeps what is said once: too deep, or a key twice.
class StrictReading {
 public:
  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (depth > kMaxDepth && refused.empty()) refused = fmt::format("is nested more than {} levels deep", kMaxDepth);
    if (event == json::parse_event_t::object_start) keys_.emplace_back();
    if (event == json::parse_event_t::object_end) keys_.pop_back();
    if (event == json::parse_event_t::key && refused.empty() &&
        !keys_.back().insert(parsed.get<std::string>()).second) {
      refused = fmt::format("has the key {} twice in one object", parsed.dump().substr(0, 80));
    }
    return refused.empty();
  }
  std::string refused;

 private:
  std::vector<std::set<std::string>> keys_;
};

}  // namespace

Expected<json> parse_json_source(std::string_view text, const std::string& where) {
  StrictReading strict;
  try {
    json root = json::parse(
        text, [&](int depth, json::parse_event_t event, json& parsed) { return strict(depth, event, parsed); });
    if (!strict.refused.empty()) return fail(ErrorCode::bad_json, strict.refused, where);
    return root;
  } catch (const json::parse_error& error) {
    return fail(ErrorCode::bad_json, "is not valid JSON at " + place(text, error.byte == 0 ? 0 : error.byte - 1),
                where);
  } catch (const json::exception& error) {
    return fail(ErrorCode::bad_json, fmt::format("holds a value that no number can be: {}", error.what()), where);
  }
}

Expected<json> read_json_source(const std::filesystem::path& file) {
  if (const auto begun = begin_source(file); !begun) return Unexpected(begun.error());
  std::error_code ec;
  const auto size = std::filesystem::file_size(file, ec);
  if (ec || size > kMaxBytes) {
    return fail(ErrorCode::unsupported_format,
                fmt::format("has {} bytes; JSON is read up to {} MiB", size, kMaxBytes >> 20U), file.string());
  }
  std::string text(size, '\0');
  std::ifstream in(file, std::ios::binary);
  if (!in.read(text.data(), static_cast<std::streamsize>(size))) {
    return fail(ErrorCode::file_unreadable, "cannot be read to its end", file.string());
  }
  if (const auto placed = refuse_linked_crs(file); !placed) return Unexpected(placed.error());
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return parse_json_source(text, file.string());
}

}  // namespace swiftlet::maps
