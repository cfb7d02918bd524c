#include "planner/mission/mission_steps.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace swiftlet::planner::mission {
namespace {

constexpr double kLongestStay_s = 65535.0;

/// Commands of cameras, servos, grippers, fences and the like: they move nothing and take no time.
constexpr std::array kWithoutMotion{115, 181, 183, 184, 189, 195, 196, 197, 200, 201, 202,  203,  204,
                                    205, 206, 207, 210, 211, 212, 214, 217, 218, 600, 2000, 2001, 42600};

class Reader {
 public:
  explicit Reader(const Mission& mission) : mission_(mission) {}

  Expected<std::vector<Step>> read() {
    for (const Item& item : mission_.items) {
      if (const auto ok = add(item); !ok) return Unexpected(ok.error());
    }
    const auto first = std::find_if(steps_.begin(), steps_.end(), [](const Step& s) { return s.is_navigation(); });
    if (first == steps_.end() || !std::holds_alternative<TakeOff>(first->action)) {
      return fail(ErrorCode::value_invalid, "a mission must begin with a take-off (22)", "item 1");
    }
    const Step& last = steps_.back();
    if (!std::holds_alternative<Land>(last.action) && !std::holds_alternative<ReturnHome>(last.action)) {
      return fail(ErrorCode::value_invalid, "a mission must end with a landing (21) or a return (20)",
                  fmt::format("item {}", last.seq));
    }
    return std::move(steps_);
  }

 private:
  [[nodiscard]] double height_m(const Item& item) const {
    return item.frame == AltitudeFrame::home ? item.altitude_m : item.altitude_m - mission_.home.alt_msl_m;
  }
  [[nodiscard]] static bool has_place(const Item& item) { return item.at.lat_deg != 0.0 || item.at.lon_deg != 0.0; }

  Expected<double> stay(const Item& item) const {
    const double seconds = std::floor(item.parameters[0]);  // whole seconds, as the autopilots store them
    if (seconds >= 0.0 && seconds <= kLongestStay_s) return seconds;
    return fail(ErrorCode::value_invalid,
                fmt::format("parameter 1 = {} must be a time from 0 to {} s", item.parameters[0], kLongestStay_s),
                fmt::format("item {}", item.seq));
  }

  Expected<void> fly_to(const Item& item, bool is_waypoint) {
    const auto seconds = stay(item);
    if (!seconds) return Unexpected(seconds.error());
    if (has_place(item)) {
      place_m_ = from_home_m(mission_.home, item.at, height_m(item));
    } else if (item.altitude_m != 0.0) {
      place_m_.z() = height_m(item);
    }
    steps_.push_back({item.seq, FlyTo{place_m_, *seconds, is_waypoint && *seconds == 0.0}});
    return {};
  }

  Expected<void> change_speed(const Item& item) {
    const double speed = item.parameters[1];
    const double kind = item.parameters[0];
    const bool kind_known = kind == 0.0 || kind == 1.0 || kind == 2.0 || kind == 3.0;
    if (!kind_known || !(speed <= 100.0)) {
      return fail(
          ErrorCode::value_invalid,
          fmt::format("a change of speed must be of kind 0 to 3 and at most 100 m/s, not {} and {}", kind, speed),
          fmt::format("item {}", item.seq));
    }
    if (speed <= 0.0) return {};  // −1 and 0 leave the speed as it is
    const SpeedKind which = kind == 2.0 ? SpeedKind::climb : kind == 3.0 ? SpeedKind::descent : SpeedKind::across;
    steps_.push_back({item.seq, ChangeSpeed{which, speed}});
    return {};
  }

  Expected<void> add(const Item& item) {
    switch (static_cast<Command>(item.command)) {
      case Command::takeoff: {
        if (height_m(item) <= 0.0) {
          return fail(ErrorCode::value_invalid, fmt::format("take-off to {} m must be above home", height_m(item)),
                      fmt::format("item {}", item.seq));
        }
        if (took_off_) {
          return fail(ErrorCode::unsupported_format, "a second take-off is not modelled",
                      fmt::format("item {}", item.seq));
        }
        took_off_ = true;
        place_m_.z() = height_m(item);
        steps_.push_back({item.seq, TakeOff{height_m(item)}});
        return {};
      }
      case Command::waypoint:
        return fly_to(item, true);
      case Command::loiter_time:
        return fly_to(item, false);
      case Command::delay: {
        const auto seconds = stay(item);
        if (!seconds) return Unexpected(seconds.error());
        steps_.push_back({item.seq, Hold{*seconds}});
        return {};
      }
      case Command::change_speed:
        return change_speed(item);
      case Command::land: {
        Eigen::Vector3d ground_m(place_m_.x(), place_m_.y(), 0.0);
        if (has_place(item)) ground_m = from_home_m(mission_.home, item.at, height_m(item));
        steps_.push_back({item.seq, Land{ground_m}});
        return {};
      }
      case Command::return_to_launch:
        steps_.push_back({item.seq, ReturnHome{}});
        return {};
    }
    if (std::find(kWithoutMotion.begin(), kWithoutMotion.end(), item.command) != kWithoutMotion.end()) return {};
    return fail(
        ErrorCode::unsupported_format,
        fmt::format("command {} is not modelled: take-off 22, waypoint 16, loiter for a time 19, delay 93, change "
                    "of speed 178, land 21 and return 20 are",
                    item.command),
        fmt::format("item {}", item.seq));
  }

  const Mission& mission_;
  Eigen::Vector3d place_m_ = Eigen::Vector3d::Zero();
  bool took_off_ = false;
  std::vector<Step> steps_;
};

}  // namespace

Eigen::Vector3d from_home_m(const GeoPoint& home, const LonLat& at, double height_m) {
  constexpr double kMetresPerDegree = 111318.84502145034;  // the autopilots' sphere
  const double middle_rad = 0.5 * (home.lat_deg + at.lat_deg) * std::numbers::pi / 180.0;
  return {kMetresPerDegree * (at.lon_deg - home.lon_deg) * std::cos(middle_rad),
          kMetresPerDegree * (at.lat_deg - home.lat_deg), height_m};
}

Expected<std::vector<Step>> mission_steps(const Mission& mission) { return Reader(mission).read(); }

}  // namespace swiftlet::planner::mission
