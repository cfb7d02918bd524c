#include <fmt/format.h>

#include "dispatch/gateway/gateway_desk.hpp"
#include "dispatch/gateway/map_layers.hpp"
#include "dispatch/gateway/route_profile.hpp"
#include "dispatch/gateway/track_reader.hpp"
#include "dispatch/protocol/strict_json.hpp"
#include "planner/route_json.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr auto kSilentService = std::chrono::seconds(5);

void secure(HttpReply& reply) {
  reply.headers.emplace_back(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
      "worker-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
      "frame-ancestors 'none'");
  reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
  reply.headers.emplace_back("X-Frame-Options", "DENY");
  reply.headers.emplace_back("Referrer-Policy", "no-referrer");
  reply.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  reply.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
}

bool has_cache_rule(const HttpReply& reply) {
  for (const auto& [name, value] : reply.headers) {
    if (name == "Cache-Control") return true;
  }
  return false;
}

/// The profile of a route as the planner writes it; empty where it has none.
json profile_of(const geo::AirspacePtr& airspace, const std::string& text) {
  const auto route = planner::parse_route(text);
  return route ? route_profile(airspace, *route) : json::array();
}

/// A planned route with its profile, and with those of its alternatives in their order.
std::string with_profiles(const geo::AirspacePtr& airspace, const std::string& text) {
  json profile = json::array();
  json others = json::array();
  try {
    profile = profile_of(airspace, text);
    const json told = json::parse(text);
    for (const json& other : told.value("alternatives", json::array()))
      others.push_back(profile_of(airspace, to_wire(other)));
  } catch (const std::exception&) {  // a damaged airspace: the routes stand, their pictures cannot be drawn
    profile = others = json::array();
  }
  return fmt::format("{{\"route\":{},\"profile\":{},\"alternative_profiles\":{}}}", text, to_wire(profile),
                     to_wire(others));
}

HttpReply not_found() { return refusal({.code = ErrorCode::not_found, .message = "nothing is served here"}); }

}  // namespace

bool GatewayDesk::host_is_ours(const HttpRequest& request, bool must_state_origin) const {
  if (options_.public_name()) return is_same_origin(request, {}, must_state_origin);
  std::vector<std::string> hosts;
  for (const char* host : {"127.0.0.1", "localhost", "[::1]", options_.address.c_str()})
    hosts.push_back(fmt::format("{}:{}", host, options_.port));
  return is_same_origin(request, hosts, must_state_origin);
}

void GatewayDesk::handle(const HttpRequest& request, Respond respond) {
  route(request, [this, respond = std::move(respond)](HttpReply reply) {
    ++replies_by_class_[fmt::format("{}xx", reply.status / 100)];
    if (!has_cache_rule(reply)) reply.headers.emplace_back("Cache-Control", "no-store");
    secure(reply);
    respond(std::move(reply));
  });
}

tl::expected<std::string, HttpReply> GatewayDesk::admit_socket(const HttpRequest& request) {
  const auto refuse = [](const Error& error) {
    HttpReply reply = refusal(error);
    secure(reply);
    return tl::unexpected(std::move(reply));
  };
  if (request.path != "/ws") return refuse({.code = ErrorCode::not_found, .message = "the socket is at /ws"});
  if (!host_is_ours(request, true))
    return refuse({.code = ErrorCode::forbidden, .message = "the page comes from elsewhere", .where = "Origin"});
  const Session* session = sessions_.find(request, Clock::now());
  if (session == nullptr) return refuse({.code = ErrorCode::unauthorized, .message = "log in first"});
  return session->token;
}

void GatewayDesk::route(const HttpRequest& request, const Respond& respond) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads && request.method != "POST") return respond(wrong_method("GET, HEAD, POST"));
  if (!host_is_ours(request, false)) {
    return respond(
        refusal({.code = ErrorCode::forbidden, .message = "the page comes from elsewhere", .where = "Origin"}));
  }
  if (request.path == "/healthz") return respond(reads ? health() : wrong_method("GET, HEAD"));
  if (request.path == "/metrics")
    return respond(reads ? text_reply(200, "text/plain; version=0.0.4; charset=utf-8", metrics())
                         : wrong_method("GET, HEAD"));
  if (!request.path.starts_with("/api/")) {
    if (!reads) return respond(wrong_method("GET, HEAD"));
    if (auto page = page_.find(request)) return respond(std::move(*page));
    if (request.path == "/" && page_.empty()) {
      return respond(text_reply(503, "text/plain; charset=utf-8",
                                "The console has not been built; tools/build-console does it.\n"));
    }
    return respond(not_found());
  }
  if (request.path == "/api/v1/login") return reads ? respond(wrong_method("POST")) : log_in(request, respond);
  const Session* session = sessions_.find(request, Clock::now());
  if (session == nullptr) {
    return respond(refusal({.code = ErrorCode::unauthorized, .message = "log in first"}));
  }
  if (!reads && request.header("x-csrf-token") != session->csrf) {
    return respond(refusal({.code = ErrorCode::forbidden,
                            .message = "the token that came with the log-in is missing or wrong",
                            .where = "X-CSRF-Token"}));
  }
  const std::string kVersion = "/api/v1/";
  if (!request.path.starts_with(kVersion)) return respond(not_found());
  route_api(request, request.path.substr(kVersion.size()), *session, respond);
}

