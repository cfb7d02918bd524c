#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "geo/utc_time.hpp"

namespace swiftlet::geo {

/// A reading of the clock on the wall: milliseconds since 1970-01-01T00:00:00 as that clock shows it.
using WallTime = std::chrono::local_time<std::chrono::milliseconds>;

/// The clock of a time zone as a table of its offsets, so that nothing that is compiled depends on the time zone
/// database of the machine that reads it. Past the end of its table (tables end in 2037) a clock with a summer time
/// answers earliest and latest with the wider of its two seasons.
class LocalClock {
 public:
  /// From `from` on the clock shows UTC + offset.
  struct Offset {
    UtcTime from;
    std::chrono::milliseconds offset;
    friend bool operator==(const Offset&, const Offset&) = default;
  };

  /// Precondition: at least one offset, ascending by `from` (throws std::invalid_argument). The first holds for all
  /// time before the second.
  LocalClock(std::string name, std::vector<Offset> offsets);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::vector<Offset>& offsets() const { return offsets_; }

  [[nodiscard]] WallTime wall(UtcTime t) const;
  /// The first instant at which the clock shows `wall` or more: the earlier of two where the clock is put back, the
  /// instant of the change where it jumps over `wall`.
  [[nodiscard]] UtcTime earliest(WallTime wall) const;
  /// The last instant that may be meant by `wall`: the later of two where the clock is put back; where it jumps over
  /// `wall`, as late as if it had not jumped yet.
  [[nodiscard]] UtcTime latest(WallTime wall) const;

  friend bool operator==(const LocalClock&, const LocalClock&) = default;

 private:
  [[nodiscard]] std::size_t offset_at(UtcTime t) const;

  std::string name_;
  std::vector<Offset> offsets_;
  std::chrono::milliseconds other_season_{0};  ///< the offset that may hold as well after the last change
};

}  // namespace swiftlet::geo
