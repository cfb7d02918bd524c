#include "maps/forecast_variable.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "maps/intake/source_file.hpp"

namespace swiftlet::maps {
namespace {

constexpr std::size_t kLongestAxis = 20'000;

std::string attribute(const GDALMDArray& array, const char* name) {
  const auto found = array.GetAttribute(name);
  const char* text = found && found->GetDataType().GetClass() == GEDTC_STRING ? found->ReadAsString() : nullptr;
  return text == nullptr ? "" : text;
}

std::string lower(const std::string& text) { return CPLString(text).tolower(); }

/// What the axis along a dimension measures.
enum class Along : unsigned char { x, y, time, level, other };

bool is_length(const std::string& unit) {
  constexpr std::array kMetres{"m",  "metre",     "metres",    "meter",      "meters",
                               "km", "kilometer", "kilometre", "kilometers", "kilometres"};
  return std::find(kMetres.begin(), kMetres.end(), unit) != kMetres.end();
}

Along what_along(const GDALDimension& dimension) {
  const auto variable = dimension.GetIndexingVariable();
  const std::string unit = variable ? lower(variable->GetUnit()) : "";
  const std::string standard = variable ? attribute(*variable, "standard_name") : "";
  if (dimension.GetType() == GDAL_DIM_TYPE_TEMPORAL || unit.find(" since ") != std::string::npos) return Along::time;
  if (dimension.GetType() == GDAL_DIM_TYPE_HORIZONTAL_X || standard == "longitude" ||
      standard == "projection_x_coordinate" || unit.starts_with("degrees_e") || unit.starts_with("degree_e")) {
    return Along::x;
  }
  if (dimension.GetType() == GDAL_DIM_TYPE_HORIZONTAL_Y || standard == "latitude" ||
      standard == "projection_y_coordinate" || unit.starts_with("degrees_n") || unit.starts_with("degree_n")) {
    return Along::y;
  }
  if (dimension.GetType() == GDAL_DIM_TYPE_VERTICAL || standard == "height") return Along::level;
  return Along::other;
}

Expected<std::vector<double>> coordinates(const GDALDimension& dimension, const std::string& where) {
  const auto variable = dimension.GetIndexingVariable();
  const auto size = static_cast<std::size_t>(dimension.GetSize());
  if (!variable || variable->GetDimensionCount() != 1 || size == 0 || size > kLongestAxis) {
    return fail(ErrorCode::unsupported_format,
                fmt::format("its axis {} has no coordinates, or {} of them; 1 to {} are read", dimension.GetName(),
                            size, kLongestAxis),
                where);
  }
  std::vector<double> values(size);
  const GUInt64 start = 0;
  if (!variable->Read(&start, &size, nullptr, nullptr, GDALExtendedDataType::Create(GDT_Float64), values.data())) {
    return fail(ErrorCode::file_unreadable, fmt::format("its axis {} cannot be read", dimension.GetName()), where);
  }
  return values;
}

Expected<ForecastAxis> even_axis(const GDALDimension& dimension, double scale, const std::string& where) {
  const auto values = coordinates(dimension, where);
  if (!values) return Unexpected(values.error());
  const std::size_t n = values->size();
  const double step = n < 2 ? 0.0 : (values->back() - values->front()) / static_cast<double>(n - 1);
  bool even = step != 0.0 && std::isfinite(step);
  for (std::size_t k = 0; even && k < n; ++k) {
    constexpr double kUneven = 0.01;  // of a step: single precision has that much
    even = std::abs((*values)[k] - (values->front() + step * static_cast<double>(k))) <= kUneven * std::abs(step);
  }
  if (!even) {
    return fail(ErrorCode::unsupported_format,
                fmt::format("its axis {} is not of at least 2 even steps; a forecast on a regular grid is needed",
                            dimension.GetName()),
                where);
  }
  return ForecastAxis{.first = scale * values->front(), .step = scale * step, .count = static_cast<int>(n)};
}

/// What a coordinate must be multiplied by to be in the units of its reference system.
Expected<double> unit_scale(const GDALDimension& dimension, const OGRSpatialReference& crs, const std::string& where) {
  const std::string unit = lower(dimension.GetIndexingVariable() ? dimension.GetIndexingVariable()->GetUnit() : "");
  if (crs.IsProjected() == 0) {
    if (unit.empty() || unit.starts_with("degree")) return 1.0;
  } else if (is_length(unit) || unit.empty()) {
    return (unit.starts_with("k") ? 1000.0 : 1.0) / crs.GetLinearUnits();
  }
  return fail(
      ErrorCode::unsupported_format,
      fmt::format("its axis {} is in \"{}\", which does not fit its reference system", dimension.GetName(), unit),
      where);
}

/// The level of an axis of heights above the ground that is at `level_m`. Errors: config_invalid.
Expected<std::size_t> find_level(const GDALDimension& dimension, double level_m, const std::string& where) {
  const auto heights = coordinates(dimension, where);
  if (!heights) return Unexpected(heights.error());
  const std::string unit = lower(dimension.GetIndexingVariable()->GetUnit());
  if (unit != "m" && unit != "metre" && unit != "meter" && unit != "metres" && unit != "meters") {
    return fail(ErrorCode::unsupported_format,
                fmt::format("its levels are in \"{}\"; heights above the ground in metres are needed", unit), where);
  }
  std::string known;
  for (std::size_t k = 0; k < heights->size(); ++k) {
    if (std::abs((*heights)[k] - level_m) < 0.01) return k;
    if (k < 20) known += fmt::format("{}{}", known.empty() ? "" : ", ", (*heights)[k]);
  }
  return fail(ErrorCode::config_invalid, fmt::format("has no level at at_height_m = {} m; it has: {}", level_m, known),
              where);
}

}  // namespace

Expected<std::vector<double>> ForecastVariable::read(std::size_t time, int c0, int c1, int r0, int r1) const {
  const std::size_t dims = array->GetDimensionCount();
  std::vector<GUInt64> start(dims, 0);
  std::vector<std::size_t> count(dims, 1);
  const auto set = [&](int dim, std::size_t first, std::size_t n) {
    start[static_cast<std::size_t>(dim)] = first;
    count[static_cast<std::size_t>(dim)] = n;
  };
  const auto columns = static_cast<std::size_t>(c1 - c0 + 1);
  const auto rows = static_cast<std::size_t>(r1 - r0 + 1);
  set(time_dim, time, 1);
  set(y_dim, static_cast<std::size_t>(r0), rows);
  set(x_dim, static_cast<std::size_t>(c0), columns);
  if (level_dim >= 0) set(level_dim, level, 1);
  std::vector<GPtrDiff_t> stride(dims, 0);
  stride[static_cast<std::size_t>(x_dim)] = 1;
  stride[static_cast<std::size_t>(y_dim)] = static_cast<GPtrDiff_t>(columns);
  std::vector<double> values(columns * rows);
  if (!array->Read(start.data(), count.data(), nullptr, stride.data(), GDALExtendedDataType::Create(GDT_Float64),
                   values.data())) {
    return fail(ErrorCode::file_unreadable, fmt::format("{} cannot be read: {}", name, CPLGetLastErrorMsg()));
  }
  bool has_nothing = false;
  const double nothing = array->GetNoDataValueAsDouble(&has_nothing);
  const double scale = array->GetScale();
  const double offset = array->GetOffset();
  for (double& value : values) {
    value = has_nothing && value == nothing ? std::numeric_limits<double>::quiet_NaN() : value * scale + offset;
  }
  return values;
}

Expected<ForecastFile> ForecastFile::open(const std::filesystem::path& file) {
  start_gdal();
  ForecastFile out;
  out.where_ = std::filesystem::absolute(file).string();
  if (const auto begun = begin_source(out.where_); !begun) return Unexpected(begun.error());
  constexpr const char* kDrivers[] = {"netCDF", nullptr};
  CPLErrorReset();
  out.dataset_.reset(GDALDataset::Open(out.where_.c_str(),
                                       GDAL_OF_MULTIDIM_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, kDrivers,
                                       nullptr, nullptr));
  if (out.dataset_) out.root_ = out.dataset_->GetRootGroup();
  if (!out.root_) {
    const std::string reason = CPLGetLastErrorMsg();
    return fail(ErrorCode::unsupported_format,
                "is not a forecast that can be read (NetCDF)" + (reason.empty() ? "" : ": " + reason), out.where_);
  }
  for (const std::string& name : out.root_->GetMDArrayNames()) {
    const auto array = out.root_->OpenMDArray(name);
    if (!array || array->GetDimensionCount() < 2) continue;
    std::string standard = attribute(*array, "standard_name");
    if (standard.empty()) standard = lower(attribute(*array, "Grib2_Parameter_Name"));
    out.entries_.push_back({name, standard});
  }
  return out;
}

Expected<ForecastVariable> ForecastFile::variable(const std::string& name, double level_m) const {
  ForecastVariable out;
  out.name = name;
  out.array = root_->OpenMDArray(name);
  const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& one) { return one.name == name; });
  if (!out.array || entry == entries_.end()) {
    std::string names;
    for (const Entry& one : entries_) names += (names.empty() ? "" : ", ") + one.name;
    return fail(ErrorCode::config_invalid, fmt::format("has no variable \"{}\" on a grid; it has: {}", name, names),
                where_);
  }
  out.standard_name = entry->standard_name;
  out.unit = lower(out.array->GetUnit());
  std::optional<int> x;
  std::optional<int> y;
  std::optional<int> time;
  const auto dims = out.array->GetDimensions();
  for (std::size_t k = 0; k < dims.size(); ++k) {
    const Along along = what_along(*dims[k]);
    const int at = static_cast<int>(k);
    auto* slot = along == Along::x ? &x : along == Along::y ? &y : along == Along::time ? &time : nullptr;
    if (slot != nullptr && !*slot) {
      *slot = at;
    } else if (along == Along::level && out.level_dim < 0) {
      out.level_dim = at;
      const auto level = find_level(*dims[k], level_m, where_);
      if (!level) return Unexpected(level.error());
      out.level = *level;
    } else if (dims[k]->GetSize() != 1) {
      return fail(ErrorCode::unsupported_format,
                  fmt::format("{} has an axis {} of {} that is neither place nor time nor height", name,
                              dims[k]->GetName(), dims[k]->GetSize()),
                  where_);
    }
  }
  if (!time) {
    return fail(ErrorCode::time_invalid,
                fmt::format("{} has no time axis; a forecast says of every wind when it blows", name), where_);
  }
  if (!x || !y) {
    return fail(ErrorCode::unsupported_format, fmt::format("{} has no axes of even x and y coordinates", name), where_);
  }
  out.time_dim = *time;
  out.x_dim = *x;
  out.y_dim = *y;
  const GDALDimension& tdim = *dims[static_cast<std::size_t>(*time)];
  const GDALDimension& xdim = *dims[static_cast<std::size_t>(*x)];
  const GDALDimension& ydim = *dims[static_cast<std::size_t>(*y)];
  auto times = coordinates(tdim, where_);
  if (!times) return Unexpected(times.error());
  out.times = std::move(*times);
  out.time_unit = tdim.GetIndexingVariable()->GetUnit();
  out.calendar = attribute(*tdim.GetIndexingVariable(), "calendar");

  const auto stated = out.array->GetSpatialRef();
  const auto x_variable = xdim.GetIndexingVariable();
  const bool degrees = x_variable && lower(x_variable->GetUnit()).starts_with("degree");
  auto crs = !stated && degrees ? Expected<OGRSpatialReference>(wgs84()) : traditional_axes(stated.get(), where_);
  if (!crs) return Unexpected(crs.error());
  out.crs = *crs;
  for (const auto& [dimension, axis] : {std::pair{&xdim, &out.x}, {&ydim, &out.y}}) {
    const auto scale = unit_scale(*dimension, out.crs, where_);
    if (!scale) return Unexpected(scale.error());
    const auto even = even_axis(*dimension, *scale, where_);
    if (!even) return Unexpected(even.error());
    *axis = *even;
  }
  return out;
}

}  // namespace swiftlet::maps
