#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dispatch/mavlink/exchange.hpp"

namespace swiftlet::mavlink {

/// Things to do with the vehicle, one after the other: a procedure is a row of exchanges that ends with the first that
/// fails. Only one procedure is at work at a time; others wait.
class Procedures {
 public:
  using Steps = std::vector<std::unique_ptr<Exchange>>;
  /// What to do, decided when it is this procedure's turn; an error ends it there. What was asked for may not be right
  /// any more after what went before it.
  using Begin = std::function<Expected<Steps>()>;
  using Done = std::function<void(const Expected<void>&)>;

  /// `done` is called from live() or abandon(), once.
  void add(Begin begin, Done done);
  void add(Steps steps, Done done);
  /// Ends all of them with this error, without another word to the vehicle.
  void abandon(const Error& why);
  [[nodiscard]] bool busy() const { return !waiting_.empty(); }

  void hear(const Message& message, Conversation& with);
  void live(Conversation& with);

 private:
  struct Procedure {
    Begin begin;  ///< nothing: begun
    Steps steps;
    std::size_t at = 0;
    Done done;
  };
  std::deque<Procedure> waiting_;  ///< the first one is at work
};

}  // namespace swiftlet::mavlink
