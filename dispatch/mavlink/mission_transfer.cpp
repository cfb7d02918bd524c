#include "dispatch/mavlink/mission_transfer.hpp"

#include <fmt/core.h>

#include <utility>

#include "dispatch/mavlink/commands.hpp"
#include "dispatch/mavlink/safety_items.hpp"

namespace swiftlet::mavlink {
namespace {

using namespace std::chrono_literals;

// As the protocol's page has them, but for items that are read: asked for more often, they may get lost more often.
constexpr auto kAgain = 1500ms;
constexpr int kTries = 5;
constexpr auto kItemAgain = 250ms;
constexpr int kItemTries = 20;

constexpr std::uint8_t kAccepted = 0;
constexpr std::uint8_t kOutOfOrder = 13;
constexpr std::uint8_t kCancelled = 15;

}  // namespace

MissionUpload::MissionUpload(std::vector<MissionItemInt> items)
    : items_(std::move(items)), list_(items_.at(0).mission_type), patience_(kAgain, kTries) {}

void MissionUpload::send_item(std::uint16_t seq, Conversation& with) {
  with.say(items_.at(seq));
  last_sent_ = seq;
}

void MissionUpload::hear(const Message& message, Conversation& with) {
  if (outcome_) return;
  std::optional<std::uint16_t> wanted;
  if (const auto* request = std::get_if<MissionRequestInt>(&message)) {
    if (request->mission_type == list_) wanted = request->seq;
  } else if (const auto* older = std::get_if<MissionRequest>(&message)) {
    if (older->mission_type == list_) wanted = older->seq;
  } else if (const auto* ack = std::get_if<MissionAck>(&message)) {
    if (ack->mission_type != list_) return;
    if (ack->type == kAccepted) {
      // One of an older exchange may come late; this one is over only when every item was asked for.
      if (all_given()) outcome_ = Expected<void>();
    } else if (ack->type != kOutOfOrder) {  // a doubled item; the vehicle asks again for the right one
      outcome_ = fail(ErrorCode::conflict, fmt::format("the vehicle refuses the {}: {}", list_name(list_),
                                                       words_of_mission_result(ack->type)));
    }
  }
  // A late request for what is long given is answered; one that runs ahead of the order is of another exchange.
  if (!wanted || *wanted > given_ || *wanted >= items_.size()) return;
  if (*wanted == given_) ++given_;
  send_item(*wanted, with);
  patience_.restart(with.now);
}

std::optional<Expected<void>> MissionUpload::advance(Conversation& with) {
  if (outcome_) return outcome_;
  if (patience_.is_over(with.now)) {
    MissionAck given_up;
    given_up.type = kCancelled;
    given_up.mission_type = list_;
    with.say(given_up);
    return fail(ErrorCode::source_unavailable,
                fmt::format("the vehicle asked for {} of {} items of the {} and then for no more", given_,
                            items_.size(), list_name(list_)));
  }
  if (patience_.ask(with.now)) {
    if (all_given()) return Expected<void>();
    if (last_sent_) {
      send_item(*last_sent_, with);
    } else {
      MissionCount count;
      count.count = static_cast<std::uint16_t>(items_.size());
      count.mission_type = list_;
      with.say(count);
    }
  }
  return std::nullopt;
}

MissionCheck::MissionCheck(std::vector<MissionItemInt> given, Autopilot autopilot)
    : given_(std::move(given)),
      list_(given_.at(0).mission_type),
      autopilot_(autopilot),
      count_asked_(kAgain, kTries),
      item_(kItemAgain, kItemTries) {}

void MissionCheck::hear(const Message& message, Conversation& with) {
  if (outcome_) return;
  if (const auto* count = std::get_if<MissionCount>(&message)) {
    if (count->mission_type != list_ || count_) return;
    count_ = count->count;
    if (*count_ != given_.size()) compare(with);
  } else if (const auto* item = std::get_if<MissionItemInt>(&message)) {
    if (item->mission_type != list_ || !count_ || item->seq != found_.size()) return;
    found_.push_back(*item);
    item_.begin_anew();
    if (found_.size() == *count_) compare(with);
  }
}

void MissionCheck::compare(Conversation& with) {
  MissionAck done;  // accepted: nothing more is asked for
  done.mission_type = list_;
  with.say(done);
  if (*count_ != given_.size()) {
    outcome_ =
        fail(ErrorCode::conflict, fmt::format("the vehicle's {} is not the one it was given: it has {} items of {}",
                                              list_name(list_), *count_, given_.size()));
  } else if (const auto what = difference(given_, found_, autopilot_)) {
    outcome_ = fail(ErrorCode::conflict,
                    fmt::format("the vehicle's {} is not the one it was given: {}", list_name(list_), *what));
  } else {
    outcome_ = Expected<void>();
  }
}

std::optional<Expected<void>> MissionCheck::advance(Conversation& with) {
  if (outcome_) return outcome_;
  Patience& patience = count_ ? item_ : count_asked_;
  if (patience.is_over(with.now)) {
    return fail(ErrorCode::source_unavailable, fmt::format("the vehicle does not tell its {}", list_name(list_)));
  }
  if (patience.ask(with.now)) {
    if (count_) {
      MissionRequestInt request;
      request.seq = static_cast<std::uint16_t>(found_.size());
      request.mission_type = list_;
      with.say(request);
    } else {
      MissionRequestList request;
      request.mission_type = list_;
      with.say(request);
    }
  }
  return std::nullopt;
}

}  // namespace swiftlet::mavlink
