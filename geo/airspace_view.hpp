#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "geo/airspace.hpp"

namespace swiftlet::geo {

class ComposedTiles;

/// Which zones a view sees, and when: a flight that departs and arrives within [from, to].
struct ViewOptions {
  Policy policy;
  UtcTime from;
  UtcTime to;
  std::vector<std::string> authorisations;
};

/// The airspace as one policy sees it during one interval: where the centre of a vehicle may be in transit.
///
/// Two floors are kept a cell. The *safe* one is an upper bound of the true floor over the closed cell and proves
/// paths; the *optimistic* one is a lower bound and proves absence. The terrain's part of floor and ceiling is not
/// a constant a cell but a bilinear patch. Every bound has kProofMargin_m to spare, so that what is proven here
/// still holds after rounding to the wire's digits and in the referee's arithmetic. Cells that obstacles close, though
/// part of them may be free, are refined into quarters, down to 0.25 m (for_each_quarter).
///
/// What terrain and obstacles do (ViewLayers) is shared by all views of a policy; zones are put on top, tile by tile.
/// Of a mapped airspace, what a query reads is checked first, once: where a tile is damaged, constructor and queries
/// throw AirspaceDamaged and never answer from it.
///
/// Immutable after construction; safe to read from any number of threads.
class AirspaceView {
 public:
  /// Lateral and vertical slack of every proof, metres: covers rounding to 10⁻⁸ degrees and 1 mm, the difference
  /// between a straight line in lon/lat and in the local frame (≤ 5 mm), and double rounding.
  static constexpr double kProofMargin_m = 0.008;

  /// A zone's circle is a polygon that encloses it by up to this much: no proof of absence rests on that rim. What an
  /// obstacle's footprint exceeds its true shape by, it says itself.
  static constexpr double kZoneEnclosure_m = 0.1;

  /// Uses airspace->own_layers where they are of this policy, and derives the layers otherwise.
  AirspaceView(AirspacePtr airspace, ViewOptions options);
  /// The same view, made out of an older one: layers are shared if the policy has the same, and of the tiles that zones
  /// cut only those are made anew that a zone touches which the two do not have in common. The older view stays as it
  /// is, and need not be kept. Nothing is shared where `airspace` is not the older one's, or a version of it that
  /// shares its terrain and obstacles.
  AirspaceView(AirspacePtr airspace, ViewOptions options, const AirspaceView& older);
  ~AirspaceView();
  AirspaceView(const AirspaceView&) = delete;
  AirspaceView& operator=(const AirspaceView&) = delete;

  [[nodiscard]] const Airspace& airspace() const { return *airspace_; }
  [[nodiscard]] const AirspacePtr& airspace_ptr() const { return airspace_; }
  [[nodiscard]] const ViewOptions& options() const { return options_; }
  [[nodiscard]] const GridFrame& grid() const { return airspace_->bounds.grid(); }

  struct Band {
    double floor_msl_m;
    double ceiling_msl_m;
    [[nodiscard]] bool open() const { return floor_msl_m <= ceiling_msl_m; }
  };

  /// The proven band over the whole closed cell (constant bounds): any altitude in it is free anywhere in the
  /// cell. Zones that lie between floor and ceiling cut it from above or close it. Of a refined cell usually closed:
  /// ask its quarters.
  [[nodiscard]] Band safe_band(int i, int j) const;
  /// A band that contains every altitude at which any point of the cell could be free.
  [[nodiscard]] Band optimistic_band(int i, int j) const;
  /// The same at a point: every altitude at which it could be free in the exact geometry lies in it. Closed where the
  /// point is beyond the terrain.
  [[nodiscard]] Band optimistic_band_at(const Enu2& p_enu) const;
  /// The proven band at a point, tighter than that of its cell where the terrain slopes. Nothing outside the extent.
  [[nodiscard]] std::optional<Band> band_at(const Enu2& p_enu) const;

  /// A part of a cell: the square of side_m with that south-west corner, and its bands as above.
  struct Quarter {
    Enu2 corner_enu;
    double side_m;
    Band safe;
    Band optimistic;
  };
  [[nodiscard]] bool is_refined(int i, int j) const;
  /// Calls visit(quarter) for every undivided quarter of a refined cell, each once: squares of 1/2, 1/4, 1/8 … of the
  /// cell's side that cover it and meet only at their edges. A cell that is not refined is visited as one.
  void for_each_quarter(int i, int j, const std::function<void(const Quarter&)>& visit) const;
  /// The same of any flyable cell, cut into squares of side_m or less: on a slope the bands of smaller squares are
  /// wider.
  void for_each_quarter(int i, int j, double side_m, const std::function<void(const Quarter&)>& visit) const;

  /// True only if every point of the closed segment a-b is free in transit: inside the extent, AGL band kept,
  /// all clearances kept, no active zone. Every cell that the segment crosses is tested; nothing is sampled.
  /// Symmetric: is_free(a, b) == is_free(b, a).
  [[nodiscard]] bool is_free(const Enu3& a_enu, const Enu3& b_enu) const;

  /// True only if the vertical segment over p from z0 up to z1 meets no active zone and stays under the ceiling:
  /// what binds in a terminal, where floor and clearances do not.
  [[nodiscard]] bool terminal_is_free(const Enu2& p_enu, double z0_msl_m, double z1_msl_m) const;

  /// The active zone that blocks the point, if any.
  [[nodiscard]] const Geozone* blocking_zone(const Enu3& p_enu) const;

  /// A zone that is active throughout the interval and certainly contains the point, if any: what a proof of absence
  /// may rest on.
  [[nodiscard]] const Geozone* certain_zone(const Enu3& p_enu) const;

  /// Obstacles whose footprint is nearer than radius_m to p, by index into airspace().obstacles.
  [[nodiscard]] std::vector<std::size_t> obstacles_near(const Enu2& p_enu, double radius_m) const;

  /// The tiles below it all.
  [[nodiscard]] const ComposedTiles& tiles() const;

 private:
  struct Impl;
  AirspacePtr airspace_;
  ViewOptions options_;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace swiftlet::geo
