#include "planner/traffic/reservation_index.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/planner/traffic/drawn_traffic.hpp"
#include "tests/seed.hpp"

namespace swiftlet::planner {
namespace {

using geo::Enu2;
using geo::Enu3;
using test::DrawnFlight;

const geo::LocalFrame& frame() {
  static const geo::LocalFrame kFrame({4.85, 45.76});
  return kFrame;
}

struct Reserved {
  DrawnFlight flight;
  OperationalIntent intent;
  double departs_s;
  ReservationId id;
};

/// Distance of two segments over the ground by halving: shares no formula with the index.
double by_halving_m(const IntentVolume& a, const IntentVolume& b) {
  const auto to_b = [&](double s) {
    const Enu2 p = a.from_enu + s * (a.to_enu - a.from_enu);
    double low = 0.0;
    double high = 1.0;
    const auto d = [&](double t) { return (b.from_enu + t * (b.to_enu - b.from_enu) - p).norm(); };
    for (int k = 0; k < 45; ++k) {
      const double t0 = low + (high - low) / 3.0;
      const double t1 = high - (high - low) / 3.0;
      (d(t0) < d(t1) ? high : low) = d(t0) < d(t1) ? t1 : t0;
    }
    return d(0.5 * (low + high));
  };
  double low = 0.0;
  double high = 1.0;
  for (int k = 0; k < 45; ++k) {
    const double s0 = low + (high - low) / 3.0;
    const double s1 = high - (high - low) / 3.0;
    (to_b(s0) < to_b(s1) ? high : low) = to_b(s0) < to_b(s1) ? s1 : s0;
  }
  return to_b(0.5 * (low + high));
}

/// What forbidden departures are wider by than the meetings, and a microsecond for adding up times in two orders.
constexpr double kApart_s = 0.002 + 1e-6;

bool space_meets(const IntentVolume& a, const IntentVolume& b) {
  if (a.low_msl_m > b.high_msl_m || b.low_msl_m > a.high_msl_m) return false;
  const double most_m = a.reach_m + b.reach_m + (a.to_enu - a.from_enu).norm() + (b.to_enu - b.from_enu).norm();
  return (a.from_enu - b.from_enu).norm() <= most_m && by_halving_m(a, b) <= a.reach_m + b.reach_m;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reservation_index)

BOOST_AUTO_TEST_CASE(flights_with_free_departures_are_never_too_near_whatever_they_do_within_the_rules) {
  const std::uint64_t first = swiftlet::test::seed();
  const TrafficRules rules;
  int intrusions = 0;
  int at_once = 0;  // the same flights departing when they like: shows that there is something to keep apart
  for (std::uint64_t seed = first; seed < first + 8; ++seed) {
    std::mt19937_64 random(seed);
    ReservationIndex index;
    std::vector<Reserved> town;
    std::vector<double> wished;
    std::vector<test::Misbehaviour> doing;
    for (int k = 0; k < 40; ++k) {
      DrawnFlight flight(random, 1200.0, 10);
      const OperationalIntent intent = operational_intent(flight.route(frame()), frame(), rules);
      const double wish_s = std::uniform_real_distribution<double>(0.0, 400.0)(random);
      const auto departs_s = first_free(index.forbidden_departures(intent, wish_s, wish_s + 1800.0), wish_s,
                                        wish_s + 1800.0, k % 2 == 0 ? 1.0 : 0.0);
      doing.emplace_back(random, rules);
      if (!departs_s) {
        doing.pop_back();
        continue;
      }
      BOOST_TEST(!index.first_conflict(intent, *departs_s).has_value());
      const ReservationId id = index.reserve(intent, *departs_s);
      town.push_back({flight, intent, *departs_s, id});
      wished.push_back(wish_s);
    }
    BOOST_TEST(town.size() >= 30U);
    const auto count = [&](const auto& departs_s) {
      int near = 0;
      for (double at_s = 0.0; at_s < 2500.0; at_s += 0.5) {
        std::vector<Enu3> aloft;
        for (std::size_t k = 0; k < town.size(); ++k) {
          const double elapsed_s = at_s - departs_s(k);
          const double flown_s = doing[k].flown_s(elapsed_s);
          if (flown_s <= 0.0 || flown_s >= town[k].flight.duration_s()) continue;
          aloft.push_back(town[k].flight.at(flown_s) + doing[k].off_enu(elapsed_s));
        }
        for (std::size_t a = 0; a < aloft.size(); ++a) {
          for (std::size_t b = a + 1; b < aloft.size(); ++b) {
            const Enu3 d = aloft[a] - aloft[b];
            near += d.head<2>().norm() < rules.across_m && std::abs(d.z()) < rules.up_m;
          }
        }
      }
      return near;
    };
    const int seen = count([&](std::size_t k) { return town[k].departs_s; });
    BOOST_TEST_CONTEXT("seed " << seed) BOOST_TEST(seen == 0);
    intrusions += seen;
    at_once += count([&](std::size_t k) { return wished[k]; });
  }
  BOOST_TEST(intrusions == 0);
  BOOST_TEST(at_once > 300);
}

BOOST_AUTO_TEST_CASE(conflicts_and_free_departures_are_those_that_asking_every_pair_of_volumes_finds) {
  const std::uint64_t first = swiftlet::test::seed();
  for (std::uint64_t seed = first; seed < first + 15; ++seed) {
    std::mt19937_64 random(seed);
    ReservationIndex index;
    std::vector<Reserved> town;
    for (int k = 0; k < 12; ++k) {
      DrawnFlight flight(random, 800.0, 8);
      const OperationalIntent intent = operational_intent(flight.route(frame()), frame(), {});
      const double departs_s = std::uniform_real_distribution<double>(0.0, 300.0)(random);
      const ReservationId id = index.reserve(intent, departs_s);
      town.push_back({flight, intent, departs_s, id});
    }
    // Some leave again: what is theirs is free.
    for (int k = 0; k < 3; ++k) {
      index.release(town.back().id);
      town.pop_back();
    }
    const DrawnFlight flight(random, 800.0, 8);
    const OperationalIntent intent = operational_intent(flight.route(frame()), frame(), {});
    struct Meeting {
      double after_s, before_s;
    };
    std::vector<Meeting> meetings;
    for (const Reserved& other : town) {
      for (const IntentVolume& a : intent.volumes) {
        for (const IntentVolume& b : other.intent.volumes) {
          if (!space_meets(a, b)) continue;
          meetings.push_back({b.begins_s + other.departs_s - a.ends_s, b.ends_s + other.departs_s - a.begins_s});
        }
      }
    }
    const auto meets_at = [&](double departs_s, double spare_s) {
      return std::any_of(meetings.begin(), meetings.end(), [&](const Meeting& m) {
        return m.after_s - spare_s < departs_s && departs_s < m.before_s + spare_s;
      });
    };
    const auto forbidden = index.forbidden_departures(intent, 0.0, 900.0);
    BOOST_TEST_CONTEXT("seed " << seed) {
      for (double departs_s = 0.0; departs_s < 900.0; departs_s += 0.7) {
        const bool is_free = first_free(forbidden, departs_s, departs_s, 0.0).has_value();
        if (is_free) BOOST_TEST(!meets_at(departs_s, 0.0));
        if (!is_free) BOOST_TEST(meets_at(departs_s, kApart_s));
        if (is_free) BOOST_TEST(!index.first_conflict(intent, departs_s).has_value());
        if (meets_at(departs_s, 0.0)) BOOST_TEST(index.first_conflict(intent, departs_s).has_value());
      }
      const auto departs_s = first_free(forbidden, 0.0, 900.0, 0.0);
      BOOST_REQUIRE(departs_s.has_value());
      for (double earlier_s = 0.0; earlier_s < *departs_s; earlier_s += 0.05) {
        BOOST_TEST(meets_at(earlier_s, kApart_s));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_conflict_names_with_whom_where_and_when) {
  ReservationIndex index;
  Route eastward;
  const auto waypoint = [](double x, double y, double z, double t_s) {
    Waypoint w;
    w.position = frame().to_geo(Enu3(x, y, z));
    w.t_s = t_s;
    w.ground_speed_m_s = 10.0;
    return w;
  };
  Route northward;
  for (int k = 0; k <= 10; ++k) {
    eastward.waypoints.push_back(waypoint(100.0 * k, 500, 50, 10.0 * k));
    northward.waypoints.push_back(waypoint(500, 100.0 * k, 50, 10.0 * k));
  }
  const ReservationId other = index.reserve(operational_intent(eastward, frame(), {}), 1000.0);
  const OperationalIntent own = operational_intent(northward, frame(), {});
  const auto conflict = index.first_conflict(own, 1000.0);
  BOOST_REQUIRE(conflict.has_value());
  BOOST_TEST(conflict->with == other);
  BOOST_TEST((conflict->where_enu - Enu3(500, 500, 50)).norm() < 60.0);
  BOOST_TEST(conflict->begins_s > 1040.0);
  BOOST_TEST(conflict->ends_s < 1060.0);
  BOOST_TEST(!index.first_conflict(own, 1000.0, other).has_value());
  // One goes well above the other: they share the place and the time, not the height.
  for (Waypoint& w : northward.waypoints) w.position.alt_msl_m += 14.0;
  BOOST_TEST(!index.first_conflict(operational_intent(northward, frame(), {}), 1000.0).has_value());
  for (Waypoint& w : northward.waypoints) w.position.alt_msl_m -= 2.0;
  BOOST_TEST(index.first_conflict(operational_intent(northward, frame(), {}), 1000.0).has_value());
  index.release(other);
  BOOST_TEST(index.reservations() == 0U);
  BOOST_TEST(index.volumes() == 0U);
  BOOST_TEST(!index.first_conflict(own, 1000.0).has_value());
}

IntentVolume box(double x_m, double y_m, double begins_s, double ends_s) {
  return {.from_enu = {x_m, y_m},
          .to_enu = {x_m + 10.0, y_m},
          .reach_m = 5.0,
          .low_msl_m = 40.0,
          .high_msl_m = 60.0,
          .begins_s = begins_s,
          .ends_s = ends_s};
}

BOOST_AUTO_TEST_CASE(the_first_conflict_is_the_same_whatever_was_reserved_and_released_before) {
  const std::uint64_t first = swiftlet::test::seed();
  for (std::uint64_t seed = first; seed < first + 40; ++seed) {
    std::mt19937_64 random(seed);
    const auto whole = [&](int from, int to) { return std::uniform_int_distribution<int>(from, to)(random); };
    // Places and times of a few steps only: many meetings begin at the same instant.
    std::vector<OperationalIntent> flights(6);
    for (OperationalIntent& flight : flights) {
      for (int k = 0; k < 5; ++k)
        flight.volumes.push_back(box(10.0 * whole(0, 5), 10.0 * whole(0, 2), 10.0 * whole(0, 2), 30.0));
    }
    const OperationalIntent own{{box(20.0, 10.0, 0.0, 15.0), box(0.0, 0.0, 0.0, 15.0), box(40.0, 20.0, 5.0, 25.0)}};
    ReservationIndex plain;
    for (const OperationalIntent& flight : flights) (void)plain.reserve(flight, 0.0);
    // The same under the same ids, after many of them left and came again: an id that is free last is given first.
    ReservationIndex stirred;
    for (const OperationalIntent& flight : flights) (void)stirred.reserve(flight, 0.0);
    for (int turns = 0; turns < 30; ++turns) {
      const auto k = static_cast<std::size_t>(whole(0, 5));
      stirred.release(static_cast<ReservationId>(k));
      BOOST_REQUIRE(stirred.reserve(flights[k], 0.0) == k);
    }
    const auto a = plain.first_conflict(own, 0.0);
    const auto b = stirred.first_conflict(own, 0.0);
    BOOST_TEST_CONTEXT("seed " << seed) {
      BOOST_REQUIRE(a.has_value() == b.has_value());
      if (!a) continue;
      BOOST_TEST(a->with == b->with);
      BOOST_TEST((a->where_enu - b->where_enu).norm() == 0.0);
      BOOST_TEST(a->begins_s == b->begins_s);
      BOOST_TEST(a->ends_s == b->ends_s);
      BOOST_TEST(a->begins_s <= a->ends_s);
    }
  }
}

BOOST_AUTO_TEST_CASE(of_conflicts_that_begin_at_once_the_longest_reserved_and_then_the_smallest_id_is_told) {
  const OperationalIntent own{{box(0.0, 0.0, 10.0, 20.0)}};
  ReservationIndex index;
  const ReservationId late = index.reserve({{box(0.0, 0.0, 5.0, 30.0)}}, 0.0);
  const ReservationId twin = index.reserve({{box(0.0, 0.0, 2.0, 30.0)}}, 0.0);
  const ReservationId other = index.reserve({{box(0.0, 0.0, 2.0, 30.0)}}, 0.0);
  BOOST_TEST(index.first_conflict(own, 0.0)->with == twin);
  BOOST_TEST(index.first_conflict(own, 0.0, twin)->with == other);
  index.release(twin);
  index.release(other);
  BOOST_TEST(index.first_conflict(own, 0.0)->with == late);
}

BOOST_AUTO_TEST_CASE(what_rounding_may_hide_is_a_meeting_and_a_little_more_is_none) {
  ReservationIndex index;
  (void)index.reserve({{box(0.0, 0.0, 0.0, 10.0)}}, 0.0);
  const auto meets = [&](double y_m, double up_m, double begins_s) {
    IntentVolume own = box(0.0, y_m, begins_s, 20.0);
    own.low_msl_m += up_m;
    own.high_msl_m += up_m;
    return index.first_conflict({{own}}, 0.0).has_value();
  };
  BOOST_TEST(meets(10.0, 0.0, 5.0));
  BOOST_TEST(meets(10.0 + 0.9e-6, 0.0, 5.0));
  BOOST_TEST(!meets(10.0 + 1.1e-6, 0.0, 5.0));
  BOOST_TEST(meets(0.0, 20.0 + 0.9e-6, 5.0));
  BOOST_TEST(!meets(0.0, 20.0 + 1.1e-6, 5.0));
  BOOST_TEST(meets(0.0, -20.0 - 0.9e-6, 5.0));
  BOOST_TEST(!meets(0.0, -20.0 - 1.1e-6, 5.0));
  BOOST_TEST(meets(0.0, 0.0, 10.0 + 0.9e-3));
  BOOST_TEST(!meets(0.0, 0.0, 10.0 + 1.1e-3));
  // The departure that is free by the millisecond is free of conflict, and so is one rounded to the next millisecond.
  const OperationalIntent own{{box(0.0, 0.0, 0.0, 10.0)}};
  const auto forbidden = index.forbidden_departures(own, 0.0, 100.0);
  BOOST_REQUIRE(forbidden.size() == 1U);
  BOOST_TEST(forbidden.front().before_s == 10.002, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(!index.first_conflict(own, 10.0015).has_value());
  BOOST_TEST(index.first_conflict(own, 10.0009).has_value());
}

BOOST_AUTO_TEST_CASE(releasing_twice_or_what_never_was_reserved_is_the_callers_mistake) {
  ReservationIndex index;
  BOOST_CHECK_THROW(index.release(0), std::logic_error);
  const ReservationId a = index.reserve({{box(0.0, 0.0, 0.0, 10.0)}}, 0.0);
  const ReservationId empty = index.reserve({}, 0.0);
  BOOST_CHECK_THROW(index.release(empty + 1), std::logic_error);
  index.release(empty);
  BOOST_CHECK_THROW(index.release(empty), std::logic_error);
  BOOST_TEST(index.reservations() == 1U);
  BOOST_TEST(index.volumes() == 1U);
  index.release(a);
  BOOST_CHECK_THROW(index.release(a), std::logic_error);
  BOOST_TEST(index.reservations() == 0U);
  BOOST_TEST(index.volumes() == 0U);
}

BOOST_AUTO_TEST_CASE(departures_go_by_whole_steps_where_they_are_asked_to) {
  const auto forbidden = joined({{10.0, 14.5}, {3.0, 9.2}, {9.0, 10.5}, {20.0, 21.0}});
  BOOST_REQUIRE(forbidden.size() == 2U);
  BOOST_TEST(*first_free(forbidden, 0.0, 60.0, 0.0) == 0.0);
  BOOST_TEST(*first_free(forbidden, 4.0, 60.0, 0.0) == 14.5);
  BOOST_TEST(*first_free(forbidden, 4.0, 60.0, 1.0) == 15.0);
  BOOST_TEST(*first_free(forbidden, 4.0, 60.0, 16.5) == 37.0);
  BOOST_TEST(!first_free(forbidden, 4.0, 14.0, 0.0).has_value());
  BOOST_TEST(*first_free(forbidden, 14.5, 60.0, 0.0) == 14.5);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::planner
