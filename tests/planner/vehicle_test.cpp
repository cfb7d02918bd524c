#include "planner/vehicle.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace fs = std::filesystem;
using swiftlet::planner::load_vehicle;

namespace {

std::string bundled() {
  std::ifstream file(SWIFTLET_SOURCE_DIR "/planner/vehicles/courier-4.toml");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The bundled profile with one text in it replaced, in a file of its own.
fs::path altered(const std::string& what, const std::string& with) {
  std::string text = bundled();
  const auto at = text.find(what);
  BOOST_REQUIRE(at != std::string::npos);
  text.replace(at, what.size(), with);
  const fs::path file = fs::temp_directory_path() / "swiftlet_vehicle_test.toml";
  std::ofstream(file) << text;
  return file;
}

std::string refusal(const fs::path& file) {
  const auto vehicle = load_vehicle(file.string());
  return vehicle ? "ok" : swiftlet::describe(vehicle.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vehicle)

BOOST_AUTO_TEST_CASE(the_courier_is_the_one_of_its_sources) {
  const auto v = load_vehicle("courier-4");
  BOOST_REQUIRE(v.has_value());
  BOOST_TEST(v->empty_mass_kg + v->max_payload_kg == 9.5);
  BOOST_TEST(v->max_airspeed_m_s == 23.0);
  BOOST_TEST(v->rotor_disc_area_m2 == 1.22);
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_answered_with_the_known_ones) {
  const auto v = load_vehicle("courier-5");
  BOOST_REQUIRE(!v.has_value());
  BOOST_TEST(swiftlet::name(v.error().code) == "not_found");
  BOOST_TEST(v.error().message.find("courier-4") != std::string::npos);
  BOOST_TEST(swiftlet::name(load_vehicle("/nowhere/x.toml").error().code) == "file_not_found");
}

BOOST_AUTO_TEST_CASE(mistakes_in_a_profile_are_named_with_file_line_and_nearest_key) {
  const std::string typo = refusal(altered("climb_speed_m_s =", "climb_sped_m_s ="));
  BOOST_TEST(typo.find("climb_speed_m_s") != std::string::npos);
  const std::string extra = refusal(altered("[mass]", "[mass]\nmax_paylod_kg = 1"));
  BOOST_TEST(extra.starts_with("config_unknown_key"));
  BOOST_TEST(extra.find("max_payload_kg") != std::string::npos);
  BOOST_TEST(extra.find(".toml:") != std::string::npos);
  BOOST_TEST(refusal(altered("battery_wh = 710.0", "battery_wh = nan")).starts_with("value_invalid"));
  BOOST_TEST(refusal(altered("battery_wh = 710.0", "battery_wh = -1")).starts_with("value_invalid"));
  BOOST_TEST(refusal(altered("battery_wh = 710.0", "battery_wh = \"much\"")).starts_with("config_invalid"));
  BOOST_TEST(refusal(altered("cruise_speed_m_s = 15.0", "cruise_speed_m_s = 30.0")).starts_with("value_invalid"));
  BOOST_TEST(refusal(altered("name =", "name")).starts_with("config_invalid"));
}

BOOST_AUTO_TEST_SUITE_END()
