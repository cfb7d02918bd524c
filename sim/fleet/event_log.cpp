#include "sim/fleet/event_log.hpp"

#include <fmt/core.h>

namespace swiftlet::sim {

Expected<void> EventLog::open(const std::string& file) {
  file_ = file;
  if (file.empty()) return {};
  out_.open(file, std::ios::binary | std::ios::trunc);
  if (!out_) return fail(ErrorCode::output_refused, "cannot be written", file);
  return {};
}

void EventLog::add(const dispatch::Record& record) {
  std::string body;
  if (const auto* issued = std::get_if<dispatch::MissionIssued>(&record.body)) {
    body = fmt::format(R"({{"flight_id":"{}","mission_no":{},"route_hash":"{}"}})", issued->flight_id,
                       issued->mission_no, issued->route_hash);
  } else {
    body = dispatch::serialise(record.body);
  }
  add_line(fmt::format(R"({{"at":"{}","kind":"{}","body":{}}})", format_rfc3339(record.at), dispatch::kind(record.body),
                       body));
}

void EventLog::add_line(const std::string& line) {
  hasher_.add(line);
  hasher_.add("\n");
  ++lines_;
  if (out_.is_open()) out_ << line << '\n';
}

Expected<std::string> EventLog::finish() {
  if (out_.is_open()) {
    out_.close();
    if (!out_) return fail(ErrorCode::output_refused, "could not be written to its end", file_);
  }
  return hasher_.finish();
}

}  // namespace swiftlet::sim
