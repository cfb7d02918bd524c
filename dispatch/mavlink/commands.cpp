#include "dispatch/mavlink/commands.hpp"

#include <fmt/core.h>

#include <array>
#include <string_view>

namespace swiftlet::mavlink {
namespace {

constexpr std::array<std::string_view, 7> kCommandResults{
    "accepted", "temporarily rejected", "denied", "not supported", "failed", "in progress", "cancelled"};
constexpr std::array<std::string_view, 16> kMissionResults{"accepted",
                                                           "refused without a reason",
                                                           "coordinate frame not supported",
                                                           "an item's command is not supported",
                                                           "no space for so many items",
                                                           "an item is invalid",
                                                           "parameter 1 of an item is invalid",
                                                           "parameter 2 of an item is invalid",
                                                           "parameter 3 of an item is invalid",
                                                           "parameter 4 of an item is invalid",
                                                           "latitude of an item is invalid",
                                                           "longitude of an item is invalid",
                                                           "altitude of an item is invalid",
                                                           "items out of order",
                                                           "it takes no missions from here",
                                                           "cancelled by the vehicle"};

template <std::size_t N>
std::string words(const std::array<std::string_view, N>& known, std::uint8_t result) {
  return result < N ? std::string(known[result]) : fmt::format("result {}", result);
}

}  // namespace

std::string words_of_command_result(std::uint8_t result) { return words(kCommandResults, result); }
std::string words_of_mission_result(std::uint8_t result) { return words(kMissionResults, result); }

}  // namespace swiftlet::mavlink
