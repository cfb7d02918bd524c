#include "dispatch/core/operator_desk.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "dispatch/core/operator_decision.hpp"
#include "dispatch/core/operator_json.hpp"

namespace swiftlet::dispatch {
namespace {

OperatorResult answer(const OperatorCommand& command, OperatorDecision decision, std::string state) {
  const bool refused = decision.refusal.has_value();
  return {.command_id = command.command_id,
          .state = refused ? "refused" : std::move(state),
          .effects = std::move(decision.effects),
          .error = std::move(decision.refusal)};
}

}  // namespace

OperatorResult OperatorDesk::preview(const OperatorCommand& command) const {
  return answer(command, decide(context_, command), "preview");
}

void OperatorDesk::carry_out(const OperatorCommand& command) {
  auto& results = context_.effects.to_operators;
  const auto done = context_.state().operator_commands.find(command.command_id);
  if (done != context_.state().operator_commands.end()) {
    const auto first = parse_operator_result(done->second.result);
    if (done->second.request_hash == request_hash(command) && first) {
      // A note is erased beside the journal: after a crash between the two the repetition does it.
      if (command.verb == OperatorVerb::erase_note) context_.effects.erased_notes.push_back(command.target);
      results.push_back(*first);
    } else {
      OperatorDecision other{.refusal = Error{.code = ErrorCode::conflict,
                                              .message = "another command was given under this id",
                                              .where = "command_id"}};
      results.push_back(answer(command, std::move(other), "refused"));
    }
    return;
  }
  OperatorDecision decision = decide(context_, command);
  std::vector<RecordBody> records = std::move(decision.records);
  OperatorResult result = answer(command, std::move(decision), "done");
  if (result.error) {
    results.push_back(std::move(result));  // like all refusals it is not stored: the same may go through later
    return;
  }
  for (RecordBody& record : records) context_.commit(std::move(record));
  context_.commit(
      OperatorActed{.command_id = command.command_id,
                    .by = command.by,
                    .verb = std::string(name(command.verb)),
                    .target = command.target,
                    .reason = command.args.reason,
                    .request_hash = request_hash(command),
                    .result = to_json(result).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)});
  if (command.verb == OperatorVerb::erase_note) context_.effects.erased_notes.push_back(command.target);
  if (command.verb == OperatorVerb::insert_zone || command.verb == OperatorVerb::remove_zone) {
    context_.legs.forget(context_.state().airspace_hash);
    context_.sortie_times.clear();
  }
  context_.notice(NoticeLevel::info,
                  fmt::format("{}: {} {} {}", command.by, name(command.verb), command.target, command.args.reason));
  results.push_back(std::move(result));
}

}  // namespace swiftlet::dispatch
