#pragma once

#include "dispatch/core/effects.hpp"
#include "dispatch/core/record.hpp"

namespace swiftlet::dispatch {

/// The durable state with the records that led to it and are not yet handed to the journal.
class Ledger {
 public:
  [[nodiscard]] const DispatchState& state() const { return state_; }
  /// Rises with every record that can change what the fleet will do next, but for new orders.
  [[nodiscard]] std::uint64_t version() const { return version_; }

  /// Takes a decision: it holds in memory at once, and on disk before anybody hears of it. The journal's time never
  /// goes back, so a `now` before the last record counts as the time of that record.
  void commit(UtcTime now, RecordBody body, Effects& effects);
  /// Takes a record from the journal. read_routes() comes after the last.
  void replay(const Record& record);
  void read_routes() { dispatch::read_routes(state_); }

 private:
  DispatchState state_;
  std::uint64_t version_ = 0;
};

}  // namespace swiftlet::dispatch
