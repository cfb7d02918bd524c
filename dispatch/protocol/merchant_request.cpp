#include "dispatch/protocol/merchant_request.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "dispatch/protocol/object_reader.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxNameBytes = 128;
constexpr std::size_t kMaxNoteBytes = 2000;
constexpr std::int64_t kMaxPage = 200;
constexpr double kMaxParcel_kg = 1000.0;
constexpr double kMaxParcel_m = 10.0;
constexpr auto kMaxSeq = static_cast<std::int64_t>(1) << 53;  // beyond it JSON numbers are not exact everywhere

DeliveryWish read_wish(ObjectReader& body, ObjectReader::Fault& fault) {
  DeliveryWish wish;
  wish.pickup = read_stop(body.object("pickup"), body.path_of("pickup"), fault);
  wish.dropoff = read_stop(body.object("dropoff"), body.path_of("dropoff"), fault);
  wish.parcel = read_parcel(body.object("parcel"), body.path_of("parcel"), fault);
  wish.ready_at = body.optional_time("ready_at");
  wish.deliver_by = body.optional_time("deliver_by");
  if (wish.ready_at && wish.deliver_by && *wish.deliver_by <= *wish.ready_at) {
    body.refuse(ErrorCode::time_invalid, "deliver_by is not after ready_at", "deliver_by");
  }
  return wish;
}

/// Cursors are numbers dressed as text: opaque to clients.
std::uint64_t read_cursor(ObjectReader& body) {
  const auto text = body.optional_text("cursor", 20);
  if (!text) return 0;
  std::uint64_t value = 0;
  const auto [end, ec] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (ec != std::errc() || end != text->data() + text->size()) {
    body.refuse(ErrorCode::bad_request, "not a cursor that this service gave out", "cursor");
  }
  return value;
}

std::size_t read_limit(ObjectReader& body) {
  return static_cast<std::size_t>(body.optional_integer("limit", 1, kMaxPage).value_or(kMaxPage));
}

MerchantRequest read_get(ObjectReader& body) {
  OrderGetRequest request{.order_id = body.optional_text("order_id", kMaxNameBytes).value_or(""),
                          .client_order_id = body.optional_text("client_order_id", kMaxNameBytes).value_or("")};
  if (request.order_id.empty() == request.client_order_id.empty()) {
    body.refuse(ErrorCode::bad_request, "exactly one of order_id and client_order_id", "order_id");
  }
  return request;
}

MerchantRequest read_list(ObjectReader& body) {
  OrderListRequest request;
  if (body.has("states")) {
    for (const json& state : body.array("states", kOrderStates)) {
      const auto known = state.is_string() ? order_state(state.get<std::string>()) : std::nullopt;
      if (known) {
        request.states.push_back(*known);
      } else {
        body.refuse(ErrorCode::bad_request, fmt::format("{} is no state of an order", state.dump()), "states");
      }
    }
  } else {
    (void)body.optional_text("states", 1);
  }
  request.from = body.optional_time("from");
  request.to = body.optional_time("to");
  request.limit = read_limit(body);
  request.after = read_cursor(body);
  return request;
}

MerchantRequest read_create(ObjectReader& body, ObjectReader::Fault& fault) {
  CreateOrderRequest request;
  request.client_order_id = body.text("client_order_id", kMaxNameBytes);
  request.quote_id = body.optional_text("quote_id", kMaxNameBytes);
  request.wish = read_wish(body, fault);
  request.priority = static_cast<int>(body.optional_integer("priority", 0, 9).value_or(5));
  if (body.has("note")) {
    request.note = body.text("note", kMaxNoteBytes, 0);
  } else {
    (void)body.optional_text("note", kMaxNoteBytes);
  }
  return request;
}

