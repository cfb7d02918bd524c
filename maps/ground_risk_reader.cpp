#include "maps/ground_risk_reader.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "maps/gdal_files.hpp"
#include "maps/local_geometry.hpp"
#include "maps/terrain_reader.hpp"
#include "maps/vector_layer.hpp"

namespace swiftlet::maps {
namespace {

constexpr int kPlaces = 4;  ///< of a cell where sources are asked, along each axis

geo::GridFrame grid_over(const geo::Box2& extent) {
  constexpr double kMostCells = 4e6;
  geo::GridFrame grid{.origin = extent.min, .cell_m = 10.0, .nx = 0, .ny = 0};
  const geo::Enu2 size = extent.max - extent.min;
  while (std::ceil(size.x() / grid.cell_m) * std::ceil(size.y() / grid.cell_m) > kMostCells) grid.cell_m *= 2.0;
  grid.nx = std::max(1, static_cast<int>(std::ceil(size.x() / grid.cell_m)));
  grid.ny = std::max(1, static_cast<int>(std::ceil(size.y() / grid.cell_m)));
  return grid;
}

/// One row of places across the grid, which a source says something of.
struct PlaceRow {
  double y_m;
  std::vector<double>& value;  ///< NaN: nothing said
};

/// Where a place of a row lies.
double x_of(const geo::GridFrame& grid, std::size_t k) {
  return grid.origin.x() + grid.cell_m * (static_cast<double>(k) + 0.5) / kPlaces;
}

/// What is said of the rows of places, one source after the other.
class Source {
 public:
  virtual ~Source() = default;
  virtual void ask(const geo::GridFrame& grid, PlaceRow row) = 0;
};

class RasterSource : public Source {
 public:
  explicit RasterSource(geo::TerrainGrid grid) : raster_(std::move(grid)) {}

  void ask(const geo::GridFrame& grid, PlaceRow row) override {
    for (std::size_t k = 0; k < row.value.size(); ++k) {
      const Eigen::Vector2d pixel = raster_.lattice().to_pixel({x_of(grid, k), row.y_m});
      const double c = std::floor(pixel.x() + 0.5);
      const double r = std::floor(pixel.y() + 0.5);
      if (!(c >= 0.0 && r >= 0.0 && c < raster_.columns() && r < raster_.rows())) continue;
      row.value[k] = raster_.node(static_cast<int>(c), static_cast<int>(r));
    }
  }

 private:
  geo::TerrainGrid raster_;
};

/// Features that lie over each other: the highest number counts.
class PolygonSource : public Source {
 public:
  struct Feature {
    geo::MultiPolygon shape;
    geo::Box2 box;
    double value;
  };
  explicit PolygonSource(std::vector<Feature> features) : features_(std::move(features)) {
    std::sort(features_.begin(), features_.end(),
              [](const Feature& a, const Feature& b) { return a.box.min.y() < b.box.min.y(); });
  }

  void ask(const geo::GridFrame& grid, PlaceRow row) override {
    for (const Feature& feature : features_) {
      if (feature.box.min.y() > row.y_m) break;
      if (feature.box.max.y() >= row.y_m) fill(grid, feature, row);
    }
  }

 private:
  /// From crossing to crossing of the feature's outlines with the row.
  void fill(const geo::GridFrame& grid, const Feature& feature, PlaceRow row) {
    crossings_.clear();
    const auto add = [&](const geo::Ring& ring) {
      for (std::size_t n = 0; n < ring.size(); ++n) {
        const geo::Enu2& p = ring[n];
        const geo::Enu2& q = ring[(n + 1) % ring.size()];
        if ((p.y() <= row.y_m) == (q.y() <= row.y_m)) continue;
        crossings_.push_back(p.x() + (row.y_m - p.y()) / (q.y() - p.y()) * (q.x() - p.x()));
      }
    };
    for (const geo::Polygon& polygon : feature.shape) {
      add(polygon.outer);
      for (const geo::Ring& hole : polygon.holes) add(hole);
    }
    std::sort(crossings_.begin(), crossings_.end());
    const double places_per_m = kPlaces / grid.cell_m;
    const auto most = static_cast<double>(row.value.size());
    for (std::size_t n = 0; n + 1 < crossings_.size(); n += 2) {
      const auto place_at = [&](double x) {
        return static_cast<std::size_t>(std::clamp(std::ceil((x - grid.origin.x()) * places_per_m - 0.5), 0.0, most));
      };
      for (std::size_t k = place_at(crossings_[n]); k < place_at(crossings_[n + 1]); ++k) {
        if (!(row.value[k] >= feature.value)) row.value[k] = feature.value;
      }
    }
  }

