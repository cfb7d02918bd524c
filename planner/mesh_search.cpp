#include "planner/mesh_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace swiftlet::planner {
namespace {

using Heading = ColumnMesh::Heading;
using Portal = ColumnMesh::Portal;

/// Intervals shorter than this, in units, are left out: 0.25 µm.
constexpr double kShortest = 1e-6;
/// Lengths that differ by less, in units, are taken for equal.
constexpr double kSameLength = 1e-7;
constexpr std::uint32_t kNoNode = 0xFFFFFFFFU;

/// A point turned so that the way leads to growing v; u grows to the right.
struct Local {
  double u;
  double v;
};

Local turned(Heading h, double x, double y) {
  switch (h) {
    case ColumnMesh::north:
      return {x, y};
    case ColumnMesh::south:
      return {-x, -y};
    case ColumnMesh::east:
      return {-y, x};
    default:
      return {y, -x};
  }
}

geo::Enu2 turned_back(Heading h, const Local& p) {
  switch (h) {
    case ColumnMesh::north:
      return {p.u, p.v};
    case ColumnMesh::south:
      return {-p.u, -p.v};
    case ColumnMesh::east:
      return {p.v, -p.u};
    default:
      return {-p.v, p.u};
  }
}

double distance(const Local& a, const Local& b) {
  return std::sqrt((a.u - b.u) * (a.u - b.u) + (a.v - b.v) * (a.v - b.v));
}

/// A stretch of a portal, seen from a root, about to be passed. All in the frame of its heading.
struct Node {
  double g;  ///< from the start to the root, units
  double root_x, root_y;
  double left, right;  ///< u of the stretch's ends
  double line;         ///< v of the portal
  std::int32_t corner_left, corner_right;
  std::int32_t root;  ///< corner; kNoCorner: the start
  std::int32_t via;   ///< corner that the way to the root passes, besides the roots of the parents; or kNoCorner
  std::uint32_t into;
  std::uint32_t parent;
  Heading heading;
};

struct OpenNode {
  double f;
  std::uint32_t node;
  /// For a heap with the least f on top; among equals the younger, which has come farther.
  bool operator<(const OpenNode& other) const { return f != other.f ? f > other.f : node < other.node; }
};

struct Workspace {
  struct Reached {
    double g;
    std::uint32_t search;
    std::int32_t from;  ///< the corner before; kNoCorner: the start
  };
  std::vector<Node> nodes;
  std::vector<OpenNode> open;
  std::vector<Reached> corners;
  std::uint32_t search = 0;

  void begin(std::size_t corner_count) {
    nodes.clear();
    open.clear();
    if (corners.size() < corner_count || search == std::numeric_limits<std::uint32_t>::max()) {
      corners.assign(std::max(corner_count, corners.size()), {0.0, 0, ColumnMesh::kNoCorner});
      search = 0;
    }
    ++search;
  }
};

class MeshSearch {
 public:
  MeshSearch(const ColumnMesh& mesh, Workspace& work, const geo::Enu2& start, const geo::Enu2& goal)
      : mesh_(mesh), work_(work), start_(mesh.to_units(start)), goal_(mesh.to_units(goal)) {}

  MeshAnswer run(std::uint32_t from, std::uint32_t to, const MeshSearchOptions& options, SearchBudget& budget) {
    const double straight_m = (goal_ - start_).norm() * mesh_.unit_m();
    if (from == to)
      return {.path = MeshPath{.length_m = straight_m, .corners = {}, .through = {}}, .bound_m = straight_m};
    work_.begin(mesh_.corners().size());
    goal_in_ = to;
    eagerness_ = options.eagerness;
    const double longest = options.longest_m / mesh_.unit_m() * eagerness_;
    for (const Heading h : kHeadings) {
      for (const Portal& p : mesh_.portals(from, h)) {
        const Ends ends = ends_of(h, p);
        push(h, line_of(from, h), ends, p.to, 0.0, start_.x(), start_.y(), ColumnMesh::kNoCorner, kNoNode);
      }
    }
    double least_f = 0.0;
    std::int64_t left = options.most_expansions;
    while (!work_.open.empty()) {
      std::pop_heap(work_.open.begin(), work_.open.end());
      const OpenNode best = work_.open.back();
      work_.open.pop_back();
      const Node node = work_.nodes[best.node];
      if (node.root != ColumnMesh::kNoCorner && node.g > reached(node.root) + kSameLength) continue;
      least_f = best.f;
      // A stretched estimate promises as much less.
      const double bound_m = least_f / eagerness_ * mesh_.unit_m();
      if (node.into == goal_in_) return {.path = path_to(best, node), .bound_m = bound_m};
      if (best.f > longest || left-- <= 0 || !budget.spend()) return {.path = {}, .bound_m = bound_m};
      expand(best.node, node);
    }
    return {.path = {}, .bound_m = kInfinity};
  }

