#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "maps/geozone_reader.hpp"
#include "maps/zone_document.hpp"
#include "maps/zone_writer.hpp"
#include "tests/maps/written_region.hpp"
#include "tests/seed.hpp"

using namespace swiftlet;
using maps::PublishedZone;

namespace {

std::vector<PublishedZone> again(const Expected<nlohmann::ordered_json>& document) {
  BOOST_REQUIRE_MESSAGE(document, test::why_not(document));
  const auto zones = maps::read_zone_document(nlohmann::json::parse(document->dump()), "exported");
  BOOST_REQUIRE_MESSAGE(zones, test::why_not(zones) << document->dump());
  return *zones;
}

/// Zones of every kind that both formats have.
class DrawnZones {
 public:
  explicit DrawnZones(std::uint64_t seed) : rng_(seed) {}

  PublishedZone zone() {
    PublishedZone z;
    z.id =
        coin() ? "Z" + std::to_string(whole(0, 99999)) : "A zone with a long name, Nº " + std::to_string(whole(0, 999));
    if (coin()) z.country = "CHE";
    if (coin()) z.variant = "CUSTOMIZED";
    if (coin()) z.name = {{.lang = "", .text = "Place"}};
    z.restriction = static_cast<geo::Restriction>(whole(0, 3));
    if (coin()) z.restriction_conditions = "only \"with\" care";
    if (coin()) z.region = whole(0, 65535);
    if (coin()) z.reasons = {"NATURE", "OTHER"};
    if (coin()) z.message = {{.lang = "", .text = "Grüezi"}};
    if (coin()) {
      z.authorities.push_back({});
      z.authorities.back().name = {{.lang = "", .text = "Office"}};
      z.authorities.back().purpose = "AUTHORIZATION";
    }
    for (int n = whole(0, 2); n > 0; --n) z.applicability.push_back(rule());
    for (int n = whole(1, 3); n > 0; --n) z.volumes.push_back(volume());
    return z;
  }

 private:
  int whole(int lo, int hi) { return std::uniform_int_distribution<int>(lo, hi)(rng_); }
  double real(double lo, double hi) { return std::uniform_real_distribution<double>(lo, hi)(rng_); }
  bool coin() { return whole(0, 1) == 1; }

