#pragma once

#include <functional>
#include <string>
#include <utility>

#include "dispatch/mavlink/commands.hpp"
#include "dispatch/mavlink/exchange.hpp"

namespace swiftlet::mavlink {

/// One COMMAND_LONG until its COMMAND_ACK. While the vehicle says that it is at work it is waited for.
class CommandExchange final : public Exchange {
 public:
  /// `what`: the command in words, for errors.
  CommandExchange(CommandLong command, std::string what);
  void hear(const Message& message, Conversation& with) override;
  [[nodiscard]] std::optional<Expected<void>> advance(Conversation& with) override;

 private:
  CommandLong command_;
  std::string what_;
  Patience patience_;
  std::optional<WallTime> works_until_;
  std::optional<Expected<void>> outcome_;
};

/// A step of this side alone, done at once.
class OwnStep final : public Exchange {
 public:
  explicit OwnStep(std::function<void()> step) : step_(std::move(step)) {}
  [[nodiscard]] std::optional<Expected<void>> advance(Conversation& /*with*/) override {
    step_();
    return Expected<void>();
  }

 private:
  std::function<void()> step_;
};

/// Waits until the vehicle shows something, asking for it again and again where there is something to ask.
class WaitExchange final : public Exchange {
 public:
  using Ask = std::function<void(Conversation&)>;
  /// Nothing: not yet.
  using Judge = std::function<std::optional<Expected<void>>(const VehicleView&)>;
  /// `what` was waited for, for the error after `most` is over.
  WaitExchange(std::string what, std::chrono::milliseconds most, Judge judge, Ask ask = {});
  [[nodiscard]] std::optional<Expected<void>> advance(Conversation& with) override;

 private:
  std::string what_;
  std::chrono::milliseconds most_;
  Judge judge_;
  Ask ask_;
  std::optional<WallTime> until_;
  WallTime ask_at_ = {};
};

}  // namespace swiftlet::mavlink
