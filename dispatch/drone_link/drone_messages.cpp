#include "dispatch/drone_link/drone_messages.hpp"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "planner/route_json.hpp"

namespace swiftlet::drone_link {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value, double steps) { return std::round(value * steps) / steps; }
double degrees(double value) { return rounded(value, 1e8); }
double milli(double value) { return rounded(value, 1e3); }

Json position_json(const std::optional<GeoPoint>& p) {
  if (!p) return {{"lon", nullptr}, {"lat", nullptr}, {"alt_msl_m", nullptr}};
  return {{"lon", degrees(p->lon_deg)}, {"lat", degrees(p->lat_deg)}, {"alt_msl_m", milli(p->alt_msl_m)}};
}

std::string_view type_of(const DroneHello&) { return "drone.hello"; }
std::string_view type_of(const MissionAck&) { return "mission.ack"; }
std::string_view type_of(const CommandAck&) { return "command.ack"; }
std::string_view type_of(const Telemetry&) { return "telemetry"; }
std::string_view type_of(const DroneEvent&) { return "event"; }

Json body_of(const DroneHello& hello) {
  Json body{{"profile", hello.profile}};
  body.update(position_json(hello.position));
  body["battery_wh"] = milli(hello.battery_wh);
  if (!hello.flight_id.empty()) body["flight_id"] = hello.flight_id;
  if (hello.mission_no) body["mission_no"] = *hello.mission_no;
  body["last_command_seq"] = hello.last_command_seq;
  if (!hello.drone.empty()) body["drone"] = hello.drone;
  return body;
}

Json body_of(const MissionAck& ack) {
  Json body{{"mission_no", ack.mission_no}, {"accepted", ack.accepted}};
  if (!ack.accepted) body["reason"] = ack.reason;
  return body;
}

Json body_of(const CommandAck& ack) {
  Json body{{"command_seq", ack.command_seq}, {"accepted", ack.accepted}};
  if (!ack.accepted) body["reason"] = ack.reason;
  return body;
}

Json body_of(const Telemetry& t) {
  Json body{{"n", t.n}, {"at", format_rfc3339(t.at)}};
  body.update(position_json(t.position));
  body["v_e_m_s"] = milli(t.v_e_m_s);
  body["v_n_m_s"] = milli(t.v_n_m_s);
  body["v_u_m_s"] = milli(t.v_u_m_s);
  body["battery_wh"] = milli(t.battery_wh);
  body["phase"] = t.phase;
  body["mission_no"] = t.mission_no;
  body["payload_kg"] = milli(t.payload_kg);
  if (!t.control.empty()) body["control"] = t.control;
  if (t.battery_age_s > 0.0) body["battery_age_s"] = milli(t.battery_age_s);
  if (!t.warning.empty()) body["warning"] = t.warning;
  return body;
}

Json body_of(const DroneEvent& event) {
  Json body{{"event_no", event.event_no}, {"kind", event.kind}, {"at", format_rfc3339(event.at)}};
  if (!event.fault.empty()) {
    body["detail"] = event.fault;
  } else {
    body["detail"] = {{"mission_no", event.mission_no}, {"payload_kg", milli(event.payload_kg)}};
  }
  return body;
}

/// Reads one field of a body; the first one that is missing or of another type is kept as the error.
class Fields {
 public:
  explicit Fields(const Json& body) : body_(body) {}

  std::int64_t integer(const char* field) {
    const auto it = body_.find(field);
    if (it != body_.end() && it->is_number_integer()) return it->get<std::int64_t>();
    complain(field, "an integer");
    return 0;
  }
  double number(const char* field) {
    const auto it = body_.find(field);
    if (it != body_.end() && it->is_number()) return it->get<double>();
    complain(field, "a number");
    return 0.0;
  }
  std::string text(const char* field) {
    const auto it = body_.find(field);
    if (it != body_.end() && it->is_string()) return it->get<std::string>();
    complain(field, "a string");
    return {};
  }
  UtcTime time(const char* field) {
    if (const auto instant = parse_rfc3339(text(field))) return *instant;
    complain(field, "an RFC 3339 instant");
    return {};
  }
  const Json* object(const char* field) {
    const auto it = body_.find(field);
    if (it != body_.end() && it->is_object()) return &*it;
    complain(field, "an object");
    return nullptr;
  }
  /// A route's own error says what of it is wrong.
  planner::Route route(const char* field) {
    const Json* text = object(field);
    if (text == nullptr) return {};
    auto parsed = planner::parse_route(text->dump());
    if (parsed) return std::move(*parsed);
    if (!error_) error_ = parsed.error();
    return {};
  }
  [[nodiscard]] bool has(const char* field) const {
    const auto it = body_.find(field);
    return it != body_.end() && !it->is_null();
  }
  void complain(const char* field, const char* wanted) {
    if (!error_) error_ = Error{ErrorCode::bad_request, fmt::format("should be {}", wanted), field};
  }

