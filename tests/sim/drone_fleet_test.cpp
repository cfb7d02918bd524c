#include "dispatch/drone_link/drone_fleet.hpp"

#include <sys/resource.h>
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <zmq.hpp>

#include "planner/route_json.hpp"
#include "sim/drone_agent.hpp"
#include "tests/sim/sample_mission.hpp"

namespace swiftlet::sim {
namespace {

using drone_link::DroneFleet;

using namespace std::chrono_literals;
using nlohmann::json;

/// The service's end of the drone link by the contract: one ROUTER on loopback. Its port stays the same when it is
/// closed and opened again.
class Peer {
 public:
  Peer() { open(); }

  void open() {
    socket_.emplace(context_, zmq::socket_type::router);
    socket_->set(zmq::sockopt::linger, 0);
    socket_->bind(endpoint_);
    endpoint_ = socket_->get(zmq::sockopt::last_endpoint);
  }
  void close() { socket_.reset(); }
  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }

  struct Message {
    std::string peer;
    json frame;
  };

  /// All that has come; a frame that is not alone in its message fails the test.
  std::vector<Message> take() {
    std::vector<Message> taken;
    zmq::message_t peer;
    zmq::message_t frame;
    while (socket_->recv(peer, zmq::recv_flags::dontwait)) {
      BOOST_REQUIRE(socket_->recv(frame, zmq::recv_flags::none).has_value());
      BOOST_REQUIRE(!frame.more());
      taken.push_back({peer.to_string(), json::parse(frame.to_string())});
    }
    return taken;
  }

  void tell(const std::string& peer, const json& frame) {
    socket_->send(zmq::buffer(peer), zmq::send_flags::sndmore);
    socket_->send(zmq::buffer(frame.dump()), zmq::send_flags::none);
  }

  void welcome(const Message& hello, UtcTime time, double speed, std::int64_t epoch) {
    const GeoPoint home = testing::sample_route(time).waypoints.front().position;
    tell(hello.peer, {{"v", 1},
                      {"type", "reply"},
                      {"re", hello.frame.at("id")},
                      {"ok", true},
                      {"body",
                       {{"drone", hello.frame.at("body").at("drone")},
                        {"epoch", epoch},
                        {"time", format_rfc3339(time)},
                        {"speed", speed},
                        {"home", {{"lon", home.lon_deg}, {"lat", home.lat_deg}, {"alt_msl_m", home.alt_msl_m}}}}}});
  }

 private:
  zmq::context_t context_{1};
  std::optional<zmq::socket_t> socket_;
  std::string endpoint_ = "tcp://127.0.0.1:*";
};

std::vector<std::unique_ptr<drone_link::Drone>> fleet_of(int drones) {
  std::vector<AgentOptions> fleet;
  for (int i = 1; i <= drones; ++i) {
    fleet.push_back({.drone = "D0" + std::to_string(i),
                     .profile = testing::sample_vehicle(),
                     .air = {.wind = {.speed_m_s = 3.0, .from_deg = 90.0}, .gusts = true, .seed = 40U + i},
                     .telemetry_hz = 2.0,
                     .swap_s = 30.0});
  }
  return agents_of(fleet);
}

UtcTime noon() { return UtcTime{} + std::chrono::hours(24 * 365 * 50 + 12); }

/// Turns the fleet, and hands everything that the peer hears to `hear`, until it says true or the time is over.
template <class Hear>
bool run_until(DroneFleet& fleet, Peer& peer, std::chrono::seconds most, Hear hear) {
  const auto end = std::chrono::steady_clock::now() + most;
  while (std::chrono::steady_clock::now() < end) {
    fleet.turn(5ms);
    for (const Peer::Message& message : peer.take()) {
      if (hear(message)) return true;
    }
  }
  return false;
}

json mission_frame(const planner::Route& route, int number, int epoch) {
  return {{"v", 1},
          {"type", "mission"},
          {"body",
           {{"epoch", epoch},
            {"mission_no", number},
            {"flight_id", "F1"},
            {"route", json::parse(planner::to_json(route).dump())},
            {"route_hash", planner::route_hash(route)},
            {"contingencies", json::array()},
            {"purpose", "pickup"}}}};
}

void ignore(std::string_view, std::string_view) {}

}  // namespace

BOOST_AUTO_TEST_SUITE(drone_fleet)

BOOST_AUTO_TEST_CASE(every_drone_says_hello_under_its_own_name_and_then_reports) {
  Peer peer;
  DroneFleet fleet(peer.endpoint(), fleet_of(3), ignore);
  std::map<std::string, std::string> greeted;
  std::set<std::string> reporting;
  const bool all = run_until(fleet, peer, 10s, [&](const Peer::Message& message) {
    if (message.frame.at("type") == "drone.hello") {
      BOOST_TEST(message.frame.at("body").at("lon").is_null());
      greeted[message.peer] = message.frame.at("body").at("drone");
      peer.welcome(message, noon(), 1.0, 1);
    } else {
      BOOST_TEST(message.frame.at("type") == "telemetry");
      BOOST_TEST(message.frame.at("body").at("phase") == "idle");
      reporting.insert(greeted.at(message.peer));
    }
    return reporting.size() == 3;
  });
  BOOST_TEST(all);
  BOOST_TEST((reporting == std::set<std::string>{"D01", "D02", "D03"}));
  BOOST_TEST(fleet.ready());
}

