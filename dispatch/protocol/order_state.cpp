#include "dispatch/protocol/order_state.hpp"

#include <array>
#include <cstdint>

namespace swiftlet::dispatch {
namespace {

using enum OrderState;

constexpr std::array<std::string_view, kOrderStates> kNames{
    "accepted",  "assigned",  "to_pickup", "loading",  "airborne",  "holding", "arriving",
    "delivered", "returning", "returned",  "diverted", "cancelled", "failed"};

constexpr std::uint32_t bit(OrderState state) { return 1U << static_cast<unsigned>(state); }

template <class... States>
constexpr std::uint32_t to(States... states) {
  return (0U | ... | bit(states));
}

/// A drone that drops out before loading sends the order back to accepted. A recalled parcel may still be released if
/// the recall and the release crossed: what was sensed at the drop-off is what happened.
constexpr std::array<std::uint32_t, kOrderStates> kNext{
    /* accepted  */ to(assigned, cancelled, failed),
    /* assigned  */ to(accepted, to_pickup, cancelled, failed),
    /* to_pickup */ to(accepted, loading, cancelled, failed),
    /* loading   */ to(accepted, airborne, returning, cancelled, failed),
    /* airborne  */ to(holding, arriving, returning, diverted, failed),
    /* holding   */ to(airborne, arriving, returning, diverted, failed),
    /* arriving  */ to(holding, delivered, returning, diverted, failed),
    /* delivered */ 0U,
    /* returning */ to(returned, delivered, failed),
    /* returned  */ 0U,
    /* diverted  */ to(delivered, returned, failed),
    /* cancelled */ 0U,
    /* failed    */ 0U,
};

}  // namespace

std::string_view name(OrderState state) { return kNames.at(static_cast<std::size_t>(state)); }

std::optional<OrderState> order_state(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<OrderState>(i);
  }
  return std::nullopt;
}

bool is_terminal(OrderState state) { return kNext.at(static_cast<std::size_t>(state)) == 0U; }

bool is_legal(OrderState from, OrderState to) { return (kNext.at(static_cast<std::size_t>(from)) & bit(to)) != 0U; }

}  // namespace swiftlet::dispatch
