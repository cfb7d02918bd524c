#include "dispatch/mavlink/logbook.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "planner/route_json.hpp"
#include "tests/dispatch/mavlink/drone_drill.hpp"

namespace swiftlet::mavlink {
namespace {

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / "swiftlet_logbook_test";
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Logbook written_full() {
  Logbook book{.epoch = 3,
               .last_mission_no = 7,
               .last_route_hash = "sha256:0",
               .last_command_seq = 4,
               .last_command_refusal = "no",
               .mission = testing::drill_mission(7, drone_link::Purpose::stand),
               .stage = Logbook::Stage::on_pad,
               .landed_at = testing::noon(),
               .begun = false,
               .held = true,
               .lands_out = true,
               .aboard = false,
               .mode = FlightMode::hold,
               .next_mode = FlightMode::land,
               .off_control = true,
               .given_back = true,
               .payload_kg = 1.25,
               .home_alt_msl_m = 168.125,
               .ground_alt_msl_m = 170.5,
               .next_event_no = 12,
               .unacknowledged = {}};
  book.mission->ready_at = testing::noon();
  book.unacknowledged[11] = {.event_no = 11, .kind = "fault", .at = testing::noon(), .fault = "a \"quoted\" one"};
  return book;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(logbook)

BOOST_AUTO_TEST_CASE(what_is_written_is_what_is_read) {
  const Folder folder;
  const auto file = folder.path / "state.json";
  BOOST_TEST(read_logbook(file).has_value());  // not there yet: an empty one
  const Logbook book = written_full();
  BOOST_REQUIRE(write_logbook(file, book).has_value());
  const auto read = read_logbook(file);
  BOOST_REQUIRE(read.has_value());
  const std::string text = text_of(file);
  BOOST_REQUIRE(write_logbook(file, *read).has_value());
  BOOST_TEST(text_of(file) == text);
  BOOST_TEST((read->stage == book.stage));
  BOOST_TEST(planner::route_hash(read->mission->route) == book.mission->route_hash);
  BOOST_TEST((read->mission->purpose == drone_link::Purpose::stand));
  BOOST_TEST(read->unacknowledged.at(11).kind == "fault");
  BOOST_TEST(read->held);
  BOOST_TEST(!read->aboard);
  BOOST_TEST((read->mode == FlightMode::hold));
  BOOST_TEST((read->next_mode == FlightMode::land));
  BOOST_TEST(read->off_control);
  BOOST_TEST(read->given_back);
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_refused_and_left_as_it_is) {
  const Folder folder;
  const auto file = folder.path / "state.json";
  BOOST_REQUIRE(write_logbook(file, written_full()).has_value());
  const std::string whole = text_of(file);
  for (std::size_t cut = 0; cut + 2 < whole.size(); cut += 97) {
    std::ofstream(file) << whole.substr(0, cut);
    const auto read = read_logbook(file);
    BOOST_REQUIRE(!read.has_value());
    BOOST_TEST(read.error().where == file.string());
    BOOST_TEST(text_of(file).size() == cut);
  }
  std::string other = whole;
  other.replace(other.find("on_pad"), 6, "flown!");
  std::ofstream(file) << other;
  BOOST_TEST(!read_logbook(file).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::mavlink
