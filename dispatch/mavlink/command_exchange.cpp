#include "dispatch/mavlink/command_exchange.hpp"

#include <fmt/core.h>

#include <utility>

namespace swiftlet::mavlink {
namespace {

using namespace std::chrono_literals;

constexpr auto kCommandAgain = 500ms;
constexpr int kCommandTries = 10;
/// A command that the vehicle works on is over at last.
constexpr auto kAtWork = 60s;
constexpr auto kAskAgain = 500ms;

}  // namespace

CommandExchange::CommandExchange(CommandLong command, std::string what)
    : command_(command), what_(std::move(what)), patience_(kCommandAgain, kCommandTries) {}

void CommandExchange::hear(const Message& message, Conversation& with) {
  const auto* ack = std::get_if<CommandAck>(&message);
  if (ack == nullptr || ack->command != command_.command || outcome_) return;
  const auto result = static_cast<CommandResult>(ack->result);
  if (result == CommandResult::in_progress) {
    works_until_ = with.now + kAtWork;
  } else if (result == CommandResult::accepted) {
    outcome_ = Expected<void>();
  } else {
    const std::string& complaint = with.view.complaint();
    outcome_ = fail(ErrorCode::conflict,
                    fmt::format("{}: the vehicle answers \"{}\"{}", what_, words_of_command_result(ack->result),
                                complaint.empty() ? "" : fmt::format(", its last warning is \"{}\"", complaint)));
  }
}

std::optional<Expected<void>> CommandExchange::advance(Conversation& with) {
  if (outcome_) return outcome_;
  if (works_until_ ? with.now >= *works_until_ : patience_.is_over(with.now)) {
    return fail(ErrorCode::source_unavailable, fmt::format("{}: the vehicle does not answer", what_));
  }
  if (!works_until_ && patience_.ask(with.now)) {
    with.say(command_);
    if (command_.confirmation < 255) ++command_.confirmation;
  }
  return std::nullopt;
}

WaitExchange::WaitExchange(std::string what, std::chrono::milliseconds most, Judge judge, Ask ask)
    : what_(std::move(what)), most_(most), judge_(std::move(judge)), ask_(std::move(ask)) {}

std::optional<Expected<void>> WaitExchange::advance(Conversation& with) {
  if (!until_) {
    until_ = with.now + most_;
    ask_at_ = with.now;
  } else if (auto judged = judge_(with.view)) {
    return judged;
  }
  if (with.now >= *until_) {
    return fail(ErrorCode::source_unavailable, fmt::format("{}: not within {} s", what_, most_ / 1s));
  }
  if (ask_ && with.now >= ask_at_) {
    ask_at_ = with.now + kAskAgain;
    ask_(with);
  }
  return std::nullopt;
}

}  // namespace swiftlet::mavlink
