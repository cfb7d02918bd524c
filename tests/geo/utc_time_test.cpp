#include "geo/utc_time.hpp"

#include <boost/test/unit_test.hpp>

using swiftlet::format_rfc3339;
using swiftlet::parse_rfc3339;

BOOST_AUTO_TEST_SUITE(utc_time)

BOOST_AUTO_TEST_CASE(reads_any_offset_and_writes_utc_with_three_decimals) {
  BOOST_TEST(format_rfc3339(parse_rfc3339("2026-11-21T10:00:00Z").value()) == "2026-11-21T10:00:00.000Z");
  BOOST_TEST(format_rfc3339(parse_rfc3339("2026-11-21T18:00:00.25+08:00").value()) == "2026-11-21T10:00:00.250Z");
  BOOST_TEST(format_rfc3339(parse_rfc3339("2026-11-20T22:30:00-11:30").value()) == "2026-11-21T10:00:00.000Z");
  BOOST_TEST(format_rfc3339(parse_rfc3339("2024-02-29T23:59:60Z").value()) == "2024-03-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_rfc3339) {
  for (const char* text : {"", "now", "2026-11-21", "2026-11-21T10:00:00", "2026-02-30T10:00:00Z",
                           "2026-11-21T24:00:00Z", "2026-11-21T10:00:00.Z", "2026-11-21T10:00:00Z ",
                           "2026-11-21T10:00:00+25:00", "2026-11-21T1-:00:00Z", "-026-11-21T10:00:00Z"}) {
    BOOST_TEST_CONTEXT(text) {
      const auto parsed = parse_rfc3339(text);
      BOOST_TEST(!parsed.has_value());
      if (!parsed) BOOST_TEST(swiftlet::name(parsed.error().code) == "time_invalid");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
