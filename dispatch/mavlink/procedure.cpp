#include "dispatch/mavlink/procedure.hpp"

#include <utility>

namespace swiftlet::mavlink {

void Procedures::add(Begin begin, Done done) {
  waiting_.push_back({.begin = std::move(begin), .steps = {}, .at = 0, .done = std::move(done)});
}

void Procedures::add(Steps steps, Done done) {
  waiting_.push_back({.begin = {}, .steps = std::move(steps), .at = 0, .done = std::move(done)});
}

void Procedures::abandon(const Error& why) {
  // Whoever is told may add the next procedure.
  for (const Procedure& one : std::exchange(waiting_, {})) one.done(Unexpected(why));
}

void Procedures::hear(const Message& message, Conversation& with) {
  if (waiting_.empty()) return;
  Procedure& now = waiting_.front();
  if (now.at < now.steps.size()) now.steps[now.at]->hear(message, with);
}

void Procedures::live(Conversation& with) {
  while (!waiting_.empty()) {
    Procedure& now = waiting_.front();
    std::optional<Expected<void>> outcome = Expected<void>();
    if (now.begin) {
      auto steps = std::exchange(now.begin, {})();
      if (steps) {
        now.steps = std::move(*steps);
      } else {
        outcome = Unexpected(steps.error());
      }
    }
    if (*outcome && now.at < now.steps.size()) outcome = now.steps[now.at]->advance(with);
    if (!outcome) return;
    if (*outcome && ++now.at < now.steps.size()) continue;
    // Whoever is told may add the next procedure.
    const Done done = std::move(now.done);
    waiting_.pop_front();
    done(*outcome);
  }
}

}  // namespace swiftlet::mavlink
