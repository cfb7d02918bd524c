#include "dispatch/service/webhook_link.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

namespace swiftlet::dispatch {
namespace {

const Log kLog(LogLevel::error);

/// A merchant whose ledger holds the events `oldest` to `last`, and a webhook at a port where nobody listens.
struct Told {
  DispatchState state;
  std::vector<WebhookEndpoint> endpoints{{.merchant = "M1", .url = "http://127.0.0.1:9/", .secret = "s"}};
  WebhookSender sender{endpoints, {}, [] {}};

  void hold(std::uint64_t oldest, std::uint64_t last) {
    MerchantLedger& ledger = state.merchants["M1"];
    ledger.last_seq = last;
    ledger.events.clear();
    for (std::uint64_t seq = oldest; seq <= last; ++seq) ledger.events.push_back({.seq = seq, .order_id = "O1"});
  }
  WebhookLink link(const std::map<std::string, std::uint64_t>& kept) {
    return WebhookLink(endpoints, kept, state, sender, kLog);
  }
};

std::string moved(WebhookLink& link) {
  std::string all;
  for (const WebhookCursor& cursor : link.take_moved()) all += cursor.merchant + " " + std::to_string(cursor.seq) + ";";
  return all;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(webhook_link, Told)

BOOST_AUTO_TEST_CASE(one_who_is_new_begins_with_what_happens_from_now_on) {
  hold(1, 7);
  WebhookLink fresh = link({});
  BOOST_TEST(moved(fresh) == "M1 7;");  // written down at once, or a restart would begin later
  BOOST_TEST(fresh.picture(state)[0].undelivered == 0U);
  hold(1, 9);
  BOOST_TEST(fresh.picture(state)[0].undelivered == 2U);
}

BOOST_AUTO_TEST_CASE(what_was_kept_goes_on_from_there) {
  hold(1, 7);
  WebhookLink known = link({{"M1", 5}, {"gone", 3}});
  BOOST_TEST(moved(known).empty());
  BOOST_TEST(known.picture(state)[0].undelivered == 2U);
}

/// Events are kept for 30 days: what nobody took in that time is skipped, and that is written down, not hidden.
BOOST_AUTO_TEST_CASE(what_is_kept_no_more_is_skipped) {
  hold(1, 7);
  WebhookLink slow = link({{"M1", 2}});
  slow.send(state);
  hold(6, 7);
  slow.send(state);
  BOOST_TEST(moved(slow) == "M1 5;");
  BOOST_TEST(slow.picture(state)[0].undelivered == 2U);
  hold(8, 7);  // none is kept at all
  slow.send(state);
  BOOST_TEST(moved(slow) == "M1 7;");
  hold(8, 8);
  slow.send(state);
  BOOST_TEST(slow.picture(state)[0].undelivered == 1U);
}

BOOST_AUTO_TEST_CASE(a_failure_is_shown_and_moves_nothing) {
  hold(1, 1);
  WebhookLink failing = link({{"M1", 0}});
  failing.send(state);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (failing.picture(state)[0].failures == 0 && std::chrono::steady_clock::now() < until) {
    BOOST_TEST(moved(failing).empty());
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const WebhookPicture seen = failing.picture(state)[0];
  BOOST_TEST(seen.failures == 1U);
  BOOST_TEST(!seen.failure.empty());
  BOOST_TEST(seen.undelivered == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::dispatch