// ZeroMQ stops at 1023 sockets unless told otherwise: a fleet of 341 drones never came up.
BOOST_AUTO_TEST_CASE(five_hundred_drones_of_one_process_are_all_linked) {
  rlimit files{};
  BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &files) == 0);
  files.rlim_cur = files.rlim_max;
  BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &files) == 0);
  constexpr int kDrones = 500;
  Peer peer;
  DroneFleet fleet(peer.endpoint(), fleet_of(kDrones), ignore);
  run_until(fleet, peer, 60s, [&](const Peer::Message& message) {
    if (message.frame.at("type") == "drone.hello") peer.welcome(message, noon(), 1.0, 1);
    return fleet.ready();
  });
  BOOST_TEST(fleet.ready());
  BOOST_TEST(fleet.linked() == static_cast<std::size_t>(kDrones));
}

BOOST_AUTO_TEST_CASE(a_mission_is_flown_through_a_lost_link_and_its_events_come_after_it) {
  Peer peer;
  DroneFleet fleet(peer.endpoint(), fleet_of(1), ignore);
  constexpr double kSpeed = 60.0;
  const auto began = std::chrono::steady_clock::now();
  const auto service_time = [&] {
    return after(noon(), kSpeed * std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  };
  const planner::Route route = testing::sample_route(noon());

  bool accepted = false;
  const bool airborne = run_until(fleet, peer, 10s, [&](const Peer::Message& message) {
    const json& type = message.frame.at("type");
    if (type == "drone.hello") {
      peer.welcome(message, service_time(), kSpeed, 1);
      peer.tell(message.peer, mission_frame(route, 1, 1));
    }
    if (type == "mission.ack") accepted = message.frame.at("body").at("accepted");
    return type == "telemetry" && message.frame.at("body").at("phase") == "cruise";
  });
  BOOST_TEST(accepted);
  BOOST_REQUIRE(airborne);

  // The service dies. The drone flies on, past its landing.
  peer.close();
  const auto dark_until = std::chrono::steady_clock::now() + 4s;
  while (std::chrono::steady_clock::now() < dark_until) fleet.turn(5ms);
  BOOST_TEST(fleet.linked() == 0U);
  peer.open();

  json hello;
  std::set<std::string> kinds;
  const bool told = run_until(fleet, peer, 15s, [&](const Peer::Message& message) {
    const json& body = message.frame.at("body");
    if (message.frame.at("type") == "drone.hello") {
      hello = body;
      peer.welcome(message, service_time(), kSpeed, 2);
    } else if (message.frame.at("type") == "event") {
      BOOST_TEST(!hello.is_null(), "hello comes first on a new connection");
      kinds.insert(body.at("kind").get<std::string>());
      peer.tell(message.peer, {{"v", 1}, {"type", "event.ack"}, {"body", {{"event_no", body.at("event_no")}}}});
    }
    return kinds.contains("landed") && kinds.contains("loaded");
  });
  BOOST_TEST(told);
  BOOST_TEST(hello.at("flight_id") == "F1");
  BOOST_TEST(hello.at("mission_no") == 1);
  BOOST_TEST(hello.at("lon").is_number());
  BOOST_TEST(kinds.contains("takeoff"));  // never acknowledged before the link was lost
}

BOOST_AUTO_TEST_CASE(an_unanswered_hello_is_said_again_on_a_new_socket) {
  Peer peer;
  DroneFleet fleet(peer.endpoint(), fleet_of(1), ignore);
  std::set<std::string> sockets;
  const bool twice = run_until(fleet, peer, 10s, [&](const Peer::Message& message) {
    sockets.insert(message.peer);
    return sockets.size() == 2;
  });
  BOOST_TEST(twice);
  BOOST_TEST(!fleet.ready());
}

BOOST_AUTO_TEST_CASE(a_refused_hello_is_tried_again_later) {
  Peer peer;
  std::vector<std::string> log;
  DroneFleet fleet(peer.endpoint(), fleet_of(1),
                   [&](std::string_view, std::string_view what) { log.emplace_back(what); });
  int hellos = 0;
  const bool welcomed = run_until(fleet, peer, 10s, [&](const Peer::Message& message) {
    if (message.frame.at("type") != "drone.hello") return true;
    if (++hellos == 1) {
      peer.tell(message.peer, {{"v", 1},
                               {"type", "reply"},
                               {"re", message.frame.at("id")},
                               {"ok", false},
                               {"error", {{"code", "not_leader"}, {"message", "standby"}, {"retryable", true}}}});
    } else {
      peer.welcome(message, noon(), 1.0, 1);
    }
    return false;
  });
  BOOST_TEST(welcomed);
  BOOST_TEST(hellos == 2);
  BOOST_TEST(log.at(0) == "refused: not_leader: standby");
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_cannot_be_read_is_refused) {
  BOOST_CHECK_THROW(DroneFleet("nowhere", fleet_of(1), ignore), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::sim
