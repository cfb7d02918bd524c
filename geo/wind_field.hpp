#pragma once

#include <vector>

#include "geo/flat_array.hpp"
#include "geo/terrain_bounds.hpp"
#include "geo/utc_time.hpp"
#include "geo/wind.hpp"
#include "geo/wind_profile.hpp"

namespace swiftlet::geo {

/// The mean of the wind along a segment that is flown at even speed.
struct MeanWind {
  Enu2 velocity_m_s = Enu2::Zero();  ///< where it blows to, x east, y north
  /// The true mean differs by no more: what the enclosure of the ground and the profile's bend leave open. Infinite
  /// where the ground under a part of the segment is not known.
  double error_m_s = 0.0;
  bool beyond_forecast = false;  ///< part of the time lies outside the times given: the nearest of them stood in
};

/// Wind over a region, as it is given at a height above the ground and with its profile to all others: the same
/// everywhere, or on a square lattice of places (bilinear in between) and at instants (linear in between). Beyond the
/// lattice and the instants the nearest of them stands in. Immutable; copies share the values.
class WindField {
 public:
  /// Still air.
  WindField() : WindField(Wind{}, WindProfile{}) {}
  /// The same wind everywhere and always; its at_height_m takes the place of the profile's.
  WindField(const Wind& wind, const WindProfile& profile);

  struct Lattice {
    Enu2 origin = Enu2::Zero();
    double spacing_m = 1.0;
    int nx = 1;
    int ny = 1;

    friend bool operator==(const Lattice&, const Lattice&) = default;
  };
  /// velocity_m_s: where it blows to, (east, north) of each node, row by row from the south-west, one instant after
  /// the other. Precondition (throws std::invalid_argument): instants ascending, at least one; as many finite values as
  /// there are instants and nodes; a sound profile.
  WindField(const WindProfile& profile, const Lattice& lattice, std::vector<UtcTime> instants,
            FlatArray<double> velocity_m_s);

  [[nodiscard]] const WindProfile& profile() const { return profile_; }
  [[nodiscard]] bool uniform() const { return instants_.empty(); }
  [[nodiscard]] const Lattice& lattice() const { return lattice_; }
  [[nodiscard]] const std::vector<UtcTime>& instants() const { return instants_; }  ///< empty where it is steady
  [[nodiscard]] std::span<const double> velocities_m_s() const { return velocity_m_s_.span(); }
  /// Whether the instants reach over all of an interval. A steady wind always does.
  [[nodiscard]] bool covers(UtcTime from, UtcTime to) const;

  [[nodiscard]] Enu2 velocity_m_s(const Enu2& p_enu, double height_agl_m, UtcTime t) const;

  /// The mean along the straight segment from a, left at `from`, to b, reached at `to`. What varies with place and time
  /// is integrated in closed form, from line to line of the lattices; the profile over the ground that `terrain`
  /// encloses to error_m_s. Throws AirspaceDamaged.
  [[nodiscard]] MeanWind mean_along(const TerrainBounds& terrain, const Enu3& a, const Enu3& b, UtcTime from,
                                    UtcTime to) const;

  /// No wind in the box, up to that height above the ground and in that interval, is faster.
  [[nodiscard]] double fastest_m_s(const Box2& box, double highest_agl_m, UtcTime from, UtcTime to) const;

  friend bool operator==(const WindField& a, const WindField& b);

 private:
  /// A place in time between two instants: (1 − share) of the first and share of the next.
  struct Moment {
    std::size_t first;
    double share;
  };
  [[nodiscard]] Moment moment(double seconds) const;
  [[nodiscard]] Enu2 node(std::size_t instant, int i, int j) const;
  [[nodiscard]] Enu2 at_reference_m_s(const Enu2& p_enu, double seconds) const;
  [[nodiscard]] double seconds_after_first(UtcTime t) const;

  WindProfile profile_;
  Lattice lattice_;
  std::vector<UtcTime> instants_;
  std::vector<double> seconds_;  ///< of each instant after the first
  FlatArray<double> velocity_m_s_;
  double fastest_m_s_ = 0.0;  ///< at any node
};

/// Wind as a velocity: where it blows to, x east, y north.
[[nodiscard]] Enu2 velocity_of(const Wind& wind);

}  // namespace swiftlet::geo
