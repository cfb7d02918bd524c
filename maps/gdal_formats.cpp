#include "maps/gdal_formats.hpp"

#include "maps/gdal_files.hpp"

namespace swiftlet::maps {

std::vector<std::string> missing_formats() {
  start_gdal();
  std::vector<std::string> missing;
  for (const char* driver :
       {"GTiff", "COG", "AAIGrid", "SRTMHGT", "netCDF", "GPKG", "GeoJSON", "ESRI Shapefile", "FlatGeobuf", "OSM"}) {
    if (GetGDALDriverManager()->GetDriverByName(driver) == nullptr) missing.emplace_back(driver);
  }
  OGRSpatialReference utm;
  if (utm.importFromEPSG(32631) != OGRERR_NONE || !Reprojection::make(wgs84(), utm)) missing.emplace_back("proj.db");
  return missing;
}

}  // namespace swiftlet::maps