  geo::Applicability rule() {
    const UtcTime day =
        parse_rfc3339("2026-01-01T00:00:00Z").value() + std::chrono::milliseconds(whole(0, 2'000'000'000));
    geo::Applicability r{.start = day, .end = {}, .periods = {}};
    if (coin()) r.end = day + std::chrono::minutes(whole(0, 100'000));
    for (int n = whole(0, 3); n > 0; --n) {
      const std::chrono::milliseconds start(whole(0, 24 * 3'600'000 - 1));
      const std::chrono::milliseconds length(whole(1, 24 * 3'600'000));
      r.periods.push_back(
          {.days = static_cast<unsigned>(whole(1, 127)), .start = start, .end = start + length, .clock = {}});
      if (coin())
        r.periods.back() = {
            .days = 0b0100000, .start = std::chrono::hours(9), .end = std::chrono::hours(24), .clock = {}};
    }
    return r;
  }

  std::optional<maps::PublishedLimit> limit(double lo) {
    if (coin()) return std::nullopt;
    return maps::PublishedLimit{.value = real(lo, lo + 100),
                                .reference = static_cast<maps::LimitReference>(whole(0, 1))};
  }

  maps::ZoneVolume volume() {
    maps::ZoneVolume v{.in_feet = coin(), .lower = limit(0), .upper = limit(100), .shape = {}};
    const LonLat at{.lon_deg = real(6.0, 6.3), .lat_deg = real(46.0, 46.3)};
    if (coin()) {
      v.shape = maps::ZoneCircle{.centre = at, .radius_m = real(1, 5000)};
      return v;
    }
    const auto triangle = [&](double dx, double size) {
      return std::vector<LonLat>{
          {at.lon_deg + dx, at.lat_deg}, {at.lon_deg + dx + size, at.lat_deg}, {at.lon_deg + dx, at.lat_deg + size}};
    };
    maps::ZonePolygon polygon{.rings = {triangle(0, 0.1)}};
    if (coin())
      polygon.rings.push_back({{at.lon_deg + 0.01, at.lat_deg + 0.01},
                               {at.lon_deg + 0.01, at.lat_deg + 0.02},
                               {at.lon_deg + 0.02, at.lat_deg + 0.01}});
    v.shape = std::vector{polygon};
    return v;
  }

  std::mt19937_64 rng_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(zone_export)

BOOST_AUTO_TEST_CASE(what_is_exported_is_imported_as_it_was) {
  DrawnZones drawn(test::seed());
  std::vector<PublishedZone> zones;
  for (int k = 0; k < 300; ++k) zones.push_back(drawn.zone());
  const auto by_ed269 = again(maps::to_ed269(zones, "drawn"));
  const auto by_ed318 = again(maps::to_ed318(zones, "drawn"));
  BOOST_REQUIRE_EQUAL(by_ed269.size(), zones.size());
  BOOST_REQUIRE_EQUAL(by_ed318.size(), zones.size());
  for (std::size_t k = 0; k < zones.size(); ++k) {
    BOOST_TEST((by_ed269[k] == zones[k]), maps::to_ed269({zones[k]}, "")->dump());
    BOOST_TEST((by_ed318[k] == zones[k]), maps::to_ed318({zones[k]}, "")->dump());
  }
}

BOOST_AUTO_TEST_CASE(what_only_ed318_can_say) {
  PublishedZone zone = DrawnZones(5).zone();
  zone.applicability.clear();
  zone.u_space = true;
  zone.restriction = geo::Restriction::conditional;
  zone.name = {{.lang = "de-CH", .text = "Stadt"}, {.lang = "en-GB", .text = "City"}};
  zone.volumes = {zone.volumes.front()};
  zone.volumes[0].lower = maps::PublishedLimit{.value = 400, .reference = maps::LimitReference::wgs84};
  zone.volumes[0].shape = std::vector{maps::ZonePolygon{{{{6, 46}, {6.1, 46}, {6, 46.1}}}},
                                      maps::ZonePolygon{{{{7, 46}, {7.1, 46}, {7, 46.1}}}}};
  BOOST_TEST((again(maps::to_ed318({zone}, "")).at(0) == zone));
  const auto refused = maps::to_ed269({zone}, "");
  BOOST_REQUIRE(!refused);
  BOOST_TEST(name(refused.error().code) == "unsupported_format");
  BOOST_TEST(refused.error().where == "zone " + zone.id);
  // In ED-269 its parts become volumes, and of its names the English one stays.
  zone.volumes[0].lower->reference = maps::LimitReference::amsl;
  const auto plain = again(maps::to_ed269({zone}, "")).at(0);
  BOOST_TEST(plain.volumes.size() == 2u);
  BOOST_TEST(plain.name.at(0).text == "City");
  BOOST_TEST((plain.restriction == geo::Restriction::conditional));
}

BOOST_AUTO_TEST_CASE(a_schedule_by_a_local_clock_is_not_written_as_if_it_were_utc) {
  const auto zones =
      maps::read_zone_document(nlohmann::json::parse(R"({"features":[{"identifier":"Z1","restriction":"PROHIBITED",
    "applicability":[{"permanent":"NO","timeZone":"Europe/Paris","schedule":[{"startTime":"08:00","endTime":"18:00"}]}],
    "geometry":[{"uomDimensions":"M","lowerLimit":0,"lowerVerticalReference":"AGL","upperLimit":null,
      "horizontalProjection":{"type":"Circle","center":[6,46],"radius":50}}]}]})"),
                               "zones");
  BOOST_REQUIRE_MESSAGE(zones, test::why_not(zones));
  for (const auto& document : {maps::to_ed269(*zones, ""), maps::to_ed318(*zones, "")}) {
    BOOST_REQUIRE(!document);
    BOOST_TEST(name(document.error().code) == "unsupported_format");
    BOOST_TEST(document.error().message.find("Europe/Paris") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
