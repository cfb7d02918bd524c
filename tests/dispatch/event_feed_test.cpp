#include "dispatch/service/event_feed.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

namespace swiftlet::dispatch {
namespace {

/// Connections of which some take nothing for a while.
struct Connections final : FrameSink {
  std::set<ConnectionId> busy;
  std::map<ConnectionId, std::vector<std::uint64_t>> seqs;
  std::map<ConnectionId, std::string> last_words;

  [[nodiscard]] bool is_open(ConnectionId) const override { return true; }
  [[nodiscard]] bool offer(ConnectionId connection, const std::string&, std::uint64_t seq) override {
    if (busy.contains(connection)) return false;
    seqs[connection].push_back(seq);
    return true;
  }
  void say_last(ConnectionId connection, const std::string& frame) override { last_words[connection] = frame; }
};

struct Followed {
  DispatchState state;
  Connections connections;
  EventFeed feed{connections};

  void hold(std::uint64_t oldest, std::uint64_t last) {
    MerchantLedger& ledger = state.merchants["M1"];
    ledger.last_seq = last;
    ledger.events.clear();
    for (std::uint64_t seq = oldest; seq <= last; ++seq) ledger.events.push_back({.seq = seq, .order_id = "O1"});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(event_feed, Followed)

/// It threw, and the service ended.
BOOST_AUTO_TEST_CASE(who_was_paused_until_his_events_were_kept_no_more_is_told_and_the_others_go_on) {
  hold(1, 5);
  for (const ConnectionId connection : {1U, 2U, 3U}) {
    feed.subscribe({.connection = connection, .merchant = "M1", .next_seq = 4});
  }
  connections.busy = {1, 2};
  feed.send_events(state);
  BOOST_TEST((connections.seqs[3] == std::vector<std::uint64_t>{4, 5}));
  hold(9, 10);
  feed.send_events(state);
  for (const ConnectionId connection : {1U, 2U, 3U}) {
    BOOST_REQUIRE(connections.last_words.contains(connection));
    const auto told = nlohmann::json::parse(connections.last_words.at(connection));
    BOOST_TEST(told["ok"] == false);
    BOOST_TEST(told["re"].is_null());
    BOOST_TEST(told["error"]["code"] == "history_gone");
    BOOST_TEST(told["error"]["oldest_seq"] == 9);
  }
  BOOST_TEST(feed.merchants().empty());
  feed.subscribe({.connection = 3, .merchant = "M1", .next_seq = 9});
  connections.last_words.clear();
  feed.send_events(state);
  BOOST_TEST((connections.seqs[3] == std::vector<std::uint64_t>{4, 5, 9, 10}));
  // All of them gone, and none to name: the next one will be the oldest.
  connections.busy = {3};
  hold(9, 12);
  feed.send_events(state);
  hold(13, 12);
  feed.send_events(state);
  BOOST_TEST(nlohmann::json::parse(connections.last_words.at(3))["error"]["oldest_seq"] == 13);
}

BOOST_AUTO_TEST_CASE(who_has_had_all_that_was_misses_nothing_when_it_is_forgotten) {
  hold(1, 5);
  feed.subscribe({.connection = 1, .merchant = "M1", .next_seq = 6});
  hold(6, 5);
  feed.send_events(state);
  BOOST_TEST(connections.last_words.empty());
  hold(6, 7);
  feed.send_events(state);
  BOOST_TEST((connections.seqs[1] == std::vector<std::uint64_t>{6, 7}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::dispatch