 private:
  static constexpr std::array<Heading, 4> kHeadings{ColumnMesh::north, ColumnMesh::east, ColumnMesh::south,
                                                    ColumnMesh::west};
  static Heading right_of(Heading h) { return static_cast<Heading>((h + 1U) % 4U); }
  static Heading left_of(Heading h) { return static_cast<Heading>((h + 3U) % 4U); }
  static Heading back_of(Heading h) { return static_cast<Heading>((h + 2U) % 4U); }

  /// A stretch in the frame of a heading.
  struct Ends {
    double left, right;
    std::int32_t corner_left, corner_right;
  };

  static bool mirrored(Heading h) { return h == ColumnMesh::south || h == ColumnMesh::east; }
  static Ends ends_of(Heading h, const Portal& p) {
    if (mirrored(h)) return {-static_cast<double>(p.hi), -static_cast<double>(p.lo), p.corner_hi, p.corner_lo};
    return {static_cast<double>(p.lo), static_cast<double>(p.hi), p.corner_lo, p.corner_hi};
  }
  /// v of a rectangle's side in the frame of the heading that leads out through it.
  [[nodiscard]] double line_of(std::uint32_t rectangle, Heading h) const {
    const ColumnMesh::Rectangle& r = mesh_.rectangles()[rectangle];
    switch (h) {
      case ColumnMesh::north:
        return r.y1;
      case ColumnMesh::south:
        return -static_cast<double>(r.y0);
      case ColumnMesh::east:
        return r.x1;
      default:
        return -static_cast<double>(r.x0);
    }
  }

  [[nodiscard]] double reached(std::int32_t corner) const {
    const Workspace::Reached& r = work_.corners[static_cast<std::size_t>(corner)];
    return r.search == work_.search ? r.g : std::numeric_limits<double>::infinity();
  }

  void push(Heading h, double line, const Ends& e, std::uint32_t into, double g, double root_x, double root_y,
            std::int32_t root, std::uint32_t parent, std::int32_t via = ColumnMesh::kNoCorner) {
    if (e.right - e.left < kShortest) return;
    Local r = turned(h, root_x, root_y);
    if (r.v >= line && (r.u < e.left || r.u > e.right)) {
      // Seen edge-on: the way runs along the line to the nearer end and turns there.
      const bool at_left = r.u < e.left;
      const std::int32_t corner = at_left ? e.corner_left : e.corner_right;
      if (corner == ColumnMesh::kNoCorner) return;
      turn_at(corner, g + (at_left ? e.left - r.u : r.u - e.right), h, line, e, into, parent, root);
      return;
    }
    Local t = turned(h, goal_.x(), goal_.y());
    if (t.v < line) t.v = 2.0 * line - t.v;
    const double climb = t.v - r.v;
    const double cross = climb > 0.0 ? r.u + (t.u - r.u) * (line - r.v) / climb : r.u;
    const Local through{std::clamp(cross, e.left, e.right), line};
    const double f = g + eagerness_ * (distance(r, through) + distance(through, t));
    const auto id = static_cast<std::uint32_t>(work_.nodes.size());
    work_.nodes.push_back({.g = g,
                           .root_x = root_x,
                           .root_y = root_y,
                           .left = e.left,
                           .right = e.right,
                           .line = line,
                           .corner_left = e.corner_left,
                           .corner_right = e.corner_right,
                           .root = root,
                           .via = via,
                           .into = into,
                           .parent = parent,
                           .heading = h});
    work_.open.push_back({f, id});
    std::push_heap(work_.open.begin(), work_.open.end());
  }

