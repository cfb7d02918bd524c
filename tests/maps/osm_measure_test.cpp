#include "maps/osm_measure.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

using swiftlet::maps::parse_osm_count;
using swiftlet::maps::parse_osm_length;

namespace {

struct Line {
  const char* text;
  double metres;  ///< NaN: no length
  bool guessed;
};

constexpr double kNone = NAN;
constexpr Line kLines[] = {
    {"12", 12, false},
    {"12 m", 12, false},
    {" 12.5m ", 12.5, false},
    {"12 metres", 12, false},
    {"40 ft", 12.192, false},
    {"40feet", 12.192, false},
    {"12'6\"", 3.81, false},
    {"12'", 3.6576, false},
    {"12 ft 6 in", 3.81, false},
    {"6\"", 0.1524, false},
    {"150 cm", 1.5, false},
    {"0.1 km", 100, false},
    {"3;4", 4, true},
    {"4;3", 4, true},
    {"10-12", 12, true},
    {"~10", 10, true},
    {"ca. 10 m", 10, true},
    {"approx 7", 7, true},
    {"12,5", 12.5, true},
    {"10 m;40 ft", 12.192, true},
    {"0", 0, false},
    {".5", 0.5, false},
    {"12 M", 12, false},
    {"", kNone, false},
    {"tall", kNone, false},
    {"-3", kNone, false},
    {"12.", kNone, false},
    {"1.2.3", kNone, false},
    {"12 x", kNone, false},
    {"12mm", kNone, false},
    {"1e3", kNone, false},
    {"nan", kNone, false},
    {"inf", kNone, false},
    {"12;", kNone, false},
    {";12", kNone, false},
    {"12 m m", kNone, false},
    {"~", kNone, false},
    {"0x10", kNone, false},
    {"12 6\"", kNone, false},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(osm_measure)

BOOST_AUTO_TEST_CASE(lengths_as_people_write_them) {
  for (const Line& line : kLines) {
    BOOST_TEST_CONTEXT(line.text) {
      const auto measure = parse_osm_length(line.text);
      BOOST_TEST(measure.has_value() == !std::isnan(line.metres));
      if (!measure || std::isnan(line.metres)) continue;
      BOOST_TEST(std::abs(measure->value - line.metres) < 1e-9);
      BOOST_TEST(measure->guessed == line.guessed);
    }
  }
}

BOOST_AUTO_TEST_CASE(counts_have_no_unit) {
  BOOST_TEST(parse_osm_count("5")->value == 5.0);
  BOOST_TEST(parse_osm_count("1;6")->value == 6.0);
  BOOST_TEST(parse_osm_count("1;6")->guessed);
  BOOST_TEST(!parse_osm_count("5 m").has_value());
  BOOST_TEST(!parse_osm_count("-1").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
