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
  using Done = std::function<void(const Expected<void>&)>;

  /// `done` is called from live(), once.
  void add(Steps steps, Done done);
  [[nodiscard]] bool busy() const { return !waiting_.empty(); }

  void hear(const Message& message, Conversation& with);
  void live(Conversation& with);

 private:
  struct Procedure {
    Steps steps;
    std::size_t at = 0;
    Done done;
  };
  std::deque<Procedure> waiting_;  ///< the first one is at work
};

}  // namespace swiftlet::mavlink
