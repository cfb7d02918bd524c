#pragma once

#include <map>
#include <optional>
#include <string_view>

#include "dispatch/core/eta.hpp"
#include "dispatch/core/forecast_errors.hpp"

namespace swiftlet::dispatch {

/// What the stages beside flying take, learned as the day goes. Priors are a careful guess.
struct StageFilters {
  StageFilter departure{6.0, 2.0};     ///< from being free to leave to the weight leaving the deck
  StageFilter kitchen{0.0, 15.0};      ///< from when an order says its parcel will be ready to when it is
  StageFilter loading{10.0, 6.0};      ///< from landing, parcel ready, to loaded
  StageFilter release{6.0, 2.0};       ///< from landing to released
  StageFilter turnaround{40.0, 15.0};  ///< from landing at home to a fresh battery
};

/// Forecasts whose errors are alike, and are learned together: promises by what decides their time (the drone leaves at
/// once, the kitchen, drones that are busy, an order for much later), and what is told of a live order by its stage.
enum class ForecastKind {
  prompt,
  kitchen,
  queued,
  scheduled,
  accepted,
  assigned,
  to_pickup,
  loading,
  airborne,
  holding,
  arriving
};

[[nodiscard]] std::string_view name(ForecastKind kind);
[[nodiscard]] std::optional<ForecastKind> forecast_kind(std::string_view text);

/// A forecast as its model makes it, before the errors of its kind have been counted in.
struct Expectation {
  UtcTime eta = {};
  double spread_s = 0.0;
  ForecastKind kind = ForecastKind::accepted;

  /// What `happened` means for ForecastErrors.
  [[nodiscard]] double error(UtcTime happened) const;
};

/// What past orders have taught: all from the journal, so that a restart forgets nothing.
struct Learned {
  StageFilters stages = {};
  std::map<ForecastKind, ForecastErrors> errors = {};

  /// The interval that the errors of its kind give an expectation; nothing in it lies before `now`.
  [[nodiscard]] EtaDistribution interval(const Expectation& expected, UtcTime now) const;
};

}  // namespace swiftlet::dispatch
