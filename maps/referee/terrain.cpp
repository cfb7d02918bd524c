#include "maps/referee/terrain.hpp"

#include <algorithm>
#include <cmath>

namespace swiftlet::maps::referee {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
constexpr double kRounding_px = 1e-6;
/// What cutting features to the raster's edge may leave over.
constexpr double kEdgeGrace_px = 1e-3;

Point2 along(Point2 a, Point2 b, double s) { return {a.x + s * (b.x - a.x), a.y + s * (b.y - a.y)}; }

/// The parts of `open` that lie in the interval go to `taken`, the rest stays.
void cut_out(Interval interval, std::vector<Interval>& open, std::vector<Interval>& taken) {
  std::vector<Interval> rest;
  for (const Interval& one : open) {
    const Interval common{std::max(one.from, interval.from), std::min(one.to, interval.to)};
    if (common.from >= common.to) {
      rest.push_back(one);
      continue;
    }
    taken.push_back(common);
    if (one.from < common.from) rest.push_back({one.from, common.from});
    if (common.to < one.to) rest.push_back({common.to, one.to});
  }
  open = std::move(rest);
}

void include(const TerrainSpan& span, GroundUnder& ground) {
  ground.highest_m = std::max(ground.highest_m, highest_m(span));
  ground.lowest_m = std::min(ground.lowest_m, lowest_m(span));
}

Point2 nearest_in_hull(const Dem& dem, Point2 p) {
  return {std::clamp(p.x, 0.0, dem.columns() - 1.0), std::clamp(p.y, 0.0, dem.rows() - 1.0)};
}

}  // namespace

Terrain::Terrain(std::vector<Source> sources) : sources_(std::move(sources)) {
  if (sources_.size() == 1) return;
  for (const Source& from : sources_) {
    auto& row = between_.emplace_back();
    for (const Source& to : sources_) {
      auto way = Reprojection::between(*from.crs, *to.crs, "");
      row.push_back(way ? std::optional(std::move(*way)) : std::nullopt);
    }
  }
}

std::optional<double> Terrain::height_m(Pixels place) const {
  for (std::size_t k = sources_.size(); k-- > 0;) {
    const double slack = kTolerance_m / sources_[k].pixel_m;
    if (sources_[k].dem.knows(place[k], slack)) return sources_[k].dem.height_m(place[k], slack);
  }
  return std::nullopt;
}

/// Visits what can be seen of the sources along a-b; returns the stretches that none of them knows.
std::vector<Interval> Terrain::visit_visible(Pixels a, Pixels b, double slack_m, std::size_t skip,
                                             const Visit& visit) const {
  std::vector<Interval> open{Interval{}};
  std::vector<Interval> taken;
  std::vector<TerrainSpan> spans;
  for (std::size_t k = sources_.size(); k-- > 0 && !open.empty();) {
    if (k == skip) continue;
    const Dem& dem = sources_[k].dem;
    const double slack = std::max(kRounding_px, slack_m / sources_[k].pixel_m);
    spans.clear();
    dem.walk(a[k], b[k], spans);
    for (const TerrainSpan& span : spans) {
      if (!span.known || !dem.knows(along(a[k], b[k], 0.5 * (span.from + span.to)), slack)) continue;
      taken.clear();
      cut_out({span.from, span.to}, open, taken);
      for (const Interval& part : taken) {
        const bool whole = part.from == span.from && part.to == span.to;
        visit(whole ? span : dem.span(a[k], b[k], part.from, part.to));
      }
    }
  }
  return open;
}

void Terrain::walk(Pixels a, Pixels b, std::vector<TerrainSpan>& out) const {
  if (sources_.size() == 1 && sources_[0].dem.complete()) return sources_[0].dem.walk(a[0], b[0], out);
  const auto unknown = visit_visible(a, b, kTolerance_m, kNone, [&](const TerrainSpan& span) { out.push_back(span); });
  for (const Interval& stretch : unknown) out.push_back({.from = stretch.from, .to = stretch.to, .known = false});
}