MerchantRequest read_body(const std::string& type, ObjectReader& body, ObjectReader::Fault& fault) {
  if (type == "hello") return HelloRequest{};
  if (type == "pads.list") return PadsListRequest{.limit = read_limit(body), .after = read_cursor(body)};
  if (type == "quote") return QuoteRequest{.wish = read_wish(body, fault)};
  if (type == "order.create") return read_create(body, fault);
  if (type == "order.ready") {
    return OrderReadyRequest{.order_id = body.text("order_id", kMaxNameBytes), .ready_at = body.time("ready_at")};
  }
  if (type == "order.get") return read_get(body);
  if (type == "order.list") return read_list(body);
  if (type == "order.cancel") {
    return OrderCancelRequest{.order_id = body.text("order_id", kMaxNameBytes),
                              .reason = body.text("reason", kMaxNameBytes)};
  }
  if (type == "subscribe") {
    const auto from_seq = body.optional_integer("from_seq", 1, kMaxSeq);
    return SubscribeRequest{.from_seq = from_seq ? std::optional(static_cast<std::uint64_t>(*from_seq)) : std::nullopt};
  }
  if (!fault) {
    fault = Error{.code = ErrorCode::unknown_type,
                  .message = fmt::format("\"{}\" is no request; known are hello, pads.list, quote, order.create, "
                                         "order.ready, order.get, order.list, order.cancel, subscribe",
                                         type),
                  .where = "type"};
  }
  return HelloRequest{};
}

json optional_or_null(const std::optional<double>& value) { return value ? json(*value) : json(nullptr); }

json optional_or_null(const std::optional<UtcTime>& value) {
  return value ? json(format_rfc3339(*value)) : json(nullptr);
}

}  // namespace

double Parcel::longest_edge_m() const {
  return std::max({length_m.value_or(0.0), width_m.value_or(0.0), height_m.value_or(0.0)});
}

Stop read_stop(const json& value, const std::string& path, std::optional<Error>& fault) {
  ObjectReader reader(value, path, fault);
  Stop stop;
  if (const auto pad = reader.optional_text("pad", kMaxNameBytes)) stop.pad = *pad;
  if (reader.has("lon") || reader.has("lat")) {
    stop.at = LonLat{.lon_deg = reader.number("lon", -180.0, 180.0), .lat_deg = reader.number("lat", -90.0, 90.0)};
  }
  if (stop.pad.empty() != stop.at.has_value()) {
    reader.refuse(ErrorCode::bad_request, "either a pad, or lon and lat", "pad");
  }
  reader.finish();
  return stop;
}

Parcel read_parcel(const json& value, const std::string& path, std::optional<Error>& fault) {
  ObjectReader reader(value, path, fault);
  Parcel parcel;
  parcel.mass_kg = reader.number("mass_kg", 0.0, kMaxParcel_kg);
  if (parcel.mass_kg <= 0.0) reader.refuse(ErrorCode::bad_request, "a parcel weighs more than nothing", "mass_kg");
  parcel.length_m = reader.optional_number("length_m", 0.0, kMaxParcel_m);
  parcel.width_m = reader.optional_number("width_m", 0.0, kMaxParcel_m);
  parcel.height_m = reader.optional_number("height_m", 0.0, kMaxParcel_m);
  reader.finish();
  return parcel;
}

Expected<MerchantRequest> parse_merchant_request(const std::string& type, const json& body) {
  ObjectReader::Fault fault;
  ObjectReader reader(body, "", fault);
  MerchantRequest request = read_body(type, reader, fault);
  if (!fault || fault->code != ErrorCode::unknown_type) reader.finish();
  if (fault) return Unexpected(*fault);
  return request;
}

json to_json(const Stop& stop) {
  if (!stop.pad.empty()) return {{"pad", stop.pad}};
  return {{"lon", stop.at->lon_deg}, {"lat", stop.at->lat_deg}};
}

json to_json(const Parcel& parcel) {
  json out{{"mass_kg", parcel.mass_kg}};
  if (parcel.length_m) out["length_m"] = *parcel.length_m;
  if (parcel.width_m) out["width_m"] = *parcel.width_m;
  if (parcel.height_m) out["height_m"] = *parcel.height_m;
  return out;
}

json to_json(const CreateOrderRequest& request) {
  const Parcel& parcel = request.wish.parcel;
  return {{"client_order_id", request.client_order_id},
          {"quote_id", request.quote_id ? json(*request.quote_id) : json(nullptr)},
          {"pickup", to_json(request.wish.pickup)},
          {"dropoff", to_json(request.wish.dropoff)},
          {"parcel",
           {{"mass_kg", parcel.mass_kg},
            {"length_m", optional_or_null(parcel.length_m)},
            {"width_m", optional_or_null(parcel.width_m)},
            {"height_m", optional_or_null(parcel.height_m)}}},
          {"ready_at", optional_or_null(request.wish.ready_at)},
          {"deliver_by", optional_or_null(request.wish.deliver_by)},
          {"priority", request.priority},
          {"note", request.note}};
}

}  // namespace swiftlet::dispatch
