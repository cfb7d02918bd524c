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

/// Proven estimates of legs, asked of the planner once and kept for a while. Payloads are rounded up to half a
/// kilogram, so that parcels share estimates and none is flown on a lighter one's.
class LegBook {
 public:
  explicit LegBook(const FleetConfig& config) : config_(config) {}

  /// Nothing where the leg is unknown or its estimate has aged (ten minutes; a minute for a refusal).
  [[nodiscard]] const LegEstimate* find(const LegQuery& query, UtcTime now) const;
  /// Asks the planner, unless it has been asked already.
  void ask(const LegQuery& query, UtcTime now, std::uint64_t job_id, Effects& effects);
  /// Whether the answer was to a question of this book.
  bool take_answer(const PlanAnswer& answer, UtcTime now);
  /// A mission on a leg that had been proven was refused: whatever was known of it is outdated.
  void note_refused(const LegQuery& query, UtcTime now, const Error& error);
  /// The airspace is another one now: what was proven in the old one counts no more, nor what is still asked of it.
  void forget(const std::string& airspace_hash);

  /// A guess without the planner: a detour over straight ground, climb and descent.
  [[nodiscard]] double rough_duration_s(const LegQuery& query) const;

 private:
  /// What an estimate is kept under: the leg, its payload rounded up to its class.
  struct LegKey {
    LegQuery leg;
    double payload_kg = 0.0;
  };
  struct LegKeyView {
    const LegQuery& leg;
    double payload_kg;
  };
  struct LegHash {
    using is_transparent = void;
    std::size_t operator()(const auto& key) const { return hash(key.leg, key.payload_kg); }
    static std::size_t hash(const LegQuery& leg, double payload_kg);
  };
  struct SameLeg {
    using is_transparent = void;
    bool operator()(const auto& a, const auto& b) const { return a.payload_kg == b.payload_kg && same(a.leg, b.leg); }
    static bool same(const LegQuery& a, const LegQuery& b);
  };
  [[nodiscard]] double payload_class_kg(const LegQuery& query) const;

  const FleetConfig& config_;
  std::string airspace_hash_;  ///< empty: whichever
  std::unordered_map<LegKey, LegEstimate, LegHash, SameLeg> estimates_;
  std::map<std::uint64_t, LegKey> asked_;
  std::unordered_set<LegKey, LegHash, SameLeg> open_;  ///< asked and not answered yet
};

}  // namespace swiftlet::dispatch