void GatewayDesk::route_api(const HttpRequest& request, const std::string& path, const Session& session,
                            const Respond& respond) {
  if (request.method == "POST") {
    if (path == "commands") return command(request, session, respond);
    if (path == "logout") return log_out(session, respond);
    if (path == "plan") return plan(request, session, respond);
    return respond(not_found());
  }
  for (const char* section : {"drones", "orders", "pads", "alerts", "zones", "flights"}) {
    if (path == section) return send_section(section, respond);
  }
  if (path == "session") return respond(session_reply(session));
  if (path == "map")
    return send_layer(
        map_, "application/json", [airspace = airspace_] { return map_json(*airspace); }, respond);
  if (path == "map/relief.png")
    return send_layer(
        relief_, "image/png", [airspace = airspace_] { return relief_png(*airspace); }, respond);
  if (path == "tracks") return send_tracks(request.query, respond);
  const std::size_t slash = path.find('/');
  const std::string kind = path.substr(0, slash);
  const std::string id = slash == std::string::npos ? "" : path.substr(slash + 1);
  const std::string kExplain = "/explain";
  if (kind == "flights" && id.ends_with(kExplain))
    return ask_service("explain", session.account, {{"flight_id", id.substr(0, id.size() - kExplain.size())}}, respond);
  if (kind == "orders" && id.ends_with("/history"))
    return ask_service("history", session.account, {{"order_id", id.substr(0, id.size() - 8)}}, respond);
  if (kind == "orders" && id.ends_with("/note"))
    return ask_service("note", session.account, {{"order_id", id.substr(0, id.size() - 5)}}, respond);
  if (kind == "orders" || kind == "drones" || kind == "flights" || kind == "pads") {
    const std::string* thing = board_.find(kind, id);
    return respond(thing != nullptr ? json_reply(200, *thing) : not_found());
  }
  respond(not_found());
}

void GatewayDesk::send_section(const std::string& section, const Respond& respond) const {
  respond(json_reply(200, fmt::format("{{\"seq\":{},\"at\":\"{}\",\"{}\":{}}}", board_.seq(),
                                      format_rfc3339(board_.at()), section, board_.list(section))));
}

void GatewayDesk::send_layer(Layer& layer, const std::string& content_type, std::function<std::string()> make,
                             const Respond& respond) {
  const auto give = [content_type](const Respond& to, const std::shared_ptr<const std::string>& content) {
    HttpReply reply{.status = 200, .content_type = content_type, .body = content};
    reply.headers.emplace_back("Cache-Control", "private, no-cache");
    to(std::move(reply));
  };
  if (layer.airspace_hash != airspace_->hash) layer.content = nullptr;  // a zone has come or gone since
  if (layer.content) return give(respond, layer.content);
  layer.waiting.push_back(respond);
  if (layer.waiting.size() > 1) return;
  layer.airspace_hash = airspace_->hash;
  const bool taken = server_.post_aside(Aside::work, [this, &layer, give, make = std::move(make)] {
    std::shared_ptr<const std::string> content;
    try {
      content = std::make_shared<const std::string>(make());
    } catch (const std::exception&) {  // a damaged airspace: told to those who ask, not hidden
    }
    server_.post([&layer, give, content] {
      layer.content = content;
      for (const Respond& one : std::exchange(layer.waiting, {})) {
        if (content) {
          give(one, content);
        } else {
          one(refusal({.code = ErrorCode::airspace_damaged, .message = "the airspace cannot be read"}));
        }
      }
    });
  });
  if (taken) return;
  for (const Respond& one : std::exchange(layer.waiting, {}))
    one(refusal({.code = ErrorCode::overloaded, .message = "too much at once; try again"}));
}

