#include "maps/intake/json_source.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace swiftlet;

namespace {

std::string why(std::string_view text) {
  const auto read = maps::parse_json_source(text, "zones.json");
  if (read) return "";
  BOOST_TEST((read.error().code == ErrorCode::bad_json));
  BOOST_TEST(read.error().where == "zones.json");
  return read.error().message;
}

bool says(const std::string& message, const char* words) { return message.find(words) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(json_source)

BOOST_AUTO_TEST_CASE(reads_what_is_json) {
  BOOST_TEST(why(R"({"a":[1,2,{"b":null}],"c":{"b":1},"d":[{"b":1},{"b":2}]})") == "");
  BOOST_TEST(maps::parse_json_source("[1,2]", "")->size() == 2u);
}

BOOST_AUTO_TEST_CASE(syntax_error_names_line_and_column) {
  BOOST_TEST(says(why("{\"a\":1,\n  \"b\":]}"), "line 2, column 7"));
  BOOST_TEST(says(why(""), "not valid JSON"));
  BOOST_TEST(says(why("{\"a\":NaN}"), "not valid JSON"));
  BOOST_TEST(says(why("{\"a\":\"\xFF\xFE\"}"), "not valid JSON"));
}

BOOST_AUTO_TEST_CASE(number_beyond_doubles_is_refused) { BOOST_TEST(says(why("[1e999]"), "no number can be")); }

BOOST_AUTO_TEST_CASE(key_twice_in_one_object_is_refused_at_any_depth) {
  BOOST_TEST(says(why(R"({"a":1,"a":2})"), "key \"a\" twice"));
  BOOST_TEST(says(why(R"([{"x":{"lower":1,"upper":2,"lower":0}}])"), "key \"lower\" twice"));
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded_without_recursion) {
  BOOST_TEST(why(std::string(60, '[') + std::string(60, ']')) == "");
  const std::string deep = std::string(2'000'000, '[') + std::string(2'000'000, ']');
  BOOST_TEST(says(why(deep), "more than 64 levels"));
  std::string objects;
  for (int k = 0; k < 100'000; ++k) objects += "{\"a\":";
  BOOST_TEST(!why(objects).empty());
}

BOOST_AUTO_TEST_SUITE_END()
