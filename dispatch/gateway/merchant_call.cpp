#include "dispatch/gateway/merchant_call.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "dispatch/gateway/url_text.hpp"
#include "dispatch/protocol/strict_json.hpp"
#include "geo/error_lookup.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

/// A path whose segment in braces is a field of the message's body.
struct Route {
  std::string_view method;
  std::string_view path;
  std::string_view type;
};

constexpr std::array kRoutes{
    Route{"GET", "/v1/hello", "hello"},
    Route{"GET", "/v1/pads", "pads.list"},
    Route{"POST", "/v1/quotes", "quote"},
    Route{"POST", "/v1/orders", "order.create"},
    Route{"GET", "/v1/orders", "order.list"},
    Route{"GET", "/v1/orders/{order_id}", "order.get"},
    Route{"GET", "/v1/client_orders/{client_order_id}", "order.get"},
    Route{"POST", "/v1/orders/{order_id}/ready", "order.ready"},
    Route{"POST", "/v1/orders/{order_id}/cancel", "order.cancel"},
    Route{"GET", "/v1/events", "subscribe"},
    Route{"GET", "/v1/stream", "subscribe"},
};

constexpr std::int64_t kMostEvents = 200;

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> all;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t to = std::min(path.find('/', from), path.size());
    all.push_back(path.substr(from, to - from));
    from = to + 1;
  }
  return all;
}

/// The fields that a path states; nothing if it is another path.
std::optional<json> fields_in(std::string_view pattern, std::string_view path) {
  const auto wanted = segments(pattern);
  const auto given = segments(path);
  if (wanted.size() != given.size()) return std::nullopt;
  json fields = json::object();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{')) {
      fields[std::string(wanted[i].substr(1, wanted[i].size() - 2))] = url_decoded(given[i]);
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
  return fields;
}

/// A parameter as the type that the message's field has; what cannot be read as such is left for the service to refuse.
json value_of(const std::string& name, const std::string& text) {
  if (name == "limit" || name == "from_seq") {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
  }
  if (name == "states") {
    json states = json::array();
    for (std::size_t from = 0; from <= text.size();) {
      const std::size_t to = std::min(text.find(',', from), text.size());
      states.push_back(text.substr(from, to - from));
      from = to + 1;
    }
    return states;
  }
  return text;
}

HttpReply bad_request(std::string message, std::string field) {
  return refusal({.code = ErrorCode::bad_request, .message = std::move(message), .where = std::move(field)});
}

/// Puts the query's parameters beside what the path has stated.
std::optional<HttpReply> add_query(const std::string& query, json& body) {
  for (const auto& [name, text] : url_parameters(query)) {
    if (body.contains(name)) return bad_request("stands twice", name);
    body[name] = value_of(name, text);
  }
  return std::nullopt;
}

std::optional<HttpReply> take_limit(json& body, std::size_t& most_events) {
  most_events = kMostEvents;
  const auto limit = body.find("limit");
  if (limit == body.end()) return std::nullopt;
  if (!limit->is_number_integer() || *limit < 1 || *limit > kMostEvents) return bad_request("from 1 to 200", "limit");
  most_events = limit->get<std::size_t>();
  body.erase(limit);
  return std::nullopt;
}

/// A browser's EventSource, and whoever does as it does, names the last event that it has heard when it comes again.
void go_on_from(const HttpRequest& request, json& body) {
  const std::string& last = request.header("last-event-id");
  if (last.empty()) return;
  const json seq = value_of("from_seq", last);
  const bool has_next = seq.is_number_integer() && seq.get<std::int64_t>() < std::numeric_limits<std::int64_t>::max();
  body["from_seq"] = has_next ? json(seq.get<std::int64_t>() + 1) : seq;
}

tl::expected<MerchantCall, HttpReply> call(const Route& route, json fields, const HttpRequest& request) {
  MerchantCall made;
  json body = std::move(fields);
  if (route.method == "GET") {
    if (!request.body.empty()) return tl::unexpected(bad_request("a GET has no body", ""));
    if (auto refused = add_query(request.query, body)) return tl::unexpected(std::move(*refused));
    made.streams = route.path == "/v1/stream" && request.method == "GET";
    if (made.streams) {
      go_on_from(request, body);
    } else if (route.type == "subscribe") {
      if (auto refused = take_limit(body, made.most_events)) return tl::unexpected(std::move(*refused));
    }
  } else {
    if (!request.query.empty()) return tl::unexpected(bad_request("a POST takes its fields in the body", ""));
    auto given = parse_strict_json(request.body);
    if (!given) {
      made.frame = request.body;
      return made;
    }
    if (given->is_object()) {
      for (const auto& [name, value] : body.items()) {
        if (given->contains(name) && given->at(name) != value)
          return tl::unexpected(bad_request("is another one than the path's", name));
        (*given)[name] = value;
      }
    }
    body = std::move(*given);
  }
  made.frame = to_wire({{"v", 1}, {"type", route.type}, {"id", "http"}, {"body", std::move(body)}});
  return made;
}

}  // namespace

tl::expected<MerchantCall, HttpReply> merchant_call(const HttpRequest& request) {
  const std::string_view method = request.method == "HEAD" ? "GET" : std::string_view(request.method);
  std::string allowed;
  for (const Route& route : kRoutes) {
    auto fields = fields_in(route.path, request.path);
    if (!fields) continue;
    if (route.method == method) return call(route, std::move(*fields), request);
    allowed += (allowed.empty() ? "" : ", ") + std::string(route.method == "GET" ? "GET, HEAD" : route.method);
  }
  if (!allowed.empty()) return tl::unexpected(wrong_method(allowed));
  return tl::unexpected(refusal({.code = ErrorCode::not_found, .message = "nothing is served here"}));
}

std::string server_sent_event(std::string_view type, const std::string& frame, std::uint64_t seq) {
  std::string text = "event: " + std::string(type) + "\n";
  if (seq > 0) text += "id: " + std::to_string(seq) + "\n";
  return text + "data: " + frame + "\n\n";
}

HttpReply merchant_answer(const std::string& frame, const std::string& events) {
  json told = json::parse(frame);
  if (told.at("ok").get<bool>()) {
    std::string body = to_wire(told.at("body"));
    if (!events.empty()) body.insert(body.size() - 1, ",\"events\":" + events);
    return json_reply(200, std::move(body));
  }
  const json& error = told.at("error");
  const ErrorCode code = error_code(error.at("code").get<std::string>()).value_or(ErrorCode::internal);
  HttpReply reply = json_reply(traits(code).http_status, to_wire({{"error", error}}));
  if (error.contains("retry_after_s")) {
    const auto seconds = static_cast<long>(std::ceil(error.at("retry_after_s").get<double>()));
    reply.headers.emplace_back("Retry-After", std::to_string(seconds));
  }
  return reply;
}

}  // namespace swiftlet::dispatch
