#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "geo/local_frame.hpp"

namespace swiftlet::sim {

/// Two aircraft nearer than this in both at once are an intrusion: 20 m across and 10 m up.
struct ProtectedZone {
  double across_m = 20.0;
  double up_m = 10.0;
};

/// How close aircraft come to each other, looked at in every step: those in the air are put on a grid of squares as
/// wide as the zone's reach and compared with their neighbours, so a step costs what its aircraft cost, not their
/// pairs.
class SeparationWatch {
 public:
  struct Contact {
    std::uint32_t a;
    std::uint32_t b;  ///< a < b
    double distance_m;
    bool intrusion;
    friend auto operator<=>(const Contact&, const Contact&) = default;
  };

  explicit SeparationWatch(const ProtectedZone& zone) : zone_(zone) {}

  struct Aircraft {
    std::uint32_t id;
    float east_m;
    float north_m;
    float up_m;
  };
  /// All pairs nearer than kLook_m across, each once, in an order that the aircraft's alone decides.
  void look(std::span<const Aircraft> aircraft, std::vector<Contact>& contacts);

  static constexpr double kLook_m = 40.0;

 private:
  ProtectedZone zone_;
  std::vector<std::int32_t> head_;  ///< by hashed square
  std::vector<std::int32_t> next_;
  std::vector<std::uint32_t> touched_;
};

/// When two aircraft came within each other's zone.
struct Intrusion {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  double at_s = 0.0;
  double distance_m = 0.0;  ///< in the first step of it
};

/// Intrusions over a day: one begins when a pair comes within the zone and ends when it leaves it.
class SeparationRecord {
 public:
  /// The contacts of one step.
  void take(const std::vector<SeparationWatch::Contact>& contacts, double at_s);
  /// The first of them, as many as a report can hold.
  [[nodiscard]] const std::vector<Intrusion>& first() const { return first_; }
  [[nodiscard]] std::uint64_t intrusions() const { return intrusions_; }
  [[nodiscard]] std::uint64_t steps_in_intrusion() const { return steps_; }
  /// The least distance of any two in the air; infinity where none came within kLook_m across.
  [[nodiscard]] double least_m() const { return least_m_; }
  void add_flown(std::uint64_t drone_steps) { drone_steps_ += drone_steps; }
  [[nodiscard]] std::uint64_t drone_steps() const { return drone_steps_; }

 private:
  std::vector<std::uint64_t> inside_;  ///< pairs in intrusion at the last step, ascending
  std::vector<std::uint64_t> now_;
  std::vector<Intrusion> first_;
  std::uint64_t intrusions_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t drone_steps_ = 0;
  double least_m_ = std::numeric_limits<double>::infinity();
};

}  // namespace swiftlet::sim
