#pragma once

#include <memory>
#include <string>
#include <vector>

#include "geo/referee.hpp"
#include "maps/referee/referee.hpp"
#include "tests/maps/written_region.hpp"

namespace swiftlet::test {

/// True metres from the world's south-west corner, altitude above the datum. (The files are in UTM, whose metre at
/// its central meridian is 1/0.9996 of a true one.)
struct Place {
  double x_m;
  double y_m;
  double alt_m;
};

[[nodiscard]] GeoPoint at(const Place& place);
/// lon and lat of a place as JSON.
[[nodiscard]] std::string lonlat_json(double x_m, double y_m);

struct Box3 {
  double x0_m, y0_m, x1_m, y1_m, height_m;
};

/// A closed rectangle as WKT in the files' reference system.
[[nodiscard]] std::string true_rectangle_wkt(double x0_m, double y0_m, double x1_m, double y1_m);

/// A region written as real GIS files and opened by the referee. Terrain: 101 × 101 cells of 10 m, flat at 10 m unless
/// said otherwise.
class JudgedWorld {
 public:
  struct Contents {
    std::vector<Box3> boxes = {};
    std::string zones = {};  ///< ED-269, or none
    TerrainToWrite terrain = {};
  };
  explicit JudgedWorld(const Contents& contents);

  [[nodiscard]] const maps::RegionManifest& manifest() const { return manifest_; }
  [[nodiscard]] geo::RouteUnderTest route(const std::vector<Place>& places) const;
  [[nodiscard]] geo::RefereeReport judge(const geo::RouteUnderTest& route) const { return referee_->judge(route); }
  [[nodiscard]] geo::RefereeReport judge(const std::vector<Place>& places) const { return judge(route(places)); }

 private:
  TemporaryDirectory directory_;
  maps::RegionManifest manifest_;
  std::string hash_;
  std::unique_ptr<const geo::Referee> referee_;
};

/// "rule@segment" of every violation, space between.
[[nodiscard]] std::string broken(const geo::RefereeReport& report);

}  // namespace swiftlet::test
