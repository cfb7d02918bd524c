#include "geo/error.hpp"

#include <boost/test/unit_test.hpp>

using namespace swiftlet;

BOOST_AUTO_TEST_SUITE(error)

BOOST_AUTO_TEST_CASE(name_out_of_a_file_does_not_command_the_terminal) {
  const Error hostile{.code = ErrorCode::value_invalid, .message = "a\x1b[2Jb\nc", .where = "zones.json, zone \x07"};
  BOOST_TEST(describe(hostile) == "value_invalid: zones.json, zone  : a [2Jb c");
}

BOOST_AUTO_TEST_SUITE_END()