  /// A search that is content with less does not begin again behind a corner for less than a hundredth.
  [[nodiscard]] double same_length_of(double g) const { return eagerness_ > 1.0 ? 0.01 * g : kSameLength; }

  void turn_at(std::int32_t corner, double g, Heading h, double line, const Ends& e, std::uint32_t into,
               std::uint32_t parent, std::int32_t via = ColumnMesh::kNoCorner) {
    const std::int32_t from = via != ColumnMesh::kNoCorner ? via
                              : parent == kNoNode          ? ColumnMesh::kNoCorner
                                                           : work_.nodes[parent].root;
    Workspace::Reached& best = work_.corners[static_cast<std::size_t>(corner)];
    if (best.search != work_.search || g < best.g - same_length_of(best.g)) {
      best = {g, work_.search, from};
    } else if (g > best.g + kSameLength || (eagerness_ > 1.0 && best.from != from)) {
      // Equally long ways see different parts of what lies behind the corner: an exact search needs both.
      return;
    }
    const ColumnMesh::Corner& c = mesh_.corners()[static_cast<std::size_t>(corner)];
    push(h, line, e, into, g, c.x, c.y, corner, parent, via);
  }

  void expand(std::uint32_t id, const Node& n) {
    const Heading h = n.heading;
    const Local r = turned(h, n.root_x, n.root_y);
    const double below = n.line - r.v;
    // Slopes of the rays through both ends; a root on the stretch sees everything.
    const bool all = below < kShortest;
    const double slope_left = all ? -kInfinity : (n.left - r.u) / below;
    const double slope_right = all ? kInfinity : (n.right - r.u) / below;
    const ColumnMesh::Rectangle& rect = mesh_.rectangles()[n.into];
    const double top = line_of(n.into, h);
    const double height = top - n.line;
    const Local a = turned(h, rect.x0, rect.y0);
    const Local b = turned(h, rect.x1, rect.y1);
    const double west = std::min(a.u, b.u);
    const double east = std::max(a.u, b.u);
    const double turn_left_g = n.corner_left == ColumnMesh::kNoCorner ? kInfinity : n.g + distance(r, {n.left, n.line});
    const double turn_right_g =
        n.corner_right == ColumnMesh::kNoCorner ? kInfinity : n.g + distance(r, {n.right, n.line});

    // The far side, in the same frame: [seen_left, seen_right] is in sight.
    const double seen_left = all ? -kInfinity : n.left + slope_left * height;
    const double seen_right = all ? kInfinity : n.right + slope_right * height;
    for (const Portal& p : mesh_.portals(n.into, h)) {
      spread(id, n, h, top, ends_of(h, p), p.to, seen_left, seen_right, turn_left_g, turn_right_g);
    }
    // The side to the left: in its own frame u grows the way that we go (right of heading left is forward). What lies
    // nearer than the left ray's hit is reached by turning at the left end, what lies beyond the right ray's by
    // turning at the right end.
    // A ray along the side itself sees all of what opens in it.
    {
      const bool along = all || (slope_left == 0.0 && n.left == west);
      const double hit_left =
          slope_left < 0.0 && !all ? n.line + (west - n.left) / slope_left : (along ? n.line : kInfinity);
      const double hit_right = slope_right < 0.0 ? n.line + (west - n.right) / slope_right : kInfinity;
      side(id, n, left_of(h), hit_left, hit_right, turn_left_g, turn_right_g);
    }
    {
      const bool along = all || (slope_right == 0.0 && n.right == east);
      const double hit_right =
          slope_right > 0.0 && !all ? n.line + (east - n.right) / slope_right : (along ? n.line : kInfinity);
      const double hit_left = slope_left > 0.0 ? n.line + (east - n.left) / slope_left : kInfinity;
      side(id, n, right_of(h), hit_right, hit_left, turn_right_g, turn_left_g);
    }
    // Back through the near side, round the ends.
    const Heading back = back_of(h);
    for (const Portal& p : mesh_.portals(n.into, back)) {
      const Ends e = ends_of(back, p);
      // In the frame of the way back u points the other way.
      if (turn_left_g < kInfinity && -e.left <= n.left + kShortest)
        turn_at(n.corner_left, turn_left_g, back, -n.line, e, p.to, id);
      if (turn_right_g < kInfinity && -e.right >= n.right - kShortest)
        turn_at(n.corner_right, turn_right_g, back, -n.line, e, p.to, id);
    }
  }

