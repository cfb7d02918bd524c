#include "sim/fleet/route_store.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <mutex>

#include "geo/content_hash.hpp"
#include "sim/fleet/planner_sources.hpp"
#include "sim/fleet/route_file.hpp"

namespace swiftlet::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".routes";
/// So many runs' files are joined into one.
constexpr std::size_t kMostFiles = 8;
/// What is older was left by a run that was killed.
constexpr auto kWritingTakes = std::chrono::hours(1);

/// Hexadecimal digits of a content hash.
std::string digits(const std::string& hash, std::size_t count) { return hash.substr(hash.find(':') + 1, count); }

void remove_leftovers(const fs::path& directory) {
  std::error_code code;
  std::vector<fs::path> old;
  for (fs::directory_iterator it(directory, code), end; !code && it != end; it.increment(code)) {
    std::error_code gone;
    const auto written = fs::last_write_time(it->path(), gone);
    if (it->path().extension() == ".part" && !gone && written < fs::file_time_type::clock::now() - kWritingTakes) {
      old.push_back(it->path());
    }
  }
  for (const fs::path& file : old) fs::remove(file, code);
}

}  // namespace

/// The files of this airspace and planner begin with it.
std::string RouteStore::prefix() const {
  return digits(content_hash(fmt::format("{}|{}", planner_sources(), airspace_hash_)), 12) + "-";
}

Expected<void> RouteStore::open(const fs::path& directory, const std::string& airspace_hash) {
  std::error_code code;
  fs::create_directories(directory, code);
  if (code) return fail(ErrorCode::output_refused, "cannot be made: " + code.message(), directory.string());
  if (::access(directory.c_str(), W_OK) != 0) {
    return fail(ErrorCode::output_refused, "routes cannot be kept there: it cannot be written to", directory.string());
  }
  directory_ = directory;
  airspace_hash_ = airspace_hash;
  remove_leftovers(directory);
  std::vector<fs::path> found;
  fs::directory_iterator it(directory, code);
  for (const fs::directory_iterator end; !code && it != end; it.increment(code)) {
    if (it->path().extension() == kExtension && it->path().filename().string().starts_with(prefix())) {
      found.push_back(it->path());
    }
  }
  if (code) return fail(ErrorCode::file_unreadable, code.message(), directory.string());
  std::sort(found.begin(), found.end());
  for (const fs::path& file : found) read_file(file);
  return {};
}

void RouteStore::read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open()) return;  // another run has joined it with others meanwhile
  const RouteFileReading reading = read_route_file(bytes);
  files_.push_back(file);
  const bool ours = reading.file.planner == planner_sources() && reading.file.airspace_hash == airspace_hash_;
  if (!reading.whole || reading.damaged > 0 || !ours) {
    outdated_ = true;
    damages_.push_back({.code = ErrorCode::file_unreadable,
                        .message = fmt::format("is damaged: {} of its routes are as they were written, the others are "
                                               "planned again",
                                               ours ? reading.file.answers.size() : 0),
                        .where = file.string()});
  }
  if (!ours) return;
  for (const auto& [key, answer] : reading.file.answers) {
    const bool is_new = entries_.try_emplace(std::string(key), Entry{.kept = {.answer = std::string(answer)}}).second;
    read_ += is_new;
  }
}

std::optional<RouteStore::Kept> RouteStore::find(const std::string& key) const {
  const std::shared_lock lock(mutex_);
  const auto found = entries_.find(key);
  return found == entries_.end() ? std::nullopt : std::optional(found->second.kept);
}

void RouteStore::keep(const std::string& key, std::string answer, bool to_save) {
  const std::unique_lock lock(mutex_);
  entries_.try_emplace(
      key, Entry{.kept = {.answer = std::move(answer), .judged = true}, .is_new = true, .to_save = to_save});
}

void RouteStore::note_verdict(const std::string& key, bool passed) {
  const std::unique_lock lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  if (passed) {
    found->second.kept.judged = true;
    return;
  }
  entries_.erase(found);
  outdated_ = true;
  damages_.push_back({.code = ErrorCode::referee_refused,
                      .message = "a route that was kept does not pass the referee; it is planned again",
                      .where = directory_.string()});
}

Expected<void> RouteStore::save() {
  const std::unique_lock lock(mutex_);
  if (directory_.empty()) return {};
  const bool joins = outdated_ || files_.size() >= kMostFiles;
  RouteFile content{.planner = planner_sources(), .airspace_hash = airspace_hash_, .answers = {}};
  for (const auto& [key, entry] : entries_) {
    if (entry.to_save && (entry.is_new || joins)) content.answers.emplace_back(key, entry.kept.answer);
  }
  const bool anything_new = std::any_of(entries_.begin(), entries_.end(),
                                        [](const auto& entry) { return entry.second.to_save && entry.second.is_new; });
  if (!anything_new && !outdated_) return {};
  std::sort(content.answers.begin(), content.answers.end());
  ContentHasher hasher;
  for (const auto& [key, answer] : content.answers) hasher.add(key);
  const fs::path file = directory_ / fmt::format("{}{}{}", prefix(), digits(hasher.finish(), 16), kExtension);
  if (auto written = write_route_file(file, content); !written) return written;
  std::error_code ignored;  // whoever does not go is read along
  if (joins) {
    for (const fs::path& old : files_) {
      if (old != file) fs::remove(old, ignored);
    }
    files_.clear();
  }
  files_.push_back(file);
  outdated_ = false;
  for (auto& [key, entry] : entries_) entry.is_new = false;
  return {};
}

}  // namespace swiftlet::sim
