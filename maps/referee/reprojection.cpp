#include "maps/referee/reprojection.hpp"

#include <fmt/core.h>
#include <ogr_spatialref.h>

#include <cmath>

namespace swiftlet::maps::referee {
namespace {

Crs from_proj_string(const std::string& definition) {
  Crs crs(new OGRSpatialReference);
  if (crs->importFromProj4(definition.c_str()) != OGRERR_NONE) return nullptr;
  crs->SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  return crs;
}

}  // namespace

void Reprojection::Destroy::operator()(OGRCoordinateTransformation* transformation) const {
  OGRCoordinateTransformation::DestroyCT(transformation);
}

Expected<Reprojection> Reprojection::between(const OGRSpatialReference& from, const OGRSpatialReference& to,
                                             const std::string& where) {
  const QuietGdal quiet;
  OGRCoordinateTransformation* owned = OGRCreateCoordinateTransformation(&from, &to);
  if (owned == nullptr) {
    return fail(ErrorCode::crs_missing,
                fmt::format("there is no transformation from its coordinate reference system: {}", quiet.said()),
                where);
  }
  return Reprojection(owned);
}

Reprojection Reprojection::clone() const { return Reprojection(transformation_->Clone()); }

bool Reprojection::apply(std::vector<Point2>& points) const {
  if (points.empty()) return true;
  const QuietGdal quiet;
  std::vector<double> x(points.size());
  std::vector<double> y(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    x[i] = points[i].x;
    y[i] = points[i].y;
  }
  bool all = transformation_->Transform(static_cast<int>(points.size()), x.data(), y.data()) != FALSE;
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i] = {x[i], y[i]};
    all = all && std::isfinite(x[i]) && std::isfinite(y[i]);
  }
  return all;
}

Crs wgs84_lonlat() { return from_proj_string("+proj=longlat +datum=WGS84 +no_defs"); }

Crs local_frame(LonLat centre) {
  return from_proj_string(
      fmt::format("+proj=tmerc +lat_0={:.17g} +lon_0={:.17g} +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m", centre.lat_deg,
                  centre.lon_deg));
}

Crs azimuthal_equidistant(LonLat centre) {
  return from_proj_string(fmt::format("+proj=aeqd +lat_0={:.17g} +lon_0={:.17g} +x_0=0 +y_0=0 +datum=WGS84 +units=m",
                                      centre.lat_deg, centre.lon_deg));
}

}  // namespace swiftlet::maps::referee
