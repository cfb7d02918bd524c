// The referee reads tags by its own rules; both must come to the same metres, whatever the text.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "maps/osm_measure.hpp"
#include "maps/referee/osm_reading.hpp"
#include "tests/seed.hpp"

BOOST_AUTO_TEST_SUITE(osm_quantity)

BOOST_AUTO_TEST_CASE(two_readings_of_random_tags_agree) {
  const auto seed = swiftlet::test::seed();
  std::mt19937_64 rng(seed);
  const std::vector<std::string> pieces{"1",   "12", "3.5", "7,5",  " ",      "m",  "ft", "'",
                                        "\"",  "''", ";",   "-",    "~",      "in", "cm", "km",
                                        "ca.", "ca", ".",   "feet", "metres", "x",  "0",  "approx"};
  int read = 0;
  for (int n = 0; n < 20000; ++n) {
    std::string text;
    for (int k = static_cast<int>(rng() % 6); k >= 0; --k) text += pieces[rng() % pieces.size()];
    for (const bool is_count : {false, true}) {
      auto ours = is_count ? swiftlet::maps::parse_osm_count(text) : swiftlet::maps::parse_osm_length(text);
      if (ours && !(ours->value > 0.0 && ours->value <= 2000.0)) ours.reset();
      const auto theirs = swiftlet::maps::referee::osm_quantity(text, is_count);
      BOOST_TEST_CONTEXT("seed " << seed << ": [" << text << "] count " << is_count) {
        BOOST_TEST(ours.has_value() == theirs.has_value());
        if (ours && theirs) BOOST_TEST(std::abs(ours->value - *theirs) < 1e-9);
      }
      read += ours ? 1 : 0;
    }
  }
  BOOST_TEST(read > 500);
}

BOOST_AUTO_TEST_SUITE_END()
