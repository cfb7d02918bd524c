#pragma once

#include <optional>
#include <vector>

#include "dispatch/core/fleet_outlook.hpp"

namespace swiftlet::dispatch {

/// What can be promised for a wish.
struct Offer {
  ExpectedPickup pickup = {};
  double occupied_s = 0.0;  ///< of the drone, from leaving home to being ready again
  Promise promise = {};
  Fee fee = {};
};

/// Exactly one of: an offer, a refusal, or neither while the planner still works on legs that it needs.
struct OfferAnswer {
  std::optional<Offer> offer = {};
  std::optional<Error> refusal = {};
  std::vector<NumberedLeg> waits_for = {};  ///< while neither is there
  [[nodiscard]] bool settled() const { return offer || refusal; }
};

/// Checks what needs no planner: pads that exist (not_found), times (time_invalid), the parcel (payload_too_heavy,
/// payload_too_large), a drone in service (no_drone_in_time).
[[nodiscard]] std::optional<Error> check_wish(const CoreContext& context, const DeliveryWish& wish);

/// What operators have closed to this merchant. Errors: merchant_paused, weather_hold, no_drone_in_time.
[[nodiscard]] std::optional<Error> check_gates(const CoreContext& context, const std::string& merchant);

/// The soonest delivery of which every leg is proven. Asks the planner for legs that are not known yet; the caller
/// comes again when they are.
[[nodiscard]] OfferAnswer make_offer(CoreContext& context, const FleetOutlook& outlook, const DeliveryWish& wish);

/// Nothing is promised for later than this.
inline constexpr auto kFarthestAhead = std::chrono::days(30);

/// A planner's refusal in the words that merchants' errors have.
[[nodiscard]] Error as_merchant_error(const Error& error);

}  // namespace swiftlet::dispatch
