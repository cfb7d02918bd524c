#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dispatch/protocol/order_state.hpp"
#include "geo/error.hpp"
#include "geo/utc_time.hpp"

namespace swiftlet::dispatch {

/// Where a parcel is picked up or dropped: a pad of the region, or a bare point.
struct Stop {
  std::string pad = {};  ///< empty for a bare point
  std::optional<LonLat> at = {};
  friend bool operator==(const Stop&, const Stop&) = default;
};

struct Parcel {
  double mass_kg = 0.0;
  std::optional<double> length_m = {};
  std::optional<double> width_m = {};
  std::optional<double> height_m = {};
  [[nodiscard]] double longest_edge_m() const;
  friend bool operator==(const Parcel&, const Parcel&) = default;
};

/// What a merchant wants carried, and when.
struct DeliveryWish {
  Stop pickup = {};
  Stop dropoff = {};
  Parcel parcel = {};
  std::optional<UtcTime> ready_at = {};
  std::optional<UtcTime> deliver_by = {};
  friend bool operator==(const DeliveryWish&, const DeliveryWish&) = default;
};

struct HelloRequest {};
struct PadsListRequest {
  std::size_t limit = 200;
  std::size_t after = 0;  ///< how many pads came before
};
struct QuoteRequest {
  DeliveryWish wish = {};
};
struct CreateOrderRequest {
  std::string client_order_id = {};
  std::optional<std::string> quote_id = {};
  DeliveryWish wish = {};
  int priority = 5;
  std::string note = {};  ///< personal
};
struct OrderReadyRequest {
  std::string order_id = {};
  UtcTime ready_at = {};
};
struct OrderGetRequest {
  std::string order_id = {};         ///< or
  std::string client_order_id = {};  ///< the merchant's own
};
struct OrderListRequest {
  std::vector<OrderState> states = {};  ///< empty: all
  std::optional<UtcTime> from = {};
  std::optional<UtcTime> to = {};
  std::size_t limit = 200;
  std::uint64_t after = 0;  ///< number of the last order seen
};
struct OrderCancelRequest {
  std::string order_id = {};
  std::string reason = {};
};
struct SubscribeRequest {
  std::optional<std::uint64_t> from_seq = {};
};

using MerchantRequest = std::variant<HelloRequest, PadsListRequest, QuoteRequest, CreateOrderRequest, OrderReadyRequest,
                                     OrderGetRequest, OrderListRequest, OrderCancelRequest, SubscribeRequest>;

/// Reads the body of a merchant's request into a checked value: finite, in range, no unknown field. Pads and orders
/// are not looked up. Errors: unknown_type, unknown_field, bad_request, time_invalid; each names the field.
[[nodiscard]] Expected<MerchantRequest> parse_merchant_request(const std::string& type, const nlohmann::json& body);

[[nodiscard]] nlohmann::json to_json(const Stop& stop);
[[nodiscard]] nlohmann::json to_json(const Parcel& parcel);
/// The whole request after defaults, so that two requests that mean the same are the same JSON.
[[nodiscard]] nlohmann::json to_json(const CreateOrderRequest& request);

[[nodiscard]] Stop read_stop(const nlohmann::json& value, const std::string& path, std::optional<Error>& fault);
[[nodiscard]] Parcel read_parcel(const nlohmann::json& value, const std::string& path, std::optional<Error>& fault);

}  // namespace swiftlet::dispatch
