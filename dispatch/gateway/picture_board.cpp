#include "dispatch/gateway/picture_board.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dispatch/protocol/strict_json.hpp"

namespace swiftlet::dispatch {
namespace {

std::string quoted(const std::string& text) { return to_wire(nlohmann::json(text)); }

std::string object_of(const std::map<std::string, std::string>& things) {
  std::string out = "{";
  for (const auto& [id, text] : things) {
    if (out.size() > 1) out += ',';
    out += quoted(id);
    out += ':';
    out += text;
  }
  return out + "}";
}

}  // namespace

void PictureBoard::put(const std::string& section, const std::map<std::string, nlohmann::json>& things) {
  auto& held = sections_[section];
  for (auto it = held.begin(); it != held.end();) {
    if (things.contains(it->first)) {
      ++it;
      continue;
    }
    Change& change = changes_[section];
    change.set.erase(it->first);
    change.gone.push_back(it->first);
    it = held.erase(it);
  }
  put_some(section, things);
}

void PictureBoard::put_some(const std::string& section, const std::map<std::string, nlohmann::json>& things) {
  auto& held = sections_[section];
  for (const auto& [id, thing] : things) {
    std::string text = to_wire(thing);
    std::string& now = held[id];
    if (now == text) continue;
    now = std::move(text);
    Change& change = changes_[section];
    change.set[id] = now;
    std::erase(change.gone, id);
  }
}

std::shared_ptr<const std::string> PictureBoard::advance(UtcTime at) {
  ++seq_;
  at_ = at;
  snapshot_.reset();
  std::string out = fmt::format("{{\"seq\":{},\"delta\":{{\"at\":\"{}\"", seq_, format_rfc3339(at));
  for (const auto& [section, change] : changes_) {
    out += fmt::format(",\"{}\":{{\"set\":{},\"gone\":{}}}", section, object_of(change.set),
                       to_wire(nlohmann::json(change.gone)));
  }
  changes_.clear();
  return std::make_shared<const std::string>(out + "}}");
}

std::shared_ptr<const std::string> PictureBoard::snapshot() const {
  if (!snapshot_) {
    std::string out = fmt::format("{{\"seq\":{},\"snapshot\":{{\"at\":\"{}\"", seq_, format_rfc3339(at_));
    for (const auto& [section, things] : sections_) out += fmt::format(",\"{}\":{}", section, object_of(things));
    snapshot_ = std::make_shared<const std::string>(out + "}}");
  }
  return snapshot_;
}

std::string PictureBoard::list(const std::string& section) const {
  std::string out = "[";
  if (const auto found = sections_.find(section); found != sections_.end()) {
    for (const auto& [id, text] : found->second) {
      if (out.size() > 1) out += ',';
      out += text;
    }
  }
  return out + "]";
}

const std::string* PictureBoard::find(const std::string& section, const std::string& id) const {
  const auto found = sections_.find(section);
  if (found == sections_.end()) return nullptr;
  const auto thing = found->second.find(id);
  return thing == found->second.end() ? nullptr : &thing->second;
}

}  // namespace swiftlet::dispatch
