#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "dispatch/core/effects.hpp"
#include "dispatch/core/fleet_config.hpp"
#include "dispatch/core/spot.hpp"

namespace swiftlet::dispatch {

struct LegQuery {
  Spot from = {};
  Spot to = {};
  std::string profile = {};
  double payload_kg = 0.0;
};

/// What a proven route between two spots takes, or why there is none.
struct LegEstimate {
  std::optional<Error> error = {};
  double duration_s = 0.0;
  double energy_wh = 0.0;
  double length_m = 0.0;
  UtcTime planned_for = {};
};

/// A spot as numbers, which are compared and hashed faster than names.
struct NumberedSpot {
  std::uint32_t pad = 0;  ///< 0: a bare point
  std::int32_t slot = 0;
  LonLat at = {};  ///< of a bare point
  friend bool operator==(const NumberedSpot&, const NumberedSpot&) = default;
};

struct NumberedLeg {
  NumberedSpot from = {};
  NumberedSpot to = {};
  std::uint32_t profile = 0;
  double payload_kg = 0.0;  ///< rounded up to its class
  friend bool operator==(const NumberedLeg&, const NumberedLeg&) = default;
};

/// Proven estimates of legs, asked of the planner once and kept for a while. Payloads are rounded up to half a
/// kilogram, so that parcels share estimates and none is flown on a lighter one's.
class LegBook {
 public:
  explicit LegBook(const FleetConfig& config) : config_(config) {}

  /// Nothing where the leg is unknown or its estimate has aged (ten minutes; a minute for a refusal).
  [[nodiscard]] const LegEstimate* find(const LegQuery& query, UtcTime now) const { return find(numbered(query), now); }
  /// The same for who asks for many legs between few places: of numbers that number() gave.
  [[nodiscard]] const LegEstimate* find(const NumberedLeg& leg, UtcTime now) const;
  [[nodiscard]] NumberedSpot number(const Spot& spot) const;
  [[nodiscard]] NumberedLeg numbered(const LegQuery& query) const;
  [[nodiscard]] std::uint32_t number_of_profile(const std::string& profile) const;
  [[nodiscard]] double payload_class_kg(const std::string& profile, double payload_kg) const;
  /// Asks the planner, unless it has been asked already.
  void ask(const LegQuery& query, UtcTime now, std::uint64_t job_id, Effects& effects);
  /// Whether the planner still works on it.
  [[nodiscard]] bool is_open(const NumberedLeg& leg) const { return open_.contains(leg); }
  /// Whether the answer was to a question of this book.
  bool take_answer(const PlanAnswer& answer, UtcTime now);
  /// A mission on a leg that had been proven was refused: whatever was known of it is outdated.
  void note_refused(const LegQuery& query, UtcTime now, const Error& error);
  /// The airspace is another one now: what was proven in the old one counts no more, nor what is still asked of it.
  void forget(const std::string& airspace_hash);

  /// A guess without the planner: a detour over straight ground, climb and descent.
  [[nodiscard]] double rough_duration_s(const LegQuery& query) const;

 private:
  /// What an estimate is kept under.
  struct LegHash {
    std::size_t operator()(const NumberedLeg& leg) const;
  };

  const FleetConfig& config_;
  mutable std::unordered_map<std::string, std::uint32_t> pad_numbers_;  ///< of those asked for, from 1
  std::string airspace_hash_;                                           ///< empty: whichever
  std::unordered_map<NumberedLeg, LegEstimate, LegHash> estimates_;
  std::map<std::uint64_t, NumberedLeg> asked_;
  std::unordered_set<NumberedLeg, LegHash> open_;  ///< asked and not answered yet
};

}  // namespace swiftlet::dispatch