void GatewayDesk::plan(const HttpRequest& request, const Session& session, const Respond& respond) {
  const auto body = parse_strict_json(request.body);
  if (!body) return respond(refusal(body.error()));
  ask_service("plan", session.account, {{"request", request.body}}, [this, respond](HttpReply reply) {
    if (reply.status != 200) return respond(std::move(reply));
    const bool taken = server_.post_aside(Aside::work, [this, airspace = airspace_, text = reply.body, respond] {
      server_.post([told = with_profiles(airspace, *text), respond] { respond(json_reply(200, told)); });
    });
    if (!taken) respond(refusal({.code = ErrorCode::overloaded, .message = "too much at once; try again"}));
  });
}

void GatewayDesk::send_tracks(const std::string& query, const Respond& respond) {
  const auto value_of = [&query](const std::string& name) {
    const std::size_t at = ("&" + query).find("&" + name + "=");
    if (at == std::string::npos) return std::string();
    const std::size_t start = at + name.size() + 1;
    return query.substr(start, query.find('&', start) - start);
  };
  const auto from = parse_rfc3339(value_of("from"));
  const auto to = parse_rfc3339(value_of("to"));
  if (!from || !to) return respond(refusal((from ? to : from).error()));
  const bool taken =
      server_.post_aside(Aside::work, [this, dir = options_.tracks_dir, from = *from, to = *to, respond] {
        auto tracks = read_tracks(dir, from, to);
        server_.post([tracks = std::move(tracks), respond] {
          respond(tracks ? json_reply(200, *tracks) : refusal(tracks.error()));
        });
      });
  if (!taken) respond(refusal({.code = ErrorCode::overloaded, .message = "too much at once; try again"}));
}

HttpReply GatewayDesk::health() const {
  const auto silent = Clock::now() - published_at_;
  const bool well = published_at_ != SteadyTime{} && silent < kSilentService;
  return json_reply(well ? 200 : 503,
                    to_wire({{"ok", well}, {"seq", board_.seq()}, {"service_time", format_rfc3339(board_.at())}}));
}

std::string GatewayDesk::metrics() const {
  std::map<std::string, int> drones;
  std::map<std::string, int> orders;
  const auto count = [this](const char* section, const char* field, std::map<std::string, int>& into) {
    for (const json& thing : json::parse(board_.list(section))) ++into[thing.at(field).get<std::string>()];
  };
  count("drones", "state", drones);
  count("orders", "state", orders);
  std::string out;
  const auto head = [&out](const char* name, const char* type, const char* help) {
    out += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
  };
  head("swiftlet_drones", "gauge", "Drones by state.");
  for (const auto& [state, n] : drones) out += fmt::format("swiftlet_drones{{state=\"{}\"}} {}\n", state, n);
  head("swiftlet_orders", "gauge", "Orders by state: live ones, and those that ended within the last hour.");
  for (const auto& [state, n] : orders) out += fmt::format("swiftlet_orders{{state=\"{}\"}} {}\n", state, n);
  head("swiftlet_alerts", "gauge", "Alerts that stand.");
  out += fmt::format("swiftlet_alerts {}\n", alerts_.standing());
  head("swiftlet_console_sockets", "gauge", "Pages that follow live.");
  out += fmt::format("swiftlet_console_sockets {}\n", server_.socket_count());
  head("swiftlet_http_replies_total", "counter", "HTTP replies by class of status.");
  for (const auto& [status, n] : replies_by_class_)
    out += fmt::format("swiftlet_http_replies_total{{status=\"{}\"}} {}\n", status, n);
  if (!merchants_.http_replies.empty()) {
    head("swiftlet_merchant_http_replies_total", "counter", "Replies of the merchants' HTTP door by class of status.");
    for (const auto& [status, n] : merchants_.http_replies)
      out += fmt::format("swiftlet_merchant_http_replies_total{{status=\"{}\"}} {}\n", status, n);
  }
  if (!merchants_.webhooks.empty()) {
    head("swiftlet_webhook_undelivered", "gauge", "Events that a merchant's webhook has not taken yet.");
    for (const WebhookPicture& w : merchants_.webhooks)
      out += fmt::format("swiftlet_webhook_undelivered{{merchant=\"{}\"}} {}\n", w.merchant, w.undelivered);
    head("swiftlet_webhook_failures_total", "counter", "Attempts that a merchant's webhook did not answer 2xx.");
    for (const WebhookPicture& w : merchants_.webhooks)
      out += fmt::format("swiftlet_webhook_failures_total{{merchant=\"{}\"}} {}\n", w.merchant, w.failures);
  }
  head("swiftlet_commands_total", "counter", "Commands given at the console.");
  out += fmt::format("swiftlet_commands_total {}\n", commands_);
  head("swiftlet_picture_seq", "counter", "Pictures published to the console.");
  out += fmt::format("swiftlet_picture_seq {}\n", board_.seq());
  return out;
}

}  // namespace swiftlet::dispatch
