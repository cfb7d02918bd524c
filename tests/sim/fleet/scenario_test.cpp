#include "sim/fleet/scenario.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "sim/fleet/demand.hpp"
#include "sim/fleet/fleet_setup.hpp"
#include "sim/fleet/pad_layout.hpp"
#include "sim/fleet/scenario_sweep.hpp"
#include "tests/scenarios/drawn_airspace.hpp"

namespace swiftlet::sim {
namespace {

constexpr std::string_view kGood = R"(
[scenario]
name = "a test"
begin = "2026-11-23T10:00:00Z"
hours = 2.0
[fleet]
drones = 4
hubs = 2
slots_apart_m = 25
[demand]
[[demand.hours]]
from_h = 10
to_h = 12
orders_per_h = 300
[[demand.surge]]
from_h = 11
to_h = 12
factor = 3.0
)";

std::filesystem::path folder() {
  static const auto made = std::filesystem::temp_directory_path() / ("swiftlet_scenario_" + std::to_string(::getpid()));
  std::filesystem::create_directories(made);
  return made;
}

std::filesystem::path written(std::string_view text, const char* name = "test.toml") {
  const auto file = folder() / name;
  std::ofstream(file) << text;
  return file;
}

std::string with(std::string_view what, std::string_view instead) {
  std::string text(kGood);
  text.replace(text.find(what), what.size(), instead);
  return text;
}

Error refused(const std::string& text) {
  const auto read = read_scenario(written(text));
  BOOST_REQUIRE_MESSAGE(!read, "accepted: " << text);
  return read.error();
}

std::vector<geo::Pad> kiosks(int count) {
  std::vector<geo::Pad> pads;
  for (int k = 0; k < count; ++k) {
    pads.push_back({.id = "K" + std::to_string(k + 1),
                    .name = "",
                    .kind = geo::PadKind::kiosk,
                    .slots = {{.lon_deg = 4.8 + 0.01 * k, .lat_deg = 45.75, .alt_msl_m = 0.0}}});
  }
  return pads;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scenario)

BOOST_AUTO_TEST_CASE(what_is_wrong_is_refused_before_the_run_starts) {
  BOOST_TEST(bool(read_scenario(written(kGood))));
  BOOST_CHECK(read_scenario(folder() / "none.toml").error().code == ErrorCode::file_not_found);

  const Error unknown = refused(with("drones = 4", "drone = 4"));
  BOOST_CHECK(unknown.code == ErrorCode::config_unknown_key);
  BOOST_TEST((unknown.message + unknown.hint).find("drones") != std::string::npos);
  BOOST_TEST(unknown.where.find("test.toml:7") != std::string::npos);

  refused(with("orders_per_h = 300", "orders_per_h = -1"));
  refused(with("orders_per_h = 300", "orders_per_h = nan"));
  refused(with("factor = 3.0", "factor = inf"));
  refused(with("drones = 4", "drones = 0"));
  refused(with("drones = 4", "drones = 2.5"));
  refused(with("[demand]", "[demand]\nkiosks = -1"));
  refused(with("[demand]", "[demand]\nkiosk_slots = 0"));
  refused(with("hours = 2.0", "hours = 0"));
  refused(with("to_h = 12\norders", "to_h = 9\norders"));
  refused(with("2026-11-23T10", "2026-13-23T10"));
  refused(std::string(kGood) + "[faults]\nlink_loss_per_h = -0.1\n");
  const Error fault = refused(std::string(kGood) + "[[faults.script]]\nkind = \"service_crush\"\nat_h = 11\n");
  BOOST_TEST(fault.message.find("service_crash") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(demand_is_poisson_by_hour_with_its_surge_and_the_same_for_the_same_seed) {
  const auto s = read_scenario(written(kGood)).value();
  const auto orders = make_demand(s, kiosks(6), 7).value();
  BOOST_CHECK(make_demand(s, kiosks(6), 7).value().back().at_s == orders.back().at_s);
  BOOST_CHECK(make_demand(s, kiosks(6), 8).value().back().at_s != orders.back().at_s);
  double first = 0;
  double second = 0;
  double previous = 0.0;
  for (const WishedOrder& order : orders) {
    BOOST_TEST(order.at_s >= previous);
    previous = order.at_s;
    (order.at_s < 3600.0 ? first : second) += 1;
    BOOST_TEST(order.pickup != order.dropoff);
    BOOST_TEST(order.truly_ready_s >= order.at_s);
  }
  // Five standard deviations of a Poisson count.
  BOOST_TEST(std::abs(first - 300.0) < 5.0 * std::sqrt(300.0));
  BOOST_TEST(std::abs(second - 900.0) < 5.0 * std::sqrt(900.0));
}

BOOST_AUTO_TEST_CASE(pads_that_are_laid_out_share_no_place_and_keep_their_distance) {
  const test::Drawing drawing = test::draw(R"(
    ....................
    ..#.................
    ....................
    ............#.......
    ....................)");
  constexpr double kApart_m = 30.0;
  FreeGround ground(drawing.airspace, kApart_m);
  std::vector<geo::Pad> pads = ground.lay_out(geo::PadKind::hub, "HX", 2, 5).value();
  const std::vector<geo::Pad> kiosks = ground.lay_out(geo::PadKind::kiosk, "KX", 3, 4).value();
  pads.insert(pads.end(), kiosks.begin(), kiosks.end());
  BOOST_TEST(pads.size() == 5U);
  BOOST_TEST(kiosks.back().id == "KX003");
  std::vector<geo::Enu2> places;
  for (const geo::Pad& pad : pads) {
    for (const GeoPoint& slot : pad.slots) places.push_back(drawing.airspace->frame.to_local(slot.lonlat()));
  }
  BOOST_TEST(places.size() == 2U * 5U + 3U * 4U);
  for (std::size_t a = 0; a < places.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) BOOST_TEST((places[a] - places[b]).norm() > kApart_m - 0.01);
  }
  BOOST_CHECK(ground.lay_out(geo::PadKind::kiosk, "KY", 500, 4).error().code == ErrorCode::value_invalid);
}

/// Slots were once laid out in courtyards and at the edge of the region, where nobody can fly: orders from them failed.
BOOST_AUTO_TEST_CASE(pads_are_laid_out_only_where_drones_get_away) {
  const test::Drawing drawing = test::draw(R"(
    ..............
    .#####........
    .#...#........
    .#...#........
    .#...#........
    .#####........
    ..............)");
  FreeGround ground(drawing.airspace, 8.0);
  int laid_out = 0;
  while (const auto pads = ground.lay_out(geo::PadKind::hub, "HX", 1, 1)) {
    ++laid_out;
    const geo::Enu2 p = drawing.airspace->frame.to_local(pads->front().slots.front().lonlat());
    const bool in_courtyard = geo::Box2{{20.0, 20.0}, {120.0, 120.0}}.contains(p);
    BOOST_TEST(!in_courtyard, p.transpose());
  }
  BOOST_TEST(laid_out > 20);
}

BOOST_AUTO_TEST_CASE(a_broken_line_of_a_demand_file_is_named) {
  Scenario s = read_scenario(written(kGood)).value();
  s.demand_csv = folder() / "demand.csv";
  const auto read = [&](const std::string& text) {
    written(text, "demand.csv");
    return make_demand(s, kiosks(3), 1);
  };
  const auto good = read("time_s,id,from,to,priority\n12,a,K1,K2,5\n3.5,b,K2,K3,9,1.25\n");
  BOOST_REQUIRE(good);
  BOOST_TEST(good->size() == 2U);
  BOOST_TEST(good->front().id == "b");
  BOOST_TEST(good->front().mass_kg == 1.25);
  for (const char* line : {"12,a,K1,K2", "x,a,K1,K2,5", "-1,a,K1,K2,5", "nan,a,K1,K2,5", "12,a,K1,K9,5", "12,a,K1,K1,5",
                           "12,a,K1,K2,10", "12,a,K1,K2,5,-3", "12,a,K1,K2,5,1,2"}) {
    const auto broken = read(std::string("time_s,id,from,to,priority\n1,z,K1,K2,5\n") + line + "\n");
    BOOST_REQUIRE_MESSAGE(!broken, line);
    BOOST_TEST(broken.error().where.find("demand.csv:3") != std::string::npos);
  }
  BOOST_TEST(!read("time_s,id,from,to,priority\n"));
}

BOOST_AUTO_TEST_CASE(a_sweep_sets_one_key_and_leaves_the_rest) {
  const Sweep sweep = parse_sweep("fleet.drones=4..8:3").value();
  BOOST_CHECK((sweep.values == std::vector<double>{4.0, 6.0, 8.0}));
  for (const char* wrong : {"drones=4..8:3", "fleet.drones=4..8", "fleet.drones=4:3", "fleet.drones=a..8:3",
                            "fleet.drones=4..8:0", "fleet.drones=4..8:1.5", "fleet.=4..8:2", "=1..2:2"}) {
    BOOST_TEST(!parse_sweep(wrong), wrong);
  }
  const auto at = [](const std::string& section, const std::string& key, double value) {
    return read_scenario(written(with_value(kGood, section, key, value)));
  };
  BOOST_TEST(at("fleet", "drones", 7)->drones == 7);
  BOOST_TEST(at("fleet", "drones", 7)->hubs == 2);
  BOOST_TEST(at("fleet", "swap_s", 12.5)->swap_s == 12.5);
  BOOST_TEST(at("kitchens", "late_s", 60)->late_s == 60.0);
  BOOST_TEST(!at("fleet", "dornes", 7));
  BOOST_TEST(sweep_points({sweep, parse_sweep("fleet.hubs=1..2:2").value()}).size() == 6U);
}

BOOST_AUTO_TEST_CASE(an_impossible_fleet_is_refused_with_the_reason) {
  const auto airspace = test::draw(R"(
..............................
..............................
.A............................
..............................
..............................
..........................B...
..............................
)")
                            .airspace;
  for (geo::Pad& pad : airspace->pads) pad.kind = geo::PadKind::kiosk;
  const auto set_up = [&](const std::string& text) {
    return set_up_day(read_scenario(written(text)).value(), airspace, 1);
  };
  const auto good = set_up(std::string(kGood));
  BOOST_REQUIRE_MESSAGE(good, (good ? "" : describe(good.error())));
  BOOST_TEST(good->config.drones.size() == 4U);
  BOOST_TEST(good->laid_out.size() == 2U);
  BOOST_TEST(set_up(with("hubs = 2", "hubs = 0")).error().message.find("home slots") != std::string::npos);
  BOOST_TEST(set_up(with("drones = 4", "drones = 4000")).error().message.find("room") != std::string::npos);
  BOOST_TEST(!set_up(with("[demand]", "vehicle = \"curier-4\"\n[demand]")));
  BOOST_TEST(set_up(with("[demand]", "[demand]\nparcel_most_kg = 9.0")).error().message.find("carries at most") !=
             std::string::npos);
  const auto powerless = written("name = \"p\"\n[motion]\ncruise_speed_m_s = 15.0\n", "powerless.toml");
  BOOST_TEST(!set_up(with("[demand]", "vehicle = \"" + powerless.string() + "\"\n[demand]")));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::sim
