#include "dispatch/service/clock_anchor.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

using namespace swiftlet;
using namespace swiftlet::dispatch;
namespace fs = std::filesystem;

namespace {

const UtcTime kWall = parse_rfc3339("2026-11-21T12:00:00Z").value();
const UtcTime kService = parse_rfc3339("2026-11-21T13:00:00Z").value();

}  // namespace

BOOST_AUTO_TEST_SUITE(clock_anchor)

BOOST_AUTO_TEST_CASE(at_lifes_speed_the_wall_clock_counts_and_never_goes_back) {
  BOOST_CHECK(service_time_at_start(kWall, {}, 1.0, {}) == kWall);
  BOOST_CHECK(service_time_at_start(kWall, kService, 1.0, {}) == kService);
}

BOOST_AUTO_TEST_CASE(a_short_absence_has_passed_for_the_faster_world_too) {
  const ClockAnchor anchor{.wall = kWall, .service = kService, .speed = 20.0};
  const UtcTime back = after(kWall, 7.0);
  BOOST_CHECK(service_time_at_start(back, kService, 20.0, anchor) == after(kService, 140.0));
  BOOST_CHECK(service_time_at_start(back, after(kService, 150.0), 20.0, anchor) == after(kService, 150.0));
}

BOOST_AUTO_TEST_CASE(a_long_absence_another_speed_or_a_clock_that_went_back_start_from_the_last_record) {
  const ClockAnchor anchor{.wall = kWall, .service = kService, .speed = 20.0};
  BOOST_CHECK(service_time_at_start(after(kWall, 86400.0), kService, 20.0, anchor) == kService);
  BOOST_CHECK(service_time_at_start(after(kWall, 7.0), kService, 10.0, anchor) == kService);
  BOOST_CHECK(service_time_at_start(after(kWall, -7.0), kService, 20.0, anchor) == kService);
  BOOST_CHECK(service_time_at_start(kWall, {}, 20.0, {}) == kWall);
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_and_rubbish_is_not) {
  const fs::path file = fs::temp_directory_path() / ("swiftlet-clock-" + std::to_string(::getpid()));
  BOOST_REQUIRE(write_clock_anchor(file, {.wall = kWall, .service = kService, .speed = 20.0}));
  const auto anchor = read_clock_anchor(file);
  BOOST_REQUIRE(anchor.has_value());
  BOOST_CHECK(anchor->wall == kWall && anchor->service == kService && anchor->speed == 20.0);
  for (const char* rubbish : {"", "{", "[]", R"({"wall":1})", R"({"wall":"x","service":"y","speed":2})"}) {
    std::ofstream(file, std::ios::trunc) << rubbish;
    BOOST_TEST(!read_clock_anchor(file).has_value(), rubbish);
  }
  fs::remove(file);
  BOOST_TEST(!read_clock_anchor(file).has_value());
  BOOST_TEST(!write_clock_anchor("/nowhere/clock.json", *anchor));
}

BOOST_AUTO_TEST_SUITE_END()
