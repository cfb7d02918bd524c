#include "dispatch/core/ledger.hpp"

#include <algorithm>

namespace swiftlet::dispatch {

void Ledger::commit(UtcTime now, RecordBody body, Effects& effects) {
  if (!std::holds_alternative<QuoteIssued>(body) && !std::holds_alternative<OrderAccepted>(body)) ++version_;
  Record record{.at = std::max(now, state_.last_at), .body = std::move(body)};
  apply(state_, record);
  effects.records.push_back(std::move(record));
}

void Ledger::replay(const Record& record) {
  apply(state_, record);
  ++version_;
}

}  // namespace swiftlet::dispatch
