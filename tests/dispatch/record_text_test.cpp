// A record is read as it was written, whatever stands in its texts.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "dispatch/core/record.hpp"
#include "tests/seed.hpp"

namespace swiftlet::dispatch {
namespace {

BOOST_AUTO_TEST_SUITE(record_text)

BOOST_AUTO_TEST_CASE(a_missions_route_is_the_same_text_again) {
  const std::uint64_t seed = test::seed();
  std::mt19937_64 random(seed);
  // What a route is made of, and what a careless cut would trip over.
  const std::vector<std::string> pieces{
      "\"",  "\\",   "\\\"", "{",      "}",    ",", ":", "\"route\":\"", "\"route_hash\":\"",
      "abc", "12.5", "\n",   "\u00e9", "\x01", "[", "]", "\\\\\""};
  for (int round = 0; round < 20'000; ++round) {
    MissionIssued mission{.flight_id = "F1", .mission_no = 7, .route_hash = "sha256:x"};
    for (std::uint64_t i = 0, n = random() % 12; i < n; ++i) mission.route += pieces[random() % pieces.size()];
    mission.traffic_delay_s = static_cast<double>(random() % 100) / 4.0;
    if (round % 7 == 0) mission.flight_id = mission.route;
    const auto read = parse_record(UtcTime{}, "mission_issued", serialise(mission));
    BOOST_REQUIRE_MESSAGE(read.has_value(), "seed " << seed << " round " << round << ": " << serialise(mission));
    const auto& again = std::get<MissionIssued>(read->body);
    BOOST_REQUIRE_MESSAGE(again.route == mission.route, "seed " << seed << " round " << round);
    BOOST_REQUIRE(again.flight_id == mission.flight_id);
    BOOST_REQUIRE(again.route_hash == mission.route_hash);
    BOOST_REQUIRE(again.mission_no == mission.mission_no);
    BOOST_REQUIRE(again.traffic_delay_s == mission.traffic_delay_s);
  }
}

BOOST_AUTO_TEST_CASE(a_damaged_mission_is_refused) {
  const MissionIssued mission{.flight_id = "F1", .mission_no = 7, .route_hash = "sha256:x", .route = R"({"a":"b"})"};
  const std::string whole = serialise(mission);
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    BOOST_TEST(!parse_record(UtcTime{}, "mission_issued", whole.substr(0, bytes)).has_value(), whole.substr(0, bytes));
  }
  // As another program might write it: with spaces, in another order.
  const auto other = parse_record(
      UtcTime{}, "mission_issued",
      R"({"route": "{\"a\":\"b\"}", "traffic_delay_s": 0.0, "route_hash": "sha256:x", "mission_no": 7, "flight_id": "F1"})");
  BOOST_REQUIRE(other.has_value());
  BOOST_TEST(std::get<MissionIssued>(other->body).route == mission.route);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace swiftlet::dispatch
