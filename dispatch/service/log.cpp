#include "dispatch/service/log.hpp"

#include <fmt/core.h>

#include <array>
#include <cstdio>

#include "dispatch/service/service_clock.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr std::array<std::string_view, 4> kNames{"error", "warn", "info", "debug"};

}  // namespace

LogLevel log_level(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<LogLevel>(i);
  }
  return LogLevel::info;
}

void Log::write(LogLevel level, const std::string& text) const {
  if (level > least_) return;
  fmt::print(stderr, "{} {} {}\n", format_rfc3339(ServiceClock::wall()), kNames.at(static_cast<std::size_t>(level)),
             text);
}

}  // namespace swiftlet::dispatch
