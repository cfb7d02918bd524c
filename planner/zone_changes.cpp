#include "planner/zone_changes.hpp"

#include <chrono>

namespace swiftlet::planner {
namespace {

using std::chrono::milliseconds;

class ZoneStates {
 public:
  ZoneStates(const geo::Airspace& airspace, const std::vector<std::string>& authorisations) {
    for (const geo::Geozone& zone : airspace.zones) {
      if (!zone.applicability.empty() && zone.blocks(authorisations)) timed_.push_back(&zone);
    }
  }

  [[nodiscard]] std::optional<UtcTime> change_from(UtcTime t, milliseconds step) const {
    if (timed_.empty()) return std::nullopt;
    constexpr std::chrono::hours kFarthest{24};
    const std::vector<bool> now = at(t);
    for (UtcTime near = t; std::chrono::abs(near - t) < kFarthest; near += step) {
      if (at(near + step) == now) continue;
      UtcTime far = near + step;
      while (std::chrono::abs(far - near) > std::chrono::seconds(1)) {
        const UtcTime middle = near + (far - near) / 2;
        (at(middle) == now ? near : far) = middle;
      }
      return far;
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::vector<bool> at(UtcTime t) const {
    std::vector<bool> active;
    active.reserve(timed_.size());
    for (const geo::Geozone* zone : timed_) active.push_back(zone->active_within(t, t));
    return active;
  }

  std::vector<const geo::Geozone*> timed_;
};

}  // namespace

std::optional<UtcTime> zone_change_before(const geo::Airspace& airspace, const std::vector<std::string>& authorisations,
                                          UtcTime t) {
  return ZoneStates(airspace, authorisations).change_from(t, -std::chrono::minutes(1));
}

std::optional<UtcTime> zone_change_after(const geo::Airspace& airspace, const std::vector<std::string>& authorisations,
                                         UtcTime t) {
  return ZoneStates(airspace, authorisations).change_from(t, std::chrono::minutes(1));
}

}  // namespace swiftlet::planner
