#include "dispatch/gateway/picture_board.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

/// A page: what it holds after a snapshot and the deltas that followed.
struct Page {
  void hear(const std::string& text) {
    const json message = json::parse(text);
    if (message.contains("snapshot")) {
      things = message["snapshot"];
      things.erase("at");
      seq = message["seq"];
      return;
    }
    BOOST_REQUIRE_EQUAL(message["seq"].get<std::uint64_t>(), seq + 1);
    seq = message["seq"];
    for (const auto& [section, change] : message["delta"].items()) {
      if (section == "at") continue;
      for (const auto& [id, thing] : change["set"].items()) things[section][id] = thing;
      for (const auto& id : change["gone"]) things[section].erase(id.get<std::string>());
      if (!things.contains(section)) things[section] = json::object();
    }
  }
  json things = json::object();
  std::uint64_t seq = 0;
};

json shown(const PictureBoard& board) {
  json things = json::parse(*board.snapshot())["snapshot"];
  things.erase("at");
  for (auto it = things.begin(); it != things.end();) it = it->empty() ? things.erase(it) : std::next(it);
  return things;
}

BOOST_AUTO_TEST_SUITE(picture_board)

BOOST_AUTO_TEST_CASE(whoever_joins_whenever_sees_what_the_board_says) {
  const unsigned seed = std::random_device{}();
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937 random(seed);
  PictureBoard board;
  std::vector<Page> pages;
  for (int step = 0; step < 300; ++step) {
    for (const char* section : {"drones", "orders"}) {
      if (random() % 3 == 0) continue;
      std::map<std::string, json> things;
      for (int id = 0; id < 8; ++id) {
        if (random() % 4 != 0) things["T\"" + std::to_string(id)] = {{"v", random() % 3}};
      }
      if (random() % 2 == 0) {
        board.put(section, things);
      } else {
        board.put_some(section, things);
      }
    }
    const auto delta = board.advance(UtcTime{std::chrono::seconds(step)});
    for (Page& page : pages) page.hear(*delta);
    if (step % 25 == 0) {
      pages.emplace_back();
      pages.back().hear(*board.snapshot());
    }
    for (Page& page : pages) {
      json things = page.things;
      for (auto it = things.begin(); it != things.end();) it = it->empty() ? things.erase(it) : std::next(it);
      BOOST_TEST_CONTEXT("seed " << seed << " step " << step) { BOOST_TEST(things == shown(board)); }
      BOOST_TEST(page.seq == board.seq());
    }
  }
}

BOOST_AUTO_TEST_CASE(what_has_not_changed_costs_nothing) {
  PictureBoard board;
  board.put("drones", {{"D01", {{"v", 1}}}});
  (void)board.advance(UtcTime{});
  board.put("drones", {{"D01", {{"v", 1}}}});
  const json delta = json::parse(*board.advance(UtcTime{}));
  BOOST_TEST(delta["delta"].size() == 1U);  // only the time
}

BOOST_AUTO_TEST_CASE(text_that_is_no_utf8_does_not_stop_the_picture) {
  PictureBoard board;
  board.put("orders", {{"O1", {{"note", "\xff<img src=x onerror=alert(1)>"}}}});
  BOOST_TEST(!json::parse(*board.advance(UtcTime{}), nullptr, false).is_discarded());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
