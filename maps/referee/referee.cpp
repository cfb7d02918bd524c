#include "maps/referee/referee.hpp"

#include <ogr_spatialref.h>

#include <stdexcept>

#include "maps/referee/clearance_check.hpp"
#include "maps/referee/findings.hpp"
#include "maps/referee/flight_path.hpp"
#include "maps/referee/height_check.hpp"
#include "maps/referee/instruments.hpp"
#include "maps/referee/live_zones.hpp"
#include "maps/referee/sources.hpp"
#include "maps/referee/terminal.hpp"
#include "maps/referee/zone_check.hpp"

namespace swiftlet::maps {
namespace {

/// What versions with other zones share.
struct Ground {
  referee::Sources sources;
  referee::InstrumentStore instruments;
};

class SourceReferee final : public geo::Referee {
 public:
  explicit SourceReferee(std::shared_ptr<Ground> ground) : ground_(std::move(ground)), in_force_(ground_->sources) {}
  SourceReferee(std::shared_ptr<Ground> ground, referee::ZonesInForce in_force)
      : ground_(std::move(ground)), in_force_(std::move(in_force)) {}

  [[nodiscard]] const std::shared_ptr<Ground>& ground() const { return ground_; }

  [[nodiscard]] geo::RefereeReport judge(const geo::RouteUnderTest& route) const override {
    referee::Findings findings;
    geo::RefereeReport report;
    if (route.airspace_hash != in_force_.hash) {
      findings.add({.rule = "airspace_hash",
                    .at = route.path.empty() ? GeoPoint{} : route.path.front(),
                    .cause = ErrorCause{.kind = "airspace", .id = in_force_.hash}},
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
    const referee::Sources& sources = ground_->sources;
    const auto loan = ground_->instruments.borrow();
    const referee::Instruments& instruments = *loan;
    referee::FlightPath path;
    referee::lay_out(route, sources.dem, referee::kTolerance_m / sources.pixel_m, instruments, path);
    referee::apply_terminals(sources, route.policy, instruments, path, findings);
    referee::check_heights(route.policy, path, report, findings);
    referee::check_clearances(sources, route.policy, instruments, path, report, findings);
    referee::check_zones(in_force_.zones, route, instruments, path, report, findings);
  }

  std::shared_ptr<Ground> ground_;
  referee::ZonesInForce in_force_;
};

}  // namespace

Expected<std::unique_ptr<const geo::Referee>> open_referee(const RegionManifest& manifest) {
  auto sources = referee::read_sources(manifest);
  if (!sources) return tl::make_unexpected(sources.error());
  const std::string where = manifest.file.string();
  const referee::Crs lonlat = referee::wgs84_lonlat();
  auto to_local = referee::Reprojection::between(*lonlat, *referee::local_frame(sources->centre), where);
  if (!to_local) return tl::make_unexpected(to_local.error());
  auto to_dem = referee::Reprojection::between(*lonlat, *sources->dem_crs, where);
  if (!to_dem) return tl::make_unexpected(to_dem.error());
  return std::make_unique<const SourceReferee>(std::shared_ptr<Ground>(
      new Ground{.sources = std::move(*sources), .instruments = {std::move(*to_local), std::move(*to_dem)}}));
}

Expected<std::shared_ptr<const geo::Referee>> load_referee(const std::filesystem::path& airspace_dir) {
  const auto manifest = read_region_manifest(airspace_dir / "sources" / "region.toml");
  if (!manifest) return tl::make_unexpected(manifest.error());
  auto opened = open_referee(*manifest);
  if (!opened) return tl::make_unexpected(opened.error());
  return std::shared_ptr<const geo::Referee>(std::move(*opened));
}

Expected<std::shared_ptr<const geo::Referee>> with_live_zones(const std::shared_ptr<const geo::Referee>& referee,
                                                              const std::string& document, const std::string& where) {
  const auto opened = std::dynamic_pointer_cast<const SourceReferee>(referee);
  if (!opened) throw std::invalid_argument("only a referee on source files can read live zones");
  auto in_force = referee::zones_in_force(opened->ground()->sources, document, where);
  if (!in_force) return tl::make_unexpected(in_force.error());
  return std::make_shared<const SourceReferee>(opened->ground(), std::move(*in_force));
}

}  // namespace swiftlet::maps
