// A route over live zones: what the compiler's version says, the referee says by itself.
#include <fmt/core.h>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "maps/compile.hpp"
#include "maps/live_zone_reader.hpp"
#include "maps/referee/referee.hpp"
#include "tests/maps/referee/judged_world.hpp"

using namespace swiftlet;
using test::broken;
using test::JudgedWorld;

namespace {

std::string polygon(double x0, double y0, double x1, double y1) {
  return fmt::format("[[{},{},{},{},{}]]", test::lonlat_json(x0, y0), test::lonlat_json(x1, y0),
                     test::lonlat_json(x1, y1), test::lonlat_json(x0, y1), test::lonlat_json(x0, y0));
}

std::string ed269(const std::string& id, double x0, double x1) {
  return fmt::format(
      R"({{"identifier":"{}","restriction":"PROHIBITED","geometry":[{{"uomDimensions":"M","lowerLimit":0,
          "lowerVerticalReference":"AGL","upperLimit":null,
          "horizontalProjection":{{"type":"Polygon","coordinates":{}}}}}]}})",
      id, polygon(x0, 400, x1, 500));
}

std::string ed318(const std::string& id, double x0, double x1) {
  return fmt::format(
      R"({{"type":"Feature","properties":{{"identifier":"{}","type":"REQ_AUTHORIZATION"}},
          "geometry":{{"type":"Polygon","coordinates":{},"layer":{{"upper":99999,"lower":0,"lowerReference":"AGL"}}}}}})",
      id, polygon(x0, 400, x1, 500));
}

/// West to east at 450, 60 m up: segment 1 crosses 400…500, segment 3 crosses 700…800.
const std::vector<test::Place> kThrough{{300, 450, 60}, {390, 450, 60}, {510, 450, 60}, {600, 450, 60}, {900, 450, 60}};

struct LiveWorld {
  JudgedWorld world{{.zones = R"({"features":[)" + ed269("base", 400, 500) + "]}"}};
  geo::AirspacePtr compiled =
      std::make_shared<const geo::Airspace>(std::move(maps::compile(world.manifest()).value().airspace));
  std::shared_ptr<const geo::Referee> referee = maps::open_referee(world.manifest()).value();

