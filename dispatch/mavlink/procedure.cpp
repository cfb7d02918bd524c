#include "dispatch/mavlink/procedure.hpp"

#include <utility>

namespace swiftlet::mavlink {

void Procedures::add(Steps steps, Done done) {
  waiting_.push_back({.steps = std::move(steps), .at = 0, .done = std::move(done)});
}

void Procedures::hear(const Message& message, Conversation& with) {
  if (waiting_.empty()) return;
  Procedure& now = waiting_.front();
  if (now.at < now.steps.size()) now.steps[now.at]->hear(message, with);
}

void Procedures::live(Conversation& with) {
  while (!waiting_.empty()) {
    Procedure& now = waiting_.front();
    const auto outcome = now.at < now.steps.size() ? now.steps[now.at]->advance(with) : Expected<void>();
    if (!outcome) return;
    if (*outcome && ++now.at < now.steps.size()) continue;
    // Whoever is told may add the next procedure.
    const Done done = std::move(now.done);
    waiting_.pop_front();
    done(*outcome);
  }
}

}  // namespace swiftlet::mavlink
