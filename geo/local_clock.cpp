#include "geo/local_clock.hpp"

#include <algorithm>
#include <stdexcept>

namespace swiftlet::geo {
namespace {

/// No offset from UTC is larger; none changes by more.
constexpr std::chrono::hours kWidest{36};
/// Time zone databases write the changes of each year out until 2037. A clock that still changes then goes on to.
constexpr UtcTime kEndOfTables = std::chrono::sys_days(std::chrono::year{2037} / 1 / 1);

WallTime shifted(UtcTime t, std::chrono::milliseconds offset) { return WallTime(t.time_since_epoch() + offset); }
UtcTime unshifted(WallTime wall, std::chrono::milliseconds offset) { return UtcTime(wall.time_since_epoch() - offset); }

}  // namespace

LocalClock::LocalClock(std::string name, std::vector<Offset> offsets)
    : name_(std::move(name)), offsets_(std::move(offsets)) {
  if (offsets_.empty() ||
      !std::is_sorted(offsets_.begin(), offsets_.end(), [](const auto& a, const auto& b) { return a.from < b.from; })) {
    throw std::invalid_argument("the clock of " + name_ + " needs offsets in ascending order");
  }
  const std::size_t n = offsets_.size();
  other_season_ = offsets_[n > 1 && offsets_.back().from >= kEndOfTables ? n - 2 : n - 1].offset;
}

std::size_t LocalClock::offset_at(UtcTime t) const {
  const auto after = std::upper_bound(offsets_.begin() + 1, offsets_.end(), t,
                                      [](UtcTime at, const Offset& offset) { return at < offset.from; });
  return static_cast<std::size_t>(after - offsets_.begin()) - 1;
}

WallTime LocalClock::wall(UtcTime t) const { return shifted(t, offsets_[offset_at(t)].offset); }

UtcTime LocalClock::earliest(WallTime wall) const {
  for (std::size_t k = offset_at(unshifted(wall, kWidest)); k + 1 < offsets_.size(); ++k) {
    const UtcTime t = unshifted(wall, offsets_[k].offset);
    if (k > 0 && t < offsets_[k].from) return offsets_[k].from;  // the clock jumped over it, to here
    if (t < offsets_[k + 1].from) return t;
  }
  const UtcTime t = std::min(unshifted(wall, offsets_.back().offset), unshifted(wall, other_season_));
  return offsets_.size() == 1 ? t : std::max(t, offsets_.back().from);
}

UtcTime LocalClock::latest(WallTime wall) const {
  UtcTime last = unshifted(wall, offsets_.front().offset);
  for (std::size_t k = offset_at(unshifted(wall, kWidest)); k < offsets_.size(); ++k) {
    const UtcTime t = unshifted(wall, offsets_[k].offset);
    if (k > 0 && t < offsets_[k].from) break;
    last = k + 1 < offsets_.size() ? t : std::max(t, unshifted(wall, other_season_));
  }
  return last;
}

}  // namespace swiftlet::geo