  [[nodiscard]] geo::LiveZone zone(const std::string& text) const {
    auto read = maps::read_live_zone(text, *compiled, "zone.json");
    BOOST_REQUIRE_MESSAGE(read, test::why_not(read));
    return *read;
  }
  /// What the referee says of the route over that version, told of its zones by the document alone.
  [[nodiscard]] std::string judged(const geo::AirspacePtr& version, std::vector<std::string> held = {}) const {
    const auto live = maps::with_live_zones(referee, maps::live_zones_document(*version), "live.json");
    BOOST_REQUIRE_MESSAGE(live, test::why_not(live));
    auto route = world.route(kThrough);
    route.airspace_hash = version->hash;
    route.authorisations = std::move(held);
    return broken((*live)->judge(route));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(referee_live_zones, LiveWorld)

BOOST_AUTO_TEST_CASE(inserted_changed_and_removed_zones_bind_the_referee_too) {
  BOOST_TEST(judged(compiled) == "geozone@1");
  const auto with_new = geo::insert_zone(compiled, zone(ed318("new", 700, 800))).value();
  BOOST_TEST(judged(with_new) == "geozone@1 geozone@3");
  BOOST_TEST(judged(with_new, {"new"}) == "geozone@1");
  const auto without_base = geo::remove_zone(with_new, "base").value();
  BOOST_TEST(judged(without_base) == "geozone@3");
  const auto elsewhere = geo::change_zone(with_new, zone(ed269("base", 420, 430))).value();
  BOOST_TEST(judged(elsewhere) == "geozone@1 geozone@3");
  const auto moved = geo::change_zone(elsewhere, zone(ed269("base", 200, 250))).value();
  BOOST_TEST(judged(moved) == "geozone@3");
  BOOST_TEST(judged(geo::remove_zone(moved, "new").value()) == "");
}

BOOST_AUTO_TEST_CASE(a_route_of_one_version_is_refused_by_another) {
  const auto version = geo::insert_zone(compiled, zone(ed318("new", 700, 800))).value();
  auto route = world.route(kThrough);
  route.airspace_hash = version->hash;
  BOOST_TEST(broken(referee->judge(route)).starts_with("airspace_hash"));
  const auto live = maps::with_live_zones(referee, maps::live_zones_document(*version), "live.json").value();
  route.airspace_hash = compiled->hash;
  BOOST_TEST(broken(live->judge(route)).starts_with("airspace_hash"));
}

BOOST_AUTO_TEST_CASE(a_document_leads_back_to_the_version) {
  auto version = geo::insert_zone(compiled, zone(ed318("new", 700, 800))).value();
  version = geo::remove_zone(version, "base").value();
  const auto again = maps::apply_live_zones(compiled, maps::live_zones_document(*version), "live.json");
  BOOST_REQUIRE_MESSAGE(again, test::why_not(again));
  BOOST_TEST((*again)->hash == version->hash);
  BOOST_TEST(maps::live_zones_document(**again) == maps::live_zones_document(*version));
  BOOST_TEST((maps::apply_live_zones(compiled, maps::live_zones_document(*compiled), "live.json").value() == compiled));
}

BOOST_AUTO_TEST_CASE(spacing_and_order_of_members_do_not_change_the_version) {
  const auto a = zone(
      R"({"type":"Feature","properties":{"identifier":"n","type":"PROHIBITED"},"geometry":{"type":"Polygon","coordinates":)" +
      polygon(700, 400, 800, 500) + "}}");
  const auto b = zone(R"({ "geometry": {"coordinates": )" + polygon(700, 400, 800, 500) +
                      R"(, "type":"Polygon"}, "properties":{"type":"PROHIBITED","identifier":"n"},"type":"Feature"})");
  BOOST_TEST(a.published == b.published);
}

BOOST_AUTO_TEST_CASE(documents_that_are_none) {
  const std::string hash = compiled->hash;
  const auto both = [&](const std::string& document) {
    const auto ours = maps::apply_live_zones(compiled, document, "live.json");
    const auto theirs = maps::with_live_zones(referee, document, "live.json");
    BOOST_TEST(!ours, document);
    BOOST_TEST(!theirs, document);
    if (ours || theirs) return std::string("read");
    BOOST_TEST(ours.error().where.starts_with("live.json"));
    BOOST_TEST(theirs.error().where.starts_with("live.json"));
    BOOST_TEST(name(ours.error().code) == name(theirs.error().code));
    return std::string(name(ours.error().code));
  };
  const auto document = [&](const std::string& base, const std::string& removed, const std::string& zones) {
    return fmt::format(R"({{"schema":"swiftlet.live_zones/1","base":"{}","removed":{},"zones":{}}})", base, removed,
                       zones);
  };
  BOOST_TEST(both("{") == "bad_json");
  BOOST_TEST(both("{}") == "value_invalid");
  BOOST_TEST(both(document("sha256:other", "[]", "[]")) == "value_invalid");
  BOOST_TEST(both(document(hash, "5", "[]")) == "value_invalid");
  BOOST_TEST(both(document(hash, "[5]", "[]")) == "value_invalid");
  BOOST_TEST(both(document(hash, "[]", "{}")) == "value_invalid");
  BOOST_TEST(both(document(hash, "[]", R"([{"identifier":"x"}])")) == "value_invalid");
  const std::string zone_text = ed269("n", 700, 800);
  BOOST_TEST(both(document(hash, "[]", "[" + zone_text + "," + zone_text + "]")) == "conflict");
}

BOOST_AUTO_TEST_SUITE_END()
