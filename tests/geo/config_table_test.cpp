#include "geo/config_table.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace {

namespace fs = std::filesystem;
using swiftlet::ConfigTable;

fs::path written(const std::string& text) {
  const fs::path file = fs::temp_directory_path() / "swiftlet_config_table_test.toml";
  std::ofstream(file) << text;
  return file;
}

/// Reads a document that knows [a] with x (0…10), name, on, and [[b]] with y; the problem as "code|where|message".
std::string problem_with(const std::string& text) {
  const auto root = ConfigTable::parse_file(written(text));
  const auto shown = [](const swiftlet::Error& e) {
    return std::string(name(e.code)) + "|" + fs::path(e.where).filename().string() + "|" + e.message;
  };
  if (!root) return shown(root.error());
  const ConfigTable a = root->table("a");
  (void)a.number("x", 1.0, 0.0, 10.0);
  (void)a.text("name");
  (void)a.flag("on", false);
  for (const auto& b : root->tables("b")) (void)b.required_number("y", 0, 1);
  const auto done = root->finish();
  return done ? "" : shown(done.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_table)

BOOST_AUTO_TEST_CASE(right_documents_pass) {
  BOOST_TEST(problem_with("") == "");
  BOOST_TEST(problem_with("[a]\nx = 3\nname = \"n\"\non = true\n[[b]]\ny = 0.5\n") == "");
}

BOOST_AUTO_TEST_CASE(each_wrong_thing_names_line_key_and_what_would_be_right) {
  BOOST_TEST(problem_with("[a]\nx = 11\n").find("value_invalid|swiftlet_config_table_test.toml:2|x = 11 must be") ==
             0u);
  BOOST_TEST(problem_with("[a]\nx = nan\n").find("value_invalid|") == 0u);
  BOOST_TEST(
      problem_with("[a]\n\nx = \"3\"\n").find("config_invalid|swiftlet_config_table_test.toml:3|x must be a number") ==
      0u);
  BOOST_TEST(problem_with("[a]\nnane = \"n\"\n")
                 .find("config_unknown_key|swiftlet_config_table_test.toml:2|unknown key \"nane\"; the nearest known "
                       "one is \"name\"") == 0u);
  BOOST_TEST(problem_with("[c]\n").find("config_unknown_key|") == 0u);
  BOOST_TEST(
      problem_with("[[b]]\nz = 1\n").find("config_unknown_key|swiftlet_config_table_test.toml:2|unknown key \"z\"") ==
      0u);
  BOOST_TEST(problem_with("[[b]]\n").find("config_invalid|swiftlet_config_table_test.toml:1|\"y\" is missing") == 0u);
  BOOST_TEST(problem_with("a = 3\n").find("config_invalid|swiftlet_config_table_test.toml:1|a must be a table [a]") ==
             0u);
  BOOST_TEST(problem_with("[a\n").find("config_invalid|swiftlet_config_table_test.toml:1|not valid TOML") == 0u);
}

BOOST_AUTO_TEST_CASE(everything_that_is_wrong_is_told_at_once) {
  const auto root = ConfigTable::parse_file(written("[a]\nx = 11\nnane = \"n\"\non = 3\n[[b]]\n"));
  const ConfigTable a = root->table("a");
  (void)a.number("x", 1.0, 0.0, 10.0);
  (void)a.text("name");
  (void)a.flag("on", false);
  for (const auto& b : root->tables("b")) (void)b.required_number("y", 0, 1);
  const auto done = root->finish();
  BOOST_REQUIRE(!done);
  std::vector<std::string> lines;
  for (const swiftlet::Error& e : swiftlet::one_by_one({done.error()})) {
    lines.push_back(e.where.substr(e.where.rfind(':') + 1) + " " + std::string(name(e.code)));
  }
  const std::vector<std::string> wanted{"2 value_invalid", "4 config_invalid", "3 config_unknown_key",
                                        "5 config_invalid"};
  BOOST_TEST(lines == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(missing_file_is_said) {
  const auto root = ConfigTable::parse_file("/nowhere/at/all.toml");
  BOOST_REQUIRE(!root);
  BOOST_TEST(name(root.error().code) == "file_not_found");
}

BOOST_AUTO_TEST_SUITE_END()
