#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "dispatch/keys/key_file.hpp"
#include "geo/error.hpp"

namespace swiftlet::dispatch {

/// Orders at a steady rate from many merchants at once, whether or not the service keeps up (open loop).
struct OrderLoad {
  std::string endpoint = {};
  std::string server_public_key = {};
  std::vector<KeyPair> merchants = {};
  std::vector<std::string> pads = {};  ///< pick-ups and drop-offs are drawn from them
  double orders_per_s = 1000.0;
  std::chrono::seconds lasts{10};
  std::chrono::hours ready_within{24};  ///< `ready_at` is spread evenly over this
  std::uint64_t client_ids_begin = 0;   ///< the number in the first client_order_id, "load-0"
  std::uint64_t seed = 1;
};

/// What came of it. Times run from the instant for which an order was scheduled to its reply.
struct LoadResult {
  std::vector<double> acknowledged_ms = {};
  std::uint64_t sent = 0;
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::uint64_t unanswered = 0;
  std::string first_refusal = {};
  double lasted_s = 0.0;  ///< from the first order to the last reply
};

/// Asks once for every pair of pads, so that their routes are proven before the clock runs. Errors: deadline_passed,
/// with how many pairs had an answer.
[[nodiscard]] Expected<std::size_t> prove_all_pairs(const OrderLoad& load, std::chrono::seconds at_most);

/// Errors: usage (an endpoint or key that ZeroMQ cannot take).
[[nodiscard]] Expected<LoadResult> run_order_load(const OrderLoad& load);

}  // namespace swiftlet::dispatch
