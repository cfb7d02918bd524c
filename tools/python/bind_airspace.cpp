#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "geo/nearest_obstacle.hpp"
#include "geo/policy_fields.hpp"
#include "maps/airspace_manifest.hpp"
#include "tools/python/bindings.hpp"
#include "tools/python/columns.hpp"
#include "tools/python/free_path.hpp"
#include "tools/python/opened_airspace.hpp"
#include "tools/python/refused.hpp"
#include "tools/python/text.hpp"

namespace py = pybind11;

namespace swiftlet::python {
namespace {

using Numbers = py::array_t<double, py::array::c_style | py::array::forcecast>;
using ViewPtr = std::shared_ptr<const geo::AirspaceView>;

/// Views go to Python as const as they are.
struct PythonView {
  ViewPtr view;
};

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

/// Calls with(k, at_enu) for each of the places, without the GIL. Precondition: lon and lat are as long as each other.
template <class With>
void each_place(const geo::LocalFrame& frame, const Numbers& lon, const Numbers& lat, With with) {
  const double* x = lon.data();
  const double* y = lat.data();
  const py::ssize_t count = lon.size();
  const py::gil_scoped_release others_run;
  for (py::ssize_t k = 0; k < count; ++k) with(k, frame.to_local(LonLat{.lon_deg = x[k], .lat_deg = y[k]}));
}

Numbers terrain(const OpenedAirspace& opened, const Numbers& lon, const Numbers& lat) {
  Numbers heights(lon.size());
  double* to = heights.mutable_data();
  each_place(opened.airspace()->frame, lon, lat, [&](py::ssize_t k, const geo::Enu2& at) {
    to[k] = opened.airspace()->terrain.height_msl_m(at).value_or(kNothing);
  });
  return heights;
}

std::pair<Numbers, Numbers> bands(const PythonView& self, const Numbers& lon, const Numbers& lat) {
  Numbers floor(lon.size());
  Numbers ceiling(lon.size());
  double* low = floor.mutable_data();
  double* high = ceiling.mutable_data();
  each_place(self.view->airspace().frame, lon, lat, [&](py::ssize_t k, const geo::Enu2& at) {
    const auto band = self.view->band_at(at);
    low[k] = band ? band->floor_msl_m : kNothing;
    high[k] = band ? band->ceiling_msl_m : kNothing;
  });
  return {floor, ceiling};
}

/// Rows of lon, lat, alt_msl_m.
py::array_t<bool> paths_free(const PythonView& self, const Numbers& from, const Numbers& to) {
  const py::ssize_t count = from.size() / 3;
  py::array_t<bool> free(count);
  bool* out = free.mutable_data();
  const double* a = from.data();
  const double* b = to.data();
  const py::gil_scoped_release others_run;
  for (py::ssize_t k = 0; k < count; ++k, a += 3, b += 3) {
    out[k] = path_is_free(*self.view, {a[0], a[1], a[2]}, {b[0], b[1], b[2]});
  }
  return free;
}

py::tuple nearest(const OpenedAirspace& opened, const Numbers& lon, const Numbers& lat, const Numbers& alt) {
  ViewPtr view;
  {
    const py::gil_scoped_release others_run;
    view = opened.own_view();
  }
  py::array_t<std::int64_t> index(lon.size());
  Numbers distance(lon.size());
  Numbers horizontal(lon.size());
  Numbers vertical(lon.size());
  std::int64_t* i = index.mutable_data();
  double* d = distance.mutable_data();
  double* h = horizontal.mutable_data();
  double* v = vertical.mutable_data();
  const double* z = alt.data();
  each_place(opened.airspace()->frame, lon, lat, [&](py::ssize_t k, const geo::Enu2& at) {
    const auto found = nearest_obstacle(*view, geo::Enu3(at.x(), at.y(), z[k]));
    i[k] = found ? static_cast<std::int64_t>(found->index) : -1;
    d[k] = found ? found->distance_m : std::numeric_limits<double>::infinity();
    h[k] = found ? found->horizontal_m : kNothing;
    v[k] = found ? found->vertical_m : kNothing;
  });
  return py::make_tuple(index, distance, horizontal, vertical);
}

py::array_t<double> ring_lonlat(const geo::LocalFrame& frame, const geo::Ring& ring) {
  py::array_t<double> out({static_cast<py::ssize_t>(ring.size()), py::ssize_t{2}});
  double* to = out.mutable_data();
  for (const geo::Enu2& corner : ring) {
    const LonLat p = frame.to_lonlat(corner);
    *to++ = p.lon_deg;
    *to++ = p.lat_deg;
  }
  return out;
}

py::tuple obstacle(const OpenedAirspace& opened, std::size_t k) {
  const geo::Airspace& airspace = *opened.airspace();
  if (k >= airspace.obstacles.size()) throw py::index_error("no such obstacle");
  const geo::Obstacle& it = airspace.obstacles[k];
  py::list polygons;
  for (const geo::Polygon& polygon : it.footprint) {
    py::list rings;
    rings.append(ring_lonlat(airspace.frame, polygon.outer));
    for (const geo::Ring& hole : polygon.holes) rings.append(ring_lonlat(airspace.frame, hole));
    polygons.append(py::tuple(rings));
  }
  return py::make_tuple(text(it.kind), text(it.id), it.top_msl_m, it.base_msl_m, py::tuple(polygons));
}

py::list pads(const OpenedAirspace& opened) {
  py::list out;
  for (const geo::Pad& pad : opened.airspace()->pads) {
    const GeoPoint& at = pad.slots.front();
    out.append(py::make_tuple(text(pad.id), text(pad.name), text(name(pad.kind)), at.lon_deg, at.lat_deg, at.alt_msl_m,
                              pad.slots.size()));
  }
  return out;
}

py::dict policy(const OpenedAirspace& opened) {
  const geo::Policy& own = opened.airspace()->policy;
  py::dict out;
  for (const geo::PolicyField& field : geo::policy_fields()) out[py::str(std::string(field.key))] = own.*field.member;
  out[py::str(std::string(geo::kFlyUnder))] = own.fly_under;
  return out;
}

std::string manifest(const OpenedAirspace& opened) {
  return taken(maps::read_airspace_manifest(opened.dir()))
      .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

PythonView view(const OpenedAirspace& opened, const std::map<std::string, double>& overrides, const std::string& from,
                const std::string& until, const std::vector<std::string>& authorisations) {
  geo::ViewOptions options{.policy = opened.airspace()->policy,
                           .from = taken(parse_rfc3339(from)),
                           .to = taken(parse_rfc3339(until)),
                           .authorisations = authorisations};
  for (const auto& [key, value] : overrides) taken(geo::set_policy_field(options.policy, key, value));
  if (options.to < options.from) taken(Expected<void>(fail(ErrorCode::time_invalid, "is before at", "until")));
  return {taken(opened.view(options))};
}

std::tuple<double, double, double, double> extent(const OpenedAirspace& opened) {
  const geo::Box2 box = opened.airspace()->bounds.grid().extent();
  const LonLat south_west = opened.airspace()->frame.to_lonlat(box.min);
  const LonLat north_east = opened.airspace()->frame.to_lonlat(box.max);
  return {south_west.lon_deg, south_west.lat_deg, north_east.lon_deg, north_east.lat_deg};
}

}  // namespace

void bind_airspace(py::module_& module) {
  using Released = py::call_guard<py::gil_scoped_release>;
  py::class_<PythonView>(module, "View").def("bands", &bands).def("paths_free", &paths_free);
  py::class_<OpenedAirspace, std::shared_ptr<OpenedAirspace>>(module, "Airspace")
      .def_static(
          "open", [](const std::string& dir) { return taken(OpenedAirspace::open(dir)); }, Released())
      .def(
          "with_live_zones",
          [](const OpenedAirspace& self, const std::string& document, const std::string& where) {
            return taken(self.with_live_zones(document, where));
          },
          Released())
      .def_property_readonly("name", [](const OpenedAirspace& self) { return text(self.airspace()->name); })
      .def_property_readonly("hash", [](const OpenedAirspace& self) { return self.airspace()->hash; })
      .def_property_readonly("vertical_datum",
                             [](const OpenedAirspace& self) { return text(self.airspace()->vertical_datum); })
      .def_property_readonly("ellipsoid_minus_datum_m",
                             [](const OpenedAirspace& self) { return self.airspace()->ellipsoid_minus_datum_m; })
      .def_property_readonly("obstacle_count",
                             [](const OpenedAirspace& self) { return self.airspace()->obstacles.size(); })
      .def_property_readonly("extent", &extent)
      .def_property_readonly("policy", &policy)
      .def("manifest", &manifest, Released())
      .def("pads", &pads)
      .def("obstacle", &obstacle)
      .def("terrain", &terrain)
      .def("nearest", &nearest)
      .def("view", &view, Released());
}

}  // namespace swiftlet::python
