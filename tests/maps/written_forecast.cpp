#include "tests/maps/written_forecast.hpp"

#include <gdal_priv.h>

#include <stdexcept>

namespace swiftlet::test {
namespace {

const GDALExtendedDataType kNumber = GDALExtendedDataType::Create(GDT_Float64);

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("not written: ") + what);
}

void write_all(GDALMDArray& array, const std::vector<double>& values) {
  std::vector<GUInt64> start(array.GetDimensionCount(), 0);
  std::vector<std::size_t> count;
  for (const auto& dimension : array.GetDimensions()) count.push_back(static_cast<std::size_t>(dimension->GetSize()));
  require(array.Write(start.data(), count.data(), nullptr, nullptr, kNumber, values.data()), "values");
}

void set_text(GDALMDArray& array, const char* name, const std::string& value) {
  if (value.empty()) return;
  const auto attribute = array.CreateAttribute(name, {}, GDALExtendedDataType::CreateString());
  require(attribute && attribute->Write(value.c_str()), name);
}

std::shared_ptr<GDALDimension> axis(GDALGroup& root, const char* name, const char* type, const std::vector<double>& at,
                                    const std::string& unit, const std::string& standard_name) {
  auto dimension = root.CreateDimension(name, type, "", at.size());
  require(dimension != nullptr, name);
  const auto variable = root.CreateMDArray(name, {dimension}, kNumber);
  require(variable != nullptr, name);
  variable->SetUnit(unit);
  set_text(*variable, "standard_name", standard_name);
  write_all(*variable, at);
  return dimension;
}

}  // namespace

ForecastToWrite usual_forecast() {
  ForecastToWrite forecast;
  for (int k = 0; k < 7; ++k) {
    forecast.x.push_back(500000.0 - 400.0 + 300.0 * k);
    forecast.y.push_back(2490000.0 - 400.0 + 300.0 * k);
  }
  return forecast;
}

void write_forecast(const std::filesystem::path& file, const ForecastToWrite& f) {
  GDALAllRegister();
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("netCDF");
  require(driver != nullptr, "the driver netCDF is missing");
  std::filesystem::remove(file);
  const GDALDatasetUniquePtr dataset(driver->CreateMultiDimensional(file.c_str(), nullptr, nullptr));
  require(dataset != nullptr, "the file");
  const auto root = dataset->GetRootGroup();
  OGRSpatialReference crs;
  require(crs.SetFromUserInput(f.crs.c_str()) == OGRERR_NONE, "crs");
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  const bool degrees = crs.IsProjected() == 0;
  std::vector<std::shared_ptr<GDALDimension>> dims;
  if (f.with_time) {
    dims.push_back(axis(*root, "time", GDAL_DIM_TYPE_TEMPORAL, f.times, f.time_unit, "time"));
    set_text(*root->OpenMDArray("time"), "calendar", f.calendar);
  }
  if (!f.levels_m.empty()) {
    dims.push_back(axis(*root, "height", GDAL_DIM_TYPE_VERTICAL, f.levels_m, f.level_unit, "height"));
  }
  dims.push_back(axis(*root, degrees ? "lat" : "y", GDAL_DIM_TYPE_HORIZONTAL_Y, f.y,
                      degrees ? "degrees_north" : f.axis_unit, degrees ? "latitude" : "projection_y_coordinate"));
  dims.push_back(axis(*root, degrees ? "lon" : "x", GDAL_DIM_TYPE_HORIZONTAL_X, f.x,
                      degrees ? "degrees_east" : f.axis_unit, degrees ? "longitude" : "projection_x_coordinate"));
  const int times = f.with_time ? static_cast<int>(f.times.size()) : 1;
  const int levels = f.levels_m.empty() ? 1 : static_cast<int>(f.levels_m.size());
  for (int k = 0; k < 2; ++k) {
    const auto variable = root->CreateMDArray(f.names[k], dims, kNumber);
    require(variable != nullptr, "a variable");
    variable->SetUnit(f.units[k]);
    variable->SetSpatialRef(&crs);
    set_text(*variable, "standard_name", f.standard_names[k]);
    std::vector<double> values;
    for (int t = 0; t < times; ++t) {
      for (int l = 0; l < levels; ++l) {
        for (int r = 0; r < static_cast<int>(f.y.size()); ++r) {
          for (int c = 0; c < static_cast<int>(f.x.size()); ++c) values.push_back(f.value(k, t, l, r, c));
        }
      }
    }
    write_all(*variable, values);
  }
}

}  // namespace swiftlet::test
