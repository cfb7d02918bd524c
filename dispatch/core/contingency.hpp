#pragma once

#include <optional>
#include <string>

#include "dispatch/core/core_context.hpp"

namespace swiftlet::dispatch {

/// What should become of a flight in the air because something is wrong.
struct Contingency {
  Steer steer = Steer::none;
  std::string cause = {};       ///< in the contract's words
  std::optional<Spot> to = {};  ///< of a diversion
};

/// The most severe of what calls for something: battery, the pad ahead, the route left behind. Nothing is wrong: none.
///
/// battery: below half the reserve on arrival, whatever is nearest is flown to, if that saves a fifth; below what the
/// nearest place needs, the drone lands where it is. Pad ahead closed: hold for the policy's hold_s, then another pad,
/// then home. Given back by a pilot or a failsafe, who has left it anywhere, or off route for a minute: a new proven
/// route from where it is.
[[nodiscard]] Contingency contingency_of(const CoreContext& context, const Flight& flight);

/// Steers every flight that something is wrong with, never to something milder than it has been told already, but for
/// a hold whose pad is open again; one that somebody else has in hand is left alone. Raises the alarms that go with it,
/// once each.
void watch_flights(CoreContext& context);

/// The nearest open pad with a free slot, other than where the flight goes and where its drone lives; nothing if there
/// is none.
[[nodiscard]] std::optional<Spot> alternate_for(const CoreContext& context, const Flight& flight);

}  // namespace swiftlet::dispatch
