#include "dispatch/core/operator_json.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <array>
#include <nlohmann/json.hpp>

#include "dispatch/protocol/object_reader.hpp"
#include "dispatch/protocol/strict_json.hpp"
#include "geo/content_hash.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 21> kVerbs{
    "hold",           "resume",          "return",      "land",        "divert",         "reassign",
    "cancel",         "recall",          "close_pad",   "open_pad",    "pause_merchant", "resume_merchant",
    "weather_hold",   "weather_clear",   "insert_zone", "remove_zone", "ground_stop",    "ground_resume",
    "withdraw_drone", "reinstate_drone", "erase_note"};

constexpr std::size_t kMaxName = 128;
constexpr std::size_t kMaxReason = 500;

bool needs_target(OperatorVerb verb) {
  using enum OperatorVerb;
  return verb != weather_hold && verb != weather_clear && verb != ground_stop && verb != ground_resume;
}

json line_of(const OperatorEffect& effect) {
  json line{{"kind", effect.kind}, {"id", effect.id}, {"from", effect.from}, {"to", effect.to}, {"text", effect.text}};
  if (!effect.merchant.empty()) line["merchant"] = effect.merchant;
  return line;
}

}  // namespace

std::string_view name(OperatorVerb verb) { return kVerbs.at(static_cast<std::size_t>(verb)); }

std::optional<OperatorVerb> operator_verb(std::string_view name) {
  for (std::size_t i = 0; i < kVerbs.size(); ++i) {
    if (kVerbs[i] == name) return static_cast<OperatorVerb>(i);
  }
  return std::nullopt;
}

Expected<OperatorRequest> parse_operator_request(const json& body) {
  ObjectReader::Fault fault;
  ObjectReader reader(body, "", fault);
  OperatorRequest request;
  OperatorCommand& command = request.command;
  const std::string verb = reader.text("verb", kMaxName);
  if (const auto known = operator_verb(verb)) {
    command.verb = *known;
  } else {
    reader.refuse(ErrorCode::bad_request,
                  fmt::format("\"{}\" is no command; known are {}", verb, fmt::join(kVerbs, ", ")), "verb");
  }
  command.target = reader.optional_text("target", kMaxName).value_or("");
  if (reader.has("preview")) request.preview = reader.boolean("preview");
  static const json kNone = json::object();
  ObjectReader args(reader.has("args") ? reader.object("args") : kNone, "args", fault);
  if (!reader.has("args")) (void)reader.optional_text("args", 1);
  if (!reader.has("preview")) (void)reader.optional_text("preview", 1);
  command.args.reason = args.optional_text("reason", kMaxReason).value_or("");
  command.args.pad = args.optional_text("pad", kMaxName).value_or("");
  command.args.drone = args.optional_text("drone", kMaxName).value_or("");
  if (args.has("zone")) {
    command.args.zone_document = to_wire(args.object("zone"));
  } else {
    (void)args.optional_text("zone", 1);
  }
  args.finish();
  reader.finish();
  if (!fault && needs_target(command.verb) && command.target.empty()) {
    reader.refuse(ErrorCode::bad_request, "says what the command is for", "target");
  }
  if (!fault && command.verb == OperatorVerb::divert && command.args.pad.empty()) {
    reader.refuse(ErrorCode::bad_request, "says where to", "args.pad");
  }
  if (!fault && command.verb == OperatorVerb::insert_zone && command.args.zone_document.empty()) {
    reader.refuse(ErrorCode::bad_request, "the zone as published", "args.zone");
  }
  if (fault) return Unexpected(*fault);
  return request;
}

json to_json(const OperatorResult& result) {
  json out{{"command_id", result.command_id}, {"state", result.state}, {"effects", json::array()}};
  for (const OperatorEffect& effect : result.effects) out["effects"].push_back(line_of(effect));
  if (result.error) {
    out["error"] = {{"code", name(result.error->code)},
                    {"message", result.error->message},
                    {"retryable", traits(result.error->code).retryable}};
    if (!result.error->where.empty()) out["error"]["field"] = result.error->where;
  }
  return out;
}

Expected<OperatorResult> parse_operator_result(const std::string& text) {
  try {
    const json in = json::parse(text);
    OperatorResult result{.command_id = in.at("command_id"), .state = in.at("state"), .effects = {}, .error = {}};
    for (const json& line : in.at("effects")) {
      result.effects.push_back({.kind = line.at("kind"),
                                .id = line.at("id"),
                                .from = line.at("from"),
                                .to = line.at("to"),
                                .text = line.at("text"),
                                .merchant = line.value("merchant", "")});
    }
    return result;
  } catch (const json::exception& error) {
    return fail(ErrorCode::store_unavailable, fmt::format("an operator's result that cannot be read: {}", error.what()),
                "journal");
  }
}

std::string request_hash(const OperatorCommand& command) {
  return content_hash(json{{"verb", name(command.verb)},
                           {"target", command.target},
                           {"reason", command.args.reason},
                           {"pad", command.args.pad},
                           {"drone", command.args.drone},
                           {"zone", command.args.zone_document}}
                          .dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace swiftlet::dispatch