/// Visits the ground of a stretch that lies less than half a pixel beside the hull of a source, which is that of the
/// nearest place of the hull. False where there is none.
bool Terrain::visit_beside(Pixels a, Pixels b, Interval stretch, const Visit& visit) const {
  std::vector<TerrainSpan> spans;
  for (std::size_t k = sources_.size(); k-- > 0;) {
    const Dem& dem = sources_[k].dem;
    const auto beside = [&](double s) {
      const Point2 p = along(a[k], b[k], s);
      return dem.in_hull(p, 0.5 + kEdgeGrace_px) && dem.knows(nearest_in_hull(dem, p), kRounding_px);
    };
    if (!beside(stretch.from) || !beside(0.5 * (stretch.from + stretch.to)) || !beside(stretch.to)) continue;
    spans.clear();
    dem.walk(a[k], b[k], spans);
    for (const TerrainSpan& span : spans) {
      const Interval common{std::max(span.from, stretch.from), std::min(span.to, stretch.to)};
      if (common.from < common.to) visit(dem.span(a[k], b[k], common.from, common.to));
    }
    return true;
  }
  return false;
}

/// Cuts a stretch where it crosses the outer edge or the hull of any raster.
std::vector<Interval> Terrain::cut_at_edges(Pixels a, Pixels b, Interval stretch) const {
  std::vector<double> cuts{stretch.from, stretch.to};
  const auto cross = [&](double from, double to, double line) {
    const double s = (line - from) / (to - from);
    if (s > stretch.from && s < stretch.to) cuts.push_back(s);
  };
  for (std::size_t k = 0; k < sources_.size(); ++k) {
    for (const double beyond : {0.0, 0.5}) {
      for (const double line : {-beyond, sources_[k].dem.columns() - 1.0 + beyond}) cross(a[k].x, b[k].x, line);
      for (const double line : {-beyond, sources_[k].dem.rows() - 1.0 + beyond}) cross(a[k].y, b[k].y, line);
    }
  }
  std::sort(cuts.begin(), cuts.end());
  std::vector<Interval> pieces;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    if (cuts[i] < cuts[i + 1]) pieces.push_back({cuts[i], cuts[i + 1]});
  }
  return pieces;
}

void Terrain::include_edges(const std::vector<std::vector<Part>>& footprint, std::size_t part,
                            GroundUnder& ground) const {
  std::vector<Point2> a(sources_.size());
  std::vector<Point2> b(sources_.size());
  const auto note = [&](const TerrainSpan& span) { include(span, ground); };
  const std::vector<Ring>& rings = footprint[0][part].rings;
  for (std::size_t r = 0; r < rings.size(); ++r) {
    for (std::size_t i = 0; i + 1 < rings[r].size(); ++i) {
      for (std::size_t k = 0; k < sources_.size(); ++k) {
        a[k] = footprint[k][part].rings[r][i];
        b[k] = footprint[k][part].rings[r][i + 1];
      }
      double known = 1.0;
      for (const Interval& stretch : visit_visible(a, b, 0.0, kNone, note)) {
        known -= stretch.to - stretch.from;
        for (const Interval& piece : cut_at_edges(a, b, stretch)) {
          if (!visit_beside(a, b, piece, note)) ground.leaves_terrain = true;
        }
      }
      if (known > 1e-9) ground.meets_hull = true;
    }
  }
}

/// A place of one source in the pixel coordinates of all.
std::vector<Point2> Terrain::elsewhere(std::size_t source, Point2 pixel) const {
  std::vector<Point2> places;
  for (std::size_t k = 0; k < sources_.size(); ++k) {
    std::vector<Point2> at{sources_[source].dem.crs(pixel)};
    if (k == source) {
      places.push_back(pixel);
    } else if (between_[source][k] && between_[source][k]->apply(at)) {
      places.push_back(sources_[k].dem.pixel(at[0]));
    } else {
      places.push_back({-1e9, -1e9});
    }
  }
  return places;
}

