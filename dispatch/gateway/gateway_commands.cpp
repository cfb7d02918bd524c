#include <fmt/core.h>
#include <algorithm>

#include "dispatch/gateway/gateway_desk.hpp"
#include "dispatch/protocol/object_reader.hpp"
#include "dispatch/protocol/strict_json.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

HttpReply done(const std::string& command_id) {
  return json_reply(200, to_wire({{"command_id", command_id}, {"effects", json::array()}, {"state", "done"}}));
}

}  // namespace

void GatewayDesk::command(const HttpRequest& request, const Session& session, const Respond& respond) {
  if (session.role != OperatorRole::operator_) {
    audit({{"event", "forbidden"}, {"account", session.account}, {"path", request.path}});
    return respond(refusal({.code = ErrorCode::forbidden, .message = "an observer cannot command"}));
  }
  const auto body = parse_strict_json(request.body);
  if (!body) return respond(refusal(body.error()));
  ObjectReader::Fault fault;
  ObjectReader reader(*body, "", fault);
  const std::string verb = reader.text("verb", 64);
  (void)reader.optional_text("target", 256);
  if (reader.has("args")) (void)reader.object("args");
  const bool preview = reader.has("preview") && reader.boolean("preview");
  reader.finish();
  if (fault) return respond(refusal(*fault));
  if (!verb.starts_with("control.") && !controller_.empty() && controller_ != session.account) {
    return respond(refusal({.code = ErrorCode::conflict,
                            .message = fmt::format("{} has control; take it before you command", controller_)}));
  }
  if (preview) return carry_out(*body, session, "", respond);

  const std::string& key = request.header("idempotency-key");
  const bool readable = std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (key.empty() || key.size() > 128 || !readable) {
    return respond(refusal({.code = ErrorCode::bad_request,
                            .message = "a command needs a key of 1 to 128 ASCII characters, so that it is done once",
                            .where = "Idempotency-Key"}));
  }
  const std::string full_key = session.account + " " + key;
  const auto [at, is_new] = keyed_.try_emplace(full_key, Keyed{.at = Clock::now(), .body = to_wire(*body)});
  Keyed& keyed = at->second;
  if (keyed.body != to_wire(*body)) {
    return respond(refusal({.code = ErrorCode::conflict,
                            .message = "another command was given under this key",
                            .where = "Idempotency-Key"}));
  }
  if (keyed.reply) return respond(*keyed.reply);
  keyed.waiting.push_back(respond);
  if (!is_new) return;
  ++commands_;
  const std::string& command_id = full_key;  // the core keeps the answer under it, across restarts
  audit({{"event", "command"}, {"account", session.account}, {"command_id", command_id}, {"command", *body}});
  carry_out(*body, session, command_id, [this, full_key, command_id, account = session.account](HttpReply reply) {
    audit({{"event", "result"},
           {"account", account},
           {"command_id", command_id},
           {"status", reply.status},
           {"answer", json::parse(reply.body ? *reply.body : "null", nullptr, false)}});
    const auto found = keyed_.find(full_key);
    if (found == keyed_.end()) return;
    const std::vector<Respond> waiting = std::exchange(found->second.waiting, {});
    for (const Respond& one : waiting) one(reply);
    // Refusals are not kept: what is refused now may go well the next time.
    if (reply.status < 400) {
      found->second.reply = std::move(reply);
    } else {
      keyed_.erase(found);
    }
  });
}

void GatewayDesk::carry_out(const json& body, const Session& session, const std::string& command_id,
                            const Respond& respond) {
  const std::string verb = body.at("verb");
  const auto given = body.find("target");
  const std::string target = given != body.end() && given->is_string() ? given->get<std::string>() : "";
  const bool preview = command_id.empty();
  if (verb.starts_with("control.")) {
    if (preview)
      return respond(
          json_reply(200, to_wire({{"command_id", nullptr}, {"effects", json::array()}, {"state", "preview"}})));
    return respond(control_command(verb, session, command_id));
  }
  if (verb.starts_with("alert.")) {
    if (preview)
      return respond(
          json_reply(200, to_wire({{"command_id", nullptr}, {"effects", json::array()}, {"state", "preview"}})));
    return respond(alert_command(verb, target, session, command_id));
  }
  json question = body;
  question["preview"] = preview;
  question["command_id"] = command_id;
  ask_service("command", session.account, std::move(question), respond);
}

HttpReply GatewayDesk::control_command(const std::string& verb, const Session& session, const std::string& command_id) {
  if (verb == "control.take") {
    controller_ = session.account;
  } else if (verb == "control.release") {
    if (controller_ != session.account)
      return refusal({.code = ErrorCode::conflict, .message = "it is not yours to release", .where = "verb"});
    controller_.clear();
  } else {
    return refusal(
        {.code = ErrorCode::bad_request, .message = "should be control.take or control.release", .where = "verb"});
  }
  controller_since_ = board_.at();
  publish_control();
  publish_board();
  return done(command_id);
}

HttpReply GatewayDesk::alert_command(const std::string& verb, const std::string& target, const Session& session,
                                     const std::string& command_id) {
  const auto taken = alerts_.take_step(target, std::string_view(verb).substr(6), session.account);
  if (!taken) return refusal(taken.error());
  board_.put("alerts", alerts_.to_json());
  publish_board();
  return done(command_id);
}

}  // namespace swiftlet::dispatch
