#include "geo/geozone.hpp"

#include <boost/test/unit_test.hpp>

namespace geo = swiftlet::geo;
using namespace std::chrono_literals;

namespace {

swiftlet::UtcTime at(const char* text) { return swiftlet::parse_rfc3339(text).value(); }

geo::Geozone weekly(unsigned days, std::chrono::milliseconds start, std::chrono::milliseconds end) {
  geo::Geozone zone;
  zone.applicability = {{.start = {}, .end = {}, .periods = {{.days = days, .start = start, .end = end}}}};
  return zone;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(geozone)

BOOST_AUTO_TEST_CASE(weekly_period_is_active_on_its_days_only) {
  const auto zone = weekly(0b0100000, 17h, 23h);  // Saturdays
  BOOST_TEST(zone.active_within(at("2026-11-21T17:00:00Z"), at("2026-11-21T17:00:00Z")));
  BOOST_TEST(zone.active_within(at("2026-11-21T16:00:00Z"), at("2026-11-21T17:00:00Z")));
  BOOST_TEST(!zone.active_within(at("2026-11-21T16:00:00Z"), at("2026-11-21T16:59:59.999Z")));
  BOOST_TEST(!zone.active_within(at("2026-11-22T18:00:00Z"), at("2026-11-22T19:00:00Z")));
  BOOST_TEST(zone.active_throughout(at("2026-11-21T18:00:00Z"), at("2026-11-21T19:00:00Z")));
  BOOST_TEST(!zone.active_throughout(at("2026-11-21T18:00:00Z"), at("2026-11-21T23:30:00Z")));
}

BOOST_AUTO_TEST_CASE(period_past_midnight_and_period_moved_by_a_time_zone) {
  const auto night = weekly(0b0100000, 22h, 30h);  // Saturday 22:00 to Sunday 06:00
  BOOST_TEST(night.active_within(at("2026-11-22T05:00:00Z"), at("2026-11-22T05:30:00Z")));
  BOOST_TEST(!night.active_within(at("2026-11-21T05:00:00Z"), at("2026-11-21T05:30:00Z")));
  const auto early = weekly(0b0100000, -3h, 1h);  // Saturday 05:00 to 09:00 at +08:00
  BOOST_TEST(early.active_within(at("2026-11-20T21:30:00Z"), at("2026-11-20T21:31:00Z")));
  BOOST_TEST(!early.active_within(at("2026-11-21T21:30:00Z"), at("2026-11-21T21:31:00Z")));
}

BOOST_AUTO_TEST_CASE(dates_limit_a_schedule) {
  auto zone = weekly(0b1111111, 0h, 24h);
  zone.applicability[0].start = at("2026-11-21T10:00:00Z");
  zone.applicability[0].end = at("2026-11-21T12:00:00Z");
  BOOST_TEST(!zone.active_within(at("2026-11-21T08:00:00Z"), at("2026-11-21T09:59:00Z")));
  BOOST_TEST(zone.active_within(at("2026-11-21T08:00:00Z"), at("2026-11-21T10:00:00Z")));
  BOOST_TEST(!zone.active_within(at("2026-11-21T12:00:01Z"), at("2026-11-22T12:00:00Z")));
}

BOOST_AUTO_TEST_CASE(authorisation_opens_what_asks_for_one_and_nothing_else) {
  geo::Geozone zone;
  zone.id = "Z1";
  const auto blocks = [&](geo::Restriction r, std::vector<std::string> held) {
    zone.restriction = r;
    return zone.blocks(held);
  };
  BOOST_TEST(blocks(geo::Restriction::prohibited, {"Z1"}));
  BOOST_TEST(blocks(geo::Restriction::requires_authorisation, {"Z2"}));
  BOOST_TEST(!blocks(geo::Restriction::requires_authorisation, {"Z2", "Z1"}));
  BOOST_TEST(blocks(geo::Restriction::conditional, {}));
  BOOST_TEST(!blocks(geo::Restriction::no_restriction, {}));
}

BOOST_AUTO_TEST_SUITE_END()
