#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "geo/utc_time.hpp"

namespace swiftlet::dispatch {

/// What every page is to show, as things by section and id, numbered: a page that holds the snapshot with `seq` n and
/// has applied every delta up to m shows what the snapshot with `seq` m says.
///
///     {"seq":7,"snapshot":{"at":…,"drones":{"D01":{…}},…}}
///     {"seq":8,"delta":{"at":…,"drones":{"set":{"D01":{…}},"gone":["D02"]}}}
class PictureBoard {
 public:
  /// What a section is to hold from now on. Things that have not changed cost nothing in the delta.
  void put(const std::string& section, const std::map<std::string, nlohmann::json>& things);
  /// Some things of a section; the others stay.
  void put_some(const std::string& section, const std::map<std::string, nlohmann::json>& things);
  /// Ends a change: the delta since the last call, as one message. Every delta carries `at`, changed or not.
  [[nodiscard]] std::shared_ptr<const std::string> advance(UtcTime at);

  [[nodiscard]] std::shared_ptr<const std::string> snapshot() const;
  /// The things of a section as a JSON array, in the order of ids.
  [[nodiscard]] std::string list(const std::string& section) const;
  /// JSON text; nullptr where there is no such thing.
  [[nodiscard]] const std::string* find(const std::string& section, const std::string& id) const;
  [[nodiscard]] std::uint64_t seq() const { return seq_; }
  [[nodiscard]] UtcTime at() const { return at_; }

 private:
  struct Change {
    std::map<std::string, std::string> set = {};
    std::vector<std::string> gone = {};
  };

  std::uint64_t seq_ = 0;
  UtcTime at_ = {};
  std::map<std::string, std::map<std::string, std::string>> sections_;  ///< JSON text by section and id
  std::map<std::string, Change> changes_;
  mutable std::shared_ptr<const std::string> snapshot_;  ///< of this seq, once it was asked for
};

}  // namespace swiftlet::dispatch
