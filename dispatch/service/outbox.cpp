#include "dispatch/service/outbox.hpp"

#include <algorithm>

namespace swiftlet::dispatch {
namespace {

constexpr std::size_t kMaxWaiting = 1000;
constexpr auto kSilent = std::chrono::hours(1);

}  // namespace

ConnectionId Outbox::heard(const std::string& routing_id, const std::string& peer_key) {
  const auto [entry, is_new] = by_routing_id_.try_emplace(routing_id, last_ + 1);
  if (is_new)
    lines_.emplace(++last_, Line{.routing_id = routing_id, .peer_key = peer_key, .waiting = {}, .heard_at = {}});
  lines_.at(entry->second).heard_at = std::chrono::steady_clock::now();
  return entry->second;
}

void Outbox::send(ConnectionId connection, std::string frame) {
  const auto line = lines_.find(connection);
  if (line == lines_.end()) return;
  if (line->second.waiting.empty()) {
    switch (socket_.send(line->second.routing_id, frame)) {
      case Sent::yes:
        return;
      case Sent::gone:
        return forget(connection);
      case Sent::busy:
        break;
    }
  }
  line->second.waiting.push_back(std::move(frame));
  if (line->second.waiting.size() > kMaxWaiting) forget(connection);
}

bool Outbox::offer(ConnectionId connection, const std::string& frame, std::uint64_t) {
  const auto line = lines_.find(connection);
  if (line == lines_.end()) return true;
  if (!line->second.waiting.empty()) return false;
  switch (socket_.send(line->second.routing_id, frame)) {
    case Sent::yes:
      return true;
    case Sent::busy:
      return false;
    case Sent::gone:
      break;
  }
  forget(connection);
  return true;
}

void Outbox::flush() {
  std::vector<ConnectionId> gone;
  for (auto& [connection, line] : lines_) {
    while (!line.waiting.empty()) {
      const Sent sent = socket_.send(line.routing_id, line.waiting.front());
      if (sent == Sent::busy) break;
      if (sent == Sent::gone) {
        gone.push_back(connection);
        break;
      }
      line.waiting.pop_front();
    }
  }
  for (const ConnectionId connection : gone) forget(connection);
}

void Outbox::forget_silent(const std::vector<ConnectionId>& kept) {
  const auto now = std::chrono::steady_clock::now();
  std::vector<ConnectionId> silent;
  for (const auto& [connection, line] : lines_) {
    const bool is_kept = std::find(kept.begin(), kept.end(), connection) != kept.end();
    if (!is_kept && now - line.heard_at > kSilent) silent.push_back(connection);
  }
  for (const ConnectionId connection : silent) forget(connection);
}

void Outbox::forget_unwelcome(const std::function<bool(const std::string& peer_key)>& still_welcome) {
  std::vector<ConnectionId> unwelcome;
  for (const auto& [connection, line] : lines_) {
    if (!still_welcome(line.peer_key)) unwelcome.push_back(connection);
  }
  for (const ConnectionId connection : unwelcome) forget(connection);
}

void Outbox::forget(ConnectionId connection) {
  const auto line = lines_.find(connection);
  if (line == lines_.end()) return;
  by_routing_id_.erase(line->second.routing_id);
  lines_.erase(line);
}

}  // namespace swiftlet::dispatch
