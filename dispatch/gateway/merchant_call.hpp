#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dispatch/gateway/http_message.hpp"

namespace swiftlet::dispatch {

/// A merchant's HTTP request as the frame that it would have been over ZeroMQ: the service reads nothing else, so both
/// doors are validated, limited and answered by the same code.
///
///     POST /v1/orders/O000017/cancel {"reason":"x"}
///     {"v":1,"type":"order.cancel","id":"http","body":{"order_id":"O000017","reason":"x"}}
struct MerchantCall {
  std::string frame = {};
  std::size_t most_events = 0;  ///< of GET /v1/events, whose frame is `subscribe`; 0: no events are asked for
  bool streams = false;         ///< GET /v1/stream, whose frame is `subscribe` too
};

/// Translates a request. A body that is no JSON is passed on as it is, for the service to refuse as it does. The
/// refusal is one of HTTP's own: no such path (not_found), another method (405), `limit` of events.
[[nodiscard]] tl::expected<MerchantCall, HttpReply> merchant_call(const HttpRequest& request);

/// A frame as a server-sent event: its type, its `seq` (if it has one) as the id to go on from, itself as the data.
[[nodiscard]] std::string server_sent_event(std::string_view type, const std::string& frame, std::uint64_t seq = 0);

/// The HTTP reply to a service's reply frame: its body, or {"error":{…}} with the status of the table of errors and
/// Retry-After. `events`, if any, joins the body as it is: text of a JSON array.
[[nodiscard]] HttpReply merchant_answer(const std::string& frame, const std::string& events = {});

}  // namespace swiftlet::dispatch