void Terrain::include_nodes(std::size_t source, const Part& part, GroundUnder& ground) const {
  const Dem& dem = sources_[source].dem;
  const Box box = bounds(part);
  const int first = static_cast<int>(std::clamp(std::ceil(box.min_y), 0.0, static_cast<double>(dem.rows())));
  const int last = static_cast<int>(std::clamp(std::floor(box.max_y), -1.0, dem.rows() - 1.0));
  std::vector<double> crossings;
  for (int row = first; row <= last; ++row) {
    crossings.clear();
    for (const Ring& ring : part.rings) {
      for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
        const Point2 a = ring[i];
        const Point2 b = ring[i + 1];
        if ((a.y > row) == (b.y > row)) continue;
        crossings.push_back(a.x + (row - a.y) / (b.y - a.y) * (b.x - a.x));
      }
    }
    std::sort(crossings.begin(), crossings.end());
    for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
      const double from = std::max(0.0, std::ceil(crossings[i]));
      const double to = std::min(dem.columns() - 1.0, std::floor(crossings[i + 1]));
      for (double column = from; column <= to; column += 1.0) {
        const Point2 here{column, static_cast<double>(row)};
        const bool known = dem.knows(here, kRounding_px);
        if (sources_.size() > 1) {
          const std::vector<Point2> places = elsewhere(source, here);
          bool hidden = false;
          bool anywhere = known;
          for (std::size_t k = 0; k < sources_.size(); ++k) {
            hidden = hidden || (k > source && sources_[k].dem.knows_all_around(places[k], kRounding_px));
            anywhere = anywhere || sources_[k].dem.knows(places[k], kRounding_px);
          }
          if (!anywhere) ground.leaves_terrain = true;
          if (hidden || !known) continue;
        } else if (!known) {
          ground.leaves_terrain = true;
          continue;
        }
        ground.meets_hull = true;
        include({.constant_m = dem.node(static_cast<int>(column), row)}, ground);
      }
    }
  }
}

/// Where a source that wins ends, what lies under its rim comes into view.
void Terrain::include_rim(std::size_t source, const Part& part, GroundUnder& ground) const {
  const Dem& dem = sources_[source].dem;
  const Box box = bounds(part);
  const auto index = [](double value, int n) { return static_cast<int>(std::clamp(value, -1.0, n + 1.0)); };
  const auto edge = [&](Point2 a, Point2 b) {
    for (const Interval& inside : intervals_inside(part, a, b)) {
      const std::vector<Point2> from = elsewhere(source, along(a, b, inside.from));
      const std::vector<Point2> to = elsewhere(source, along(a, b, inside.to));
      visit_visible(from, to, 0.0, source, [&](const TerrainSpan& span) { include(span, ground); });
    }
  };
  for (int r = index(std::floor(box.min_y) - 1.0, dem.rows()); r <= index(std::ceil(box.max_y), dem.rows()); ++r) {
    for (int c = index(std::floor(box.min_x) - 1.0, dem.columns()); c <= index(std::ceil(box.max_x), dem.columns());
         ++c) {
      const bool here = dem.square_known(c, r);
      const Point2 corner{static_cast<double>(c + 1), static_cast<double>(r + 1)};
      if (here != dem.square_known(c + 1, r)) edge({corner.x, corner.y - 1.0}, corner);
      if (here != dem.square_known(c, r + 1)) edge({corner.x - 1.0, corner.y}, corner);
    }
  }
}

GroundUnder Terrain::ground_under(const std::vector<std::vector<Part>>& footprint) const {
  GroundUnder ground;
  for (std::size_t part = 0; part < footprint[0].size(); ++part) {
    include_edges(footprint, part, ground);
    for (std::size_t k = 0; k < sources_.size(); ++k) include_nodes(k, footprint[k][part], ground);
    for (std::size_t k = 1; k < sources_.size(); ++k) include_rim(k, footprint[k][part], ground);
  }
  return ground;
}

}  // namespace swiftlet::maps::referee