  /// A ray that grazes a stretch's end passes through it: a corner that is a rounding away from the ray is still a
  /// corner.
  static double onto_end(double u, const Ends& e) {
    if (std::abs(u - e.left) < kShortest) return e.left;
    return std::abs(u - e.right) < kShortest ? e.right : u;
  }

  /// Cuts a stretch ahead into what is in sight and what is reached by a turn at either end.
  void spread(std::uint32_t id, const Node& n, Heading h, double line, const Ends& e, std::uint32_t into,
              double seen_left, double seen_right, double turn_left_g, double turn_right_g) {
    const double from = onto_end(std::clamp(seen_left, e.left, e.right), e);
    const double to = onto_end(std::clamp(seen_right, e.left, e.right), e);
    const auto part = [&](double left, double right) {
      return Ends{left, right, left == e.left ? e.corner_left : ColumnMesh::kNoCorner,
                  right == e.right ? e.corner_right : ColumnMesh::kNoCorner};
    };
    if (to - from >= kShortest) push(h, line, part(from, to), into, n.g, n.root_x, n.root_y, n.root, id);
    if (turn_left_g < kInfinity && from - e.left >= kShortest)
      turn_at(n.corner_left, turn_left_g, h, line, part(e.left, from), into, id);
    if (turn_right_g < kInfinity && e.right - to >= kShortest)
      turn_at(n.corner_right, turn_right_g, h, line, part(to, e.right), into, id);
  }

  /// A side to the left or right. `near` is how far ahead (in v of the node's frame) the ray of the end on this side
  /// hits it, `far` the other end's: in sight is what lies between.
  void side(std::uint32_t id, const Node& n, Heading s, double near, double far, double turn_near_g,
            double turn_far_g) {
    const bool is_left = s == left_of(n.heading);
    const std::int32_t near_corner = is_left ? n.corner_left : n.corner_right;
    const std::int32_t far_corner = is_left ? n.corner_right : n.corner_left;
    const double line = line_of(n.into, s);
    // Ahead is to the right of heading left, and to the left of heading right.
    const double sign = is_left ? 1.0 : -1.0;
    for (const Portal& p : mesh_.portals(n.into, s)) {
      const Ends e = ends_of(s, p);
      const double a = is_left ? e.left : -e.right;  // nearest and farthest ahead
      const double b = is_left ? e.right : -e.left;
      const Ends ahead{a, b, ColumnMesh::kNoCorner, ColumnMesh::kNoCorner};
      const double from = onto_end(std::clamp(near, a, b), ahead);
      const double to = onto_end(std::clamp(std::max(far, near), a, b), ahead);
      const auto part = [&](double lo, double hi) {
        const std::int32_t at_a = is_left ? e.corner_left : e.corner_right;
        const std::int32_t at_b = is_left ? e.corner_right : e.corner_left;
        const std::int32_t c_lo = lo == a ? at_a : ColumnMesh::kNoCorner;
        const std::int32_t c_hi = hi == b ? at_b : ColumnMesh::kNoCorner;
        return sign > 0.0 ? Ends{lo, hi, c_lo, c_hi} : Ends{-hi, -lo, c_hi, c_lo};
      };
      if (to - from >= kShortest) push(s, line, part(from, to), p.to, n.g, n.root_x, n.root_y, n.root, id);
      if (turn_near_g < kInfinity && from - a >= kShortest)
        turn_at(near_corner, turn_near_g, s, line, part(a, from), p.to, id);
      if (turn_far_g < kInfinity && b - to >= kShortest)
        turn_at(far_corner, turn_far_g, s, line, part(to, b), p.to, id);
    }
  }

