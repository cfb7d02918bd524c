#pragma once

#include <nlohmann/json.hpp>

#include "dispatch/core/fleet_picture.hpp"
#include "geo/airspace.hpp"

namespace swiftlet::dispatch {

// What the console is told of drones, orders, flights, pads and zones: WGS84 degrees, metres, RFC 3339 UTC.

[[nodiscard]] nlohmann::json console_json(const DronePicture& drone);
/// `risk`: how likely it is, by the ETA's own distribution, that the order comes later than it is due; 0 to 1.
[[nodiscard]] nlohmann::json console_json(const OrderPicture& order, UtcTime at);
/// An order's states, the first one first. Not part of the order: of hundreds, each told every second, one is looked
/// at.
[[nodiscard]] nlohmann::json console_json(const std::vector<OrderStep>& history);
/// With the route of the current leg: "route": [[lon, lat, alt_msl_m, t_s, height_agl_m], …].
[[nodiscard]] nlohmann::json console_json(const FlightPicture& flight);
[[nodiscard]] nlohmann::json console_json(const geo::Pad& pad, const PadPicture* seen);
/// One volume. `active` at that instant.
[[nodiscard]] nlohmann::json console_json(const geo::Geozone& zone, const geo::LocalFrame& frame, UtcTime at);

/// The wind that is planned with at an instant: at the region's centre, at the height above the ground it was measured.
[[nodiscard]] nlohmann::json console_json(const geo::WindField& wind, UtcTime at);

/// How likely an order is late, from 0 to 1.
[[nodiscard]] double risk_of_lateness(const OrderPicture& order, UtcTime at);

/// A state in words: ready, warning, not_ready, flying, landing, lost.
[[nodiscard]] std::string_view state_word(const DronePicture& drone);

[[nodiscard]] nlohmann::json rings_json(const geo::Polygon& polygon, const geo::LocalFrame& frame);

}  // namespace swiftlet::dispatch
