#include "maps/referee/referee.hpp"

#include <ogr_spatialref.h>

#include "maps/referee/clearance_check.hpp"
#include "maps/referee/findings.hpp"
#include "maps/referee/flight_path.hpp"
#include "maps/referee/height_check.hpp"
#include "maps/referee/instruments.hpp"
#include "maps/referee/sources.hpp"
#include "maps/referee/terminal.hpp"
#include "maps/referee/zone_check.hpp"

namespace swiftlet::maps {
namespace {

class SourceReferee final : public geo::Referee {
 public:
  SourceReferee(referee::Sources sources, referee::Reprojection local_from_lonlat,
                std::vector<referee::Reprojection> terrain_from_lonlat)
      : sources_(std::move(sources)), instruments_(std::move(local_from_lonlat), std::move(terrain_from_lonlat)) {}

  [[nodiscard]] geo::RefereeReport judge(const geo::RouteUnderTest& route) const override {
    referee::Findings findings;
    geo::RefereeReport report;
    if (route.airspace_hash != sources_.hash) {
      findings.add({.rule = "airspace_hash",
                    .at = route.path.empty() ? GeoPoint{} : route.path.front(),
                    .cause = ErrorCause{.kind = "airspace", .id = sources_.hash}},
                   0.0);
    }
    if (const auto fault = referee::what_is_malformed(route)) {
      findings.add({.rule = "path", .cause = ErrorCause{.kind = "route", .id = *fault}}, 0.0);
    } else {
      judge_path(route, report, findings);
    }
    report.violations = findings.take();
    return report;
  }

 private:
  void judge_path(const geo::RouteUnderTest& route, geo::RefereeReport& report, referee::Findings& findings) const {
    const auto loan = instruments_.borrow();
    const referee::Instruments& instruments = *loan;
    referee::FlightPath path;
    referee::lay_out(route, *sources_.terrain, instruments, path);
    referee::apply_terminals(sources_, route.policy, instruments, path, findings);
    referee::check_heights(route.policy, path, report, findings);
    referee::check_clearances(sources_, route.policy, instruments, path, report, findings);
    referee::check_zones(sources_, route, instruments, path, report, findings);
  }

  referee::Sources sources_;
  mutable referee::InstrumentStore instruments_;
};

}  // namespace

Expected<std::unique_ptr<const geo::Referee>> open_referee(const RegionManifest& manifest) {
  auto sources = referee::read_sources(manifest);
  if (!sources) return tl::make_unexpected(sources.error());
  const std::string where = manifest.file.string();
  const referee::Crs lonlat = referee::wgs84_lonlat();
  auto to_local = referee::Reprojection::between(*lonlat, *referee::local_frame(sources->centre), where);
  if (!to_local) return tl::make_unexpected(to_local.error());
  std::vector<referee::Reprojection> to_terrain;
  for (const referee::Terrain::Source& source : sources->terrain->sources()) {
    auto way = referee::Reprojection::between(*lonlat, *source.crs, where);
    if (!way) return tl::make_unexpected(way.error());
    to_terrain.push_back(std::move(*way));
  }
  return std::make_unique<const SourceReferee>(std::move(*sources), std::move(*to_local), std::move(to_terrain));
}

Expected<std::shared_ptr<const geo::Referee>> load_referee(const std::filesystem::path& airspace_dir) {
  const auto manifest = read_region_manifest(airspace_dir / "sources" / "region.toml");
  if (!manifest) return tl::make_unexpected(manifest.error());
  auto opened = open_referee(*manifest);
  if (!opened) return tl::make_unexpected(opened.error());
  return std::shared_ptr<const geo::Referee>(std::move(*opened));
}

}  // namespace swiftlet::maps