  [[nodiscard]] MeshPath path_to(const OpenNode& best, const Node& last) const {
    MeshPath path{.length_m = (last.g + (best.f - last.g) / eagerness_) * mesh_.unit_m(), .corners = {}, .through = {}};
    // The last straight may have to pass an end of the last stretch.
    const Local r = turned(last.heading, last.root_x, last.root_y);
    const Local t = turned(last.heading, goal_.x(), goal_.y());
    const double climb = t.v - r.v;
    const double cross = climb > 0.0 ? r.u + (t.u - r.u) * (last.line - r.v) / climb : r.u;
    if (cross < last.left && last.corner_left != ColumnMesh::kNoCorner) path.corners.push_back(last.corner_left);
    if (cross > last.right && last.corner_right != ColumnMesh::kNoCorner) path.corners.push_back(last.corner_right);
    for (std::uint32_t k = best.node; k != kNoNode; k = work_.nodes[k].parent) {
      for (const std::int32_t corner : {work_.nodes[k].root, work_.nodes[k].via}) {
        if (corner == ColumnMesh::kNoCorner) continue;
        if (path.corners.empty() || path.corners.back() != corner) path.corners.push_back(corner);
      }
    }
    std::reverse(path.corners.begin(), path.corners.end());
    add_crossings(best.node, path);
    return path;
  }

  /// Where the way passes its portals, from the goal back to the start, then turned round.
  void add_crossings(std::uint32_t last, MeshPath& path) const {
    constexpr double kOff_m = 0.05;
    const double off = kOff_m / mesh_.unit_m();
    geo::Enu2 target = goal_;  // what the way through the portal leads to
    for (std::uint32_t k = last; k != kNoNode; k = work_.nodes[k].parent) {
      const Node& n = work_.nodes[k];
      const Local r = turned(n.heading, n.root_x, n.root_y);
      const Local t = turned(n.heading, target.x(), target.y());
      const double climb = t.v - r.v;
      const double cross = climb > 0.0 ? r.u + (t.u - r.u) * std::clamp((n.line - r.v) / climb, 0.0, 1.0) : r.u;
      const double in = std::min(off, 0.25 * (n.right - n.left));
      const double u = std::clamp(cross, n.left + in, n.right - in);
      // No rectangle is thinner than a unit.
      const double step = std::min(off, 0.25);
      path.through.push_back(mesh_.to_enu(turned_back(n.heading, {u, n.line + step})));
      path.through.push_back(mesh_.to_enu(turned_back(n.heading, {u, n.line - step})));
      if (n.parent != kNoNode && work_.nodes[n.parent].root != n.root) target = {n.root_x, n.root_y};
    }
    std::reverse(path.through.begin(), path.through.end());
  }

  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  const ColumnMesh& mesh_;
  Workspace& work_;
  geo::Enu2 start_;
  geo::Enu2 goal_;
  std::uint32_t goal_in_ = ColumnMesh::kNone;
  double eagerness_ = 1.0;
};

}  // namespace

MeshAnswer shortest_way(const ColumnMesh& mesh, const geo::Enu2& start_enu, const geo::Enu2& goal_enu,
                        const MeshSearchOptions& options, SearchBudget& budget) {
  const std::uint32_t from = mesh.rectangle_at(start_enu);
  const std::uint32_t to = mesh.rectangle_at(goal_enu);
  if (from == ColumnMesh::kNone || to == ColumnMesh::kNone) return {};
  if (!mesh.connected(from, to)) return {.path = {}, .bound_m = std::numeric_limits<double>::infinity()};
  thread_local Workspace work;
  return MeshSearch(mesh, work, start_enu, goal_enu).run(from, to, options, budget);
}

}  // namespace swiftlet::planner
