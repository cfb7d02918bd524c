#pragma once

// How the values of the ledger stand in the journal and under the state's hash. Included by the two sources that
// need it and by no header: it instantiates much.

#include <array>
#include <nlohmann/json.hpp>

#include "dispatch/core/record.hpp"
#include "dispatch/core/state.hpp"

namespace nlohmann {

template <class T>
struct adl_serializer<std::optional<T>> {
  static void to_json(json& out, const std::optional<T>& value) { out = value ? json(*value) : json(nullptr); }
  static void from_json(const json& in, std::optional<T>& value) {
    value = in.is_null() ? std::nullopt : std::optional<T>(in.get<T>());
  }
};

template <>
struct adl_serializer<swiftlet::UtcTime> {
  static void to_json(json& out, const swiftlet::UtcTime& value) { out = swiftlet::format_rfc3339(value); }
  static void from_json(const json& in, swiftlet::UtcTime& value) {
    const auto parsed = swiftlet::parse_rfc3339(in.get_ref<const std::string&>());
    if (!parsed) throw std::invalid_argument(parsed.error().message);
    value = *parsed;
  }
};

}  // namespace nlohmann

namespace swiftlet {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LonLat, lon_deg, lat_deg)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(GeoPoint, lon_deg, lat_deg, alt_msl_m)

}  // namespace swiftlet

namespace swiftlet::dispatch {

template <class Named, class Find>
void read_named(const nlohmann::json& in, Named& value, Find find) {
  const auto found = find(in.get_ref<const std::string&>());
  if (!found) throw std::invalid_argument("unknown name " + in.dump());
  value = *found;
}

inline std::optional<LegPurpose> leg_purpose(std::string_view text) {
  for (const auto purpose :
       {LegPurpose::pickup, LegPurpose::deliver, LegPurpose::bring_back, LegPurpose::home, LegPurpose::divert}) {
    if (name(purpose) == text) return purpose;
  }
  return std::nullopt;
}

inline std::optional<Steer> steer(std::string_view text) {
  for (const auto steer : {Steer::none, Steer::hold, Steer::reroute, Steer::home, Steer::divert, Steer::land}) {
    if (name(steer) == text) return steer;
  }
  return std::nullopt;
}

inline std::optional<DepartureGate> departure_gate(std::string_view text) {
  if (text == "weather_hold") return DepartureGate::weather_hold;
  if (text == "ground_stop") return DepartureGate::ground_stop;
  return std::nullopt;
}

inline void to_json(nlohmann::json& out, Steer value) { out = name(value); }
inline void from_json(const nlohmann::json& in, Steer& value) { read_named(in, value, steer); }
inline void to_json(nlohmann::json& out, DepartureGate value) {
  out = value == DepartureGate::weather_hold ? "weather_hold" : "ground_stop";
}
inline void from_json(const nlohmann::json& in, DepartureGate& value) { read_named(in, value, departure_gate); }
inline void to_json(nlohmann::json& out, OrderState value) { out = name(value); }
inline void from_json(const nlohmann::json& in, OrderState& value) { read_named(in, value, order_state); }
inline void to_json(nlohmann::json& out, LegPurpose value) { out = name(value); }
inline void from_json(const nlohmann::json& in, LegPurpose& value) { read_named(in, value, leg_purpose); }
inline void to_json(nlohmann::json& out, LegPhase value) { out = name(value); }
inline void to_json(nlohmann::json& out, DroneEventKind value) { out = name(value); }
inline void from_json(const nlohmann::json& in, DroneEventKind& value) { read_named(in, value, drone_event_kind); }

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Stop, pad, at)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Parcel, mass_kg, length_m, width_m, height_m)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DeliveryWish, pickup, dropoff, parcel, ready_at, deliver_by)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Spot, pad, slot, at)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(EtaDistribution, eta, p05, p10, p90, p95)
inline void to_json(nlohmann::json& out, ForecastKind value) { out = name(value); }
inline void from_json(const nlohmann::json& in, ForecastKind& value) { read_named(in, value, forecast_kind); }
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Expectation, eta, spread_s, kind)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Promise, pickup_eta, delivery, expected)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Fee, amount_minor, currency)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Quote, quote_id, merchant, wish, promise, fee, expires_at, used_by)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ZoneChange, zone_id, published)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Leg, purpose, from, to, payload_kg, duration_s, energy_wh, airborne_start)

}  // namespace swiftlet::dispatch
