#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "dispatch/core/ledger.hpp"

namespace swiftlet::dispatch {

/// Which slots and places are held now, looked up once for all questions between two records: the assigner asks for
/// every order that waits, every second.
class HeldSpots {
 public:
  explicit HeldSpots(const Ledger& ledger) : ledger_(ledger) {}

  /// Whether nobody holds the slot, and nobody is bound for a place nearer than `apart_m` where either of the two is a
  /// bare point: slots of pads are apart by design.
  [[nodiscard]] bool leave_free(const Spot& spot, double apart_m) const;

 private:
  void look_up() const;

  const Ledger& ledger_;
  mutable std::uint64_t version_ = UINT64_MAX;  ///< of the ledger when it was looked up
  mutable std::unordered_set<std::string> keys_;
  mutable std::vector<LonLat> bare_points_;
  mutable std::vector<LonLat> places_;  ///< of flights, bare or not
};

}  // namespace swiftlet::dispatch
