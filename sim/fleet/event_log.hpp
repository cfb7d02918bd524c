#pragma once

#include <fstream>
#include <string>

#include "dispatch/core/record.hpp"
#include "geo/content_hash.hpp"

namespace swiftlet::sim {

/// The day as the dispatch core decided it: one JSON object a record, in their order ({"at","kind","body"}), and the
/// SHA-256 over those lines. Routes stand in it by their hash.
class EventLog {
 public:
  /// Errors: output_refused. An empty name writes no file; the hash is made all the same.
  [[nodiscard]] Expected<void> open(const std::string& file);
  void add(const dispatch::Record& record);
  void add_line(const std::string& line);
  [[nodiscard]] std::size_t lines() const { return lines_; }
  /// Closes the file; to be called once. Errors: output_refused.
  [[nodiscard]] Expected<std::string> finish();

 private:
  ContentHasher hasher_;
  std::ofstream out_;
  std::string file_;
  std::size_t lines_ = 0;
};

}  // namespace swiftlet::sim
