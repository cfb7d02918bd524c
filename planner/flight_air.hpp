#pragma once

#include <memory>

#include "geo/airspace.hpp"

namespace swiftlet::planner {

/// The wind that a flight meets, by place, height and time, from its departure on.
class FlightAir {
 public:
  /// The same wind everywhere: the speed given is met at every height.
  explicit FlightAir(const geo::Wind& wind) : usual_m_s_(geo::velocity_of(wind)), fastest_m_s_(usual_m_s_.norm()) {}

  struct Flight {
    UtcTime depart;
    double longest_s = 0.0;  ///< no flight takes longer
    double lowest_agl_m = 0.0;
    double highest_agl_m = 0.0;
    geo::Enu2 middle_enu = geo::Enu2::Zero();
    /// Most of a flight is flown in the lower part of what is allowed.
    [[nodiscard]] double usual_agl_m() const { return lowest_agl_m + 0.25 * (highest_agl_m - lowest_agl_m); }
  };
  /// A wind field, for flights between these heights en route.
  FlightAir(geo::AirspacePtr airspace, geo::WindField field, const Flight& flight);

  /// One wind for all: that in the middle of the flight, at a usual height, at departure. What searches reckon with.
  [[nodiscard]] const geo::Enu2& usual_m_s() const { return usual_m_s_; }
  /// Whether it is the same at all places, heights and times.
  [[nodiscard]] bool even() const { return airspace_ == nullptr; }
  [[nodiscard]] bool changes_with_time() const { return !even() && field_.instants().size() > 1; }
  /// Whether it blows the same way at all places and times, and only its speed grows with the height.
  [[nodiscard]] bool grows_with_height_only() const { return even() || field_.uniform(); }
  /// The usual wind times so much is the wind at the least and at the greatest height en route. Precondition: it grows
  /// with the height only.
  [[nodiscard]] double least_share() const { return least_share_; }
  [[nodiscard]] double greatest_share() const { return greatest_share_; }
  /// No wind that the flight could meet is faster.
  [[nodiscard]] double fastest_m_s() const { return fastest_m_s_; }

  /// The mean along a straight segment that is flown evenly between two times after departure.
  [[nodiscard]] geo::MeanWind along(const geo::Enu3& a, const geo::Enu3& b, double from_s, double to_s) const;
  /// The wind at a place, that of the ground where the terrain is not known.
  [[nodiscard]] geo::Enu2 at_m_s(const geo::Enu3& p_enu, double after_s) const;
  /// Whether a time of the flight lies beyond the forecast, so that its first or last instant stands in.
  [[nodiscard]] bool beyond_forecast(double duration_s) const;

 private:
  geo::AirspacePtr airspace_;  ///< null where it is the same everywhere
  geo::WindField field_;
  UtcTime depart_{};
  geo::Enu2 usual_m_s_;
  double fastest_m_s_ = 0.0;
  double least_share_ = 1.0;
  double greatest_share_ = 1.0;
};

}  // namespace swiftlet::planner