  std::vector<Feature> features_;
  std::vector<double> crossings_;
};

Expected<std::unique_ptr<Source>> open_density_raster(const GroundRiskSource& source, const geo::LocalFrame& frame) {
  const CellRange densities{.least = 0.0F,
                            .most = static_cast<float>(kMostPeoplePerKm2),
                            .wanted = "a density from 0 to 1 000 000 people per km²",
                            .heights = false};
  const auto raster = read_terrain(source.path, source.nodata, densities);
  if (!raster) return Unexpected(raster.error());
  auto grid = to_grid(*raster, frame);
  if (!grid) return fail(grid.error().code, grid.error().message, source.path.string());
  return std::make_unique<RasterSource>(std::move(*grid));
}

/// A feature's density, or its weight where the source multiplies. Errors: value_invalid.
Expected<double> value_of(const OGRFeature& feature, int field, const GroundRiskSource& source) {
  if (source.multiplies()) return source.weight;
  const auto stated = number_in(feature, field);
  if (!stated) return Unexpected(stated.error());
  if (!*stated && !source.people_per_km2) {
    return fail(ErrorCode::value_invalid,
                fmt::format("{} is empty; fill it, or give people_per_km2 in the region file", source.field));
  }
  const double value = stated->value_or(source.people_per_km2.value_or(0.0));
  if (value >= 0.0 && value <= kMostPeoplePerKm2) return value;
  return fail(ErrorCode::value_invalid, fmt::format("{} = {} must be between 0 and {:.0f} people per km²", source.field,
                                                    value, kMostPeoplePerKm2));
}

Expected<std::unique_ptr<Source>> open_polygons(const GroundRiskSource& source, const geo::LocalFrame& frame) {
  const std::string where = source.path.string();
  const auto dataset = open_vector(source.path);
  if (!dataset) return Unexpected(dataset.error());
  const auto layer = find_layer(**dataset, source.layer, source.where, where);
  if (!layer) return Unexpected(layer.error());
  const auto crs = traditional_axes((*layer)->GetSpatialRef(), where);
  if (!crs) return Unexpected(crs.error());
  const auto to_wgs84 = Reprojection::make(*crs, wgs84());
  if (!to_wgs84) return Unexpected(to_wgs84.error());
  const auto field = find_field(**layer, source.field, where);
  if (!field) return Unexpected(field.error());
  std::vector<PolygonSource::Feature> features;
  CPLErrorReset();
  for (const auto& feature : **layer) {
    const OGRGeometry* geometry = feature->GetGeometryRef();
    const auto in_feature = [&](Error error) {
      error.where = fmt::format("{}, feature {}", where, feature->GetFID());
      return Unexpected(std::move(error));
    };
    if (geometry == nullptr) return in_feature({.code = ErrorCode::geometry_invalid, .message = "has no geometry"});
    auto shape = to_local_polygons(*geometry, *to_wgs84, frame, source.buffer_m);
    if (!shape) return in_feature(shape.error());
    const auto value = value_of(*feature, *field, source);
    if (!value) return in_feature(value.error());
    const geo::Box2 box = geo::bounds(shape->polygons);
    features.push_back({.shape = std::move(shape->polygons), .box = box, .value = *value});
  }
  if (CPLGetLastErrorType() == CE_Failure) {
    return fail(ErrorCode::file_unreadable, fmt::format("cannot be read to its end: {}", CPLGetLastErrorMsg()), where);
  }
  return std::make_unique<PolygonSource>(std::move(features));
}

struct OpenSource {
  std::unique_ptr<Source> source;
  double weight;
  bool multiplies;
  std::size_t said = 0;  ///< places of which it says something
};

}  // namespace

Expected<GroundRiskReading> read_ground_risk(const std::vector<GroundRiskSource>& sources, const geo::LocalFrame& frame,
                                             const geo::Box2& extent) {
  GroundRiskReading reading;
  if (sources.empty()) return reading;
  std::vector<OpenSource> open;
  for (const GroundRiskSource& source : sources) {
    auto opened = source.raster ? open_density_raster(source, frame) : open_polygons(source, frame);
    if (!opened) return Unexpected(opened.error());
    open.push_back({.source = std::move(*opened), .weight = source.weight, .multiplies = source.multiplies()});
  }
  const geo::GridFrame grid = grid_over(extent);
  const std::size_t across = kPlaces * static_cast<std::size_t>(grid.nx);
  std::vector<double> people(across);
  std::vector<double> weight(across);
  std::vector<double> said(across);
  std::vector<double> sum(static_cast<std::size_t>(grid.nx));
  std::vector<float> cells;
  cells.reserve(grid.cell_count());
  for (int j = 0; j < grid.ny; ++j) {
    std::fill(sum.begin(), sum.end(), 0.0);
    for (int row = 0; row < kPlaces; ++row) {
      std::fill(people.begin(), people.end(), 0.0);
      std::fill(weight.begin(), weight.end(), 1.0);
      const double y_m = grid.origin.y() + grid.cell_m * (j + (row + 0.5) / kPlaces);
      for (OpenSource& one : open) {
        std::fill(said.begin(), said.end(), std::numeric_limits<double>::quiet_NaN());
        one.source->ask(grid, {.y_m = y_m, .value = said});
        for (std::size_t k = 0; k < across; ++k) {
          if (!(said[k] >= 0.0)) continue;
          ++one.said;
          if (one.multiplies) {
            weight[k] *= said[k];
          } else {
            people[k] += one.weight * said[k];
          }
        }
      }
      for (std::size_t k = 0; k < across; ++k) sum[k / kPlaces] += people[k] * weight[k];
    }
    for (const double s : sum) cells.push_back(static_cast<float>(s / (kPlaces * kPlaces)));
  }
  const double places = static_cast<double>(across) * grid.ny * kPlaces;
  for (std::size_t k = 0; k < open.size(); ++k) {
    const std::string file = sources[k].path.filename().string();
    if (open[k].said == 0) {
      return fail(ErrorCode::outside_terrain,
                  "says nothing of any place of the region; is it of another place, or is its reference system wrong?",
                  sources[k].path.string());
    }
    const double silent = 1.0 - static_cast<double>(open[k].said) / places;
    if (sources[k].raster && silent > 1e-9) {
      reading.warnings.push_back(
          fmt::format("{}: no data for {:.1f} % of the region, where it counts nobody", file, 100.0 * silent));
    }
  }
  if (grid.cell_m > 10.0) {
    reading.warnings.push_back(
        fmt::format("ground risk is kept in cells of {} m, for the region is large", grid.cell_m));
  }
  reading.risk = geo::GroundRisk(grid, geo::GroundRisk::pyramid_of(grid, std::move(cells)));
  return reading;
}

}  // namespace swiftlet::maps
