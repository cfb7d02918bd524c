#include "sim/route/study_conditions.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

namespace swiftlet::sim {
BOOST_AUTO_TEST_SUITE(study_conditions_test)

BOOST_AUTO_TEST_CASE(every_condition_takes_its_range_and_nothing_else) {
  for (const ConditionField& field : condition_fields()) {
    StudyConditions conditions;
    const double usual = conditions.*field.member;
    BOOST_TEST((field.min <= usual && usual <= field.max), field.key);
    for (const double value : {field.min, field.max}) {
      BOOST_REQUIRE(set_condition(conditions, field.key, value));
      BOOST_TEST((conditions.*field.member == value));
    }
    const double before = conditions.*field.member;
    for (const double value : {std::nextafter(field.min, -1e9), std::nextafter(field.max, 1e9),
                               std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
      const auto set = set_condition(conditions, field.key, value);
      BOOST_REQUIRE(!set);
      BOOST_TEST(name(set.error().code) == "value_invalid");
      BOOST_TEST(set.error().where == field.key);
      BOOST_TEST((conditions.*field.member == before));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_condition_names_the_nearest_one) {
  StudyConditions conditions;
  const auto set = set_condition(conditions, "gust_spred", 0.1);
  BOOST_REQUIRE(!set);
  BOOST_TEST(name(set.error().code) == "unknown_field");
  BOOST_TEST(set.error().message.find("did you mean gust_spread?") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace swiftlet::sim