  template <class Message>
  [[nodiscard]] Expected<ServiceMessage> finish(Message message) const {
    if (error_) return Unexpected(*error_);
    return ServiceMessage(std::move(message));
  }

 private:
  const Json& body_;
  std::optional<Error> error_;
};

Expected<ServiceMessage> decode_hello_reply(const Json& body) {
  Fields fields(body);
  HelloReply reply;
  reply.drone = fields.text("drone");
  reply.epoch = fields.integer("epoch");
  reply.time = fields.time("time");
  reply.speed = fields.number("speed");
  if (!(reply.speed > 0.0)) fields.complain("speed", "above 0");
  if (fields.has("home")) {
    if (const Json* home = fields.object("home")) {
      Fields at(*home);
      reply.home = GeoPoint{at.number("lon"), at.number("lat"), at.number("alt_msl_m")};
      if (!at.finish(HelloReply{})) fields.complain("home", R"({"lon","lat","alt_msl_m"} in numbers)");
    }
  }
  return fields.finish(std::move(reply));
}

std::optional<Purpose> purpose_named(std::string_view name) {
  if (name == "pickup") return Purpose::pickup;
  if (name == "deliver") return Purpose::deliver;
  if (name == "home" || name == "bring_back") return Purpose::home;
  if (name == "divert") return Purpose::stand;
  return std::nullopt;
}

Expected<ServiceMessage> decode_mission(const Json& body) {
  Fields fields(body);
  Mission mission;
  mission.epoch = fields.integer("epoch");
  mission.mission_no = fields.integer("mission_no");
  mission.flight_id = fields.text("flight_id");
  mission.route_hash = fields.text("route_hash");
  // Added fields, which a service may leave out; the drone then goes by where it lands and what it carries.
  if (fields.has("purpose")) mission.purpose = purpose_named(fields.text("purpose"));
  if (fields.has("parcel_kg")) mission.parcel_kg = fields.number("parcel_kg");
  if (fields.has("ready_at")) mission.ready_at = fields.time("ready_at");
  mission.route = fields.route("route");
  return fields.finish(std::move(mission));
}

Expected<ServiceMessage> decode_command(const Json& body) {
  Fields fields(body);
  Command command;
  command.epoch = fields.integer("epoch");
  command.command_seq = fields.integer("command_seq");
  command.verb = fields.text("verb");
  const Json* args = fields.has("args") ? fields.object("args") : nullptr;
  if (args == nullptr || !args->contains("route")) return fields.finish(std::move(command));
  Fields of_route(*args);
  command.route = of_route.route("route");
  if (of_route.has("route_hash")) command.route_hash = of_route.text("route_hash");  // without one the drone says no
  const auto read = of_route.finish(EventAck{});
  return read ? fields.finish(std::move(command)) : read;
}

Expected<ServiceMessage> decode_reply(const Json& frame) {
  Fields fields(frame);
  const auto ok = frame.find("ok");
  if (ok == frame.end() || !ok->is_boolean()) return fail(ErrorCode::bad_request, "should be true or false", "ok");
  if (*ok) {
    const Json* body = fields.object("body");
    return body != nullptr ? decode_hello_reply(*body) : fields.finish(Refusal{});
  }
  Refusal refusal;
  if (const Json* error = fields.object("error")) {
    Fields of_error(*error);
    refusal = {.code = of_error.text("code"), .message = error->value("message", "")};
  }
  return fields.finish(std::move(refusal));
}

}  // namespace

std::string_view name(Purpose purpose) {
  switch (purpose) {
    case Purpose::pickup:
      return "pickup";
    case Purpose::deliver:
      return "deliver";
    case Purpose::home:
      return "home";
    case Purpose::stand:
      break;
  }
  return "divert";
}

std::string encode(const DroneMessage& message, std::string_view id) {
  const auto frame = [id](const auto& one) {
    return Json{{"v", 1}, {"type", type_of(one)}, {"id", id}, {"body", body_of(one)}};
  };
  return std::visit(frame, message).dump();
}

Expected<ServiceMessage> decode(std::string_view text) {
  const Json frame = Json::parse(text, nullptr, false);
  if (frame.is_discarded() || !frame.is_object()) return fail(ErrorCode::bad_json, "a frame should be one JSON object");
  Fields fields(frame);
  if (frame.value("v", Json()) != 1) return fail(ErrorCode::unsupported_version, "should be 1", "v");
  const std::string type = fields.text("type");
  if (type == "reply") return decode_reply(frame);
  const Json* body = fields.object("body");
  if (body == nullptr) return fields.finish(Refusal{});
  Fields of_body(*body);
  if (type == "mission") return decode_mission(*body);
  if (type == "command") return decode_command(*body);
  if (type == "event.ack") return of_body.finish(EventAck{of_body.integer("event_no")});
  return fail(ErrorCode::unknown_type, fmt::format("'{}' is no message to a drone", type), "type");
}

}  // namespace swiftlet::drone_link
