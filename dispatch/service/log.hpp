#pragma once

#include <string>
#include <string_view>

namespace swiftlet::dispatch {

enum class LogLevel { error, warn, info, debug };

[[nodiscard]] LogLevel log_level(std::string_view name);

/// Lines on standard error: wall time, level, text. Nothing below `least` is written.
class Log {
 public:
  explicit Log(LogLevel least) : least_(least) {}
  void write(LogLevel level, const std::string& text) const;
  [[nodiscard]] bool writes(LogLevel level) const { return level <= least_; }

 private:
  LogLevel least_;
};

}  // namespace swiftlet::dispatch
