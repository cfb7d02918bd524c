#include "dispatch/clients/cpp/order_load.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <thread>
#include <zmq.hpp>

#include "dispatch/keys/curve_client.hpp"
#include "geo/utc_time.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(20);
constexpr std::size_t kMostUnanswered = 64;  // questions at once, while routes are proven

zmq::socket_t connect(zmq::context_t& context, const OrderLoad& load, const KeyPair& merchant) {
  zmq::socket_t socket(context, zmq::socket_type::dealer);
  set_up_client_socket(socket.handle(), load.server_public_key, merchant);
  socket.set(zmq::sockopt::sndhwm, 100'000);
  socket.set(zmq::sockopt::rcvhwm, 100'000);
  socket.connect(load.endpoint);
  return socket;
}

json wish(const std::string& from, const std::string& to) {
  return {{"pickup", {{"pad", from}}}, {"dropoff", {{"pad", to}}}, {"parcel", {{"mass_kg", 0.5}}}};
}

std::string frame(const char* type, const std::string& id, json body) {
  return json{{"v", 1}, {"type", type}, {"id", id}, {"body", std::move(body)}}.dump();
}

std::optional<json> receive(zmq::socket_t& socket) {
  zmq::message_t message;
  if (!socket.recv(message, zmq::recv_flags::dontwait)) return std::nullopt;
  json told = json::parse(message.to_string_view(), nullptr, false);
  return told.is_object() ? std::optional(std::move(told)) : std::nullopt;
}

/// The orders' clock and counters, shared by sender and receiver, which take turns on one thread.
class Run {
 public:
  Run(const OrderLoad& load, zmq::context_t& context) : load_(load), random_(load.seed) {
    for (const KeyPair& merchant : load.merchants) sockets_.push_back(connect(context, load, merchant));
    for (zmq::socket_t& socket : sockets_) items_.push_back({socket.handle(), 0, ZMQ_POLLIN, 0});
  }

  /// Service time, as each merchant's `hello` tells it, once its handshake is through.
  Expected<void> greet() {
    for (std::size_t m = 0; m < sockets_.size(); ++m) {
      sockets_[m].send(zmq::buffer(frame("hello", "h", json::object())), zmq::send_flags::none);
    }
    std::size_t greeted = 0;
    for (const auto until = Clock::now() + kPatience; Clock::now() < until && greeted < sockets_.size();) {
      (void)zmq::poll(items_, std::chrono::milliseconds(50));
      for (zmq::socket_t& socket : sockets_) {
        const auto told = receive(socket);
        if (!told || !told->value("ok", false)) continue;
        if (const auto now = parse_rfc3339((*told)["body"]["time"].get<std::string>())) service_now_ = *now;
        ++greeted;
      }
    }
    if (greeted == sockets_.size()) return {};
    return fail(ErrorCode::deadline_passed, fmt::format("{} of {} merchants were greeted", greeted, sockets_.size()),
                load_.endpoint);
  }

  LoadResult go() {
    const auto count = static_cast<std::uint64_t>(load_.orders_per_s * static_cast<double>(load_.lasts.count()));
    due_.resize(count);
    result_.acknowledged_ms.reserve(count);
    begin_ = Clock::now();
    std::uint64_t next = 0;
    for (; next < count;) {
      const auto due = begin_ + std::chrono::duration_cast<Clock::duration>(
                                    std::chrono::duration<double>(static_cast<double>(next) / load_.orders_per_s));
      if (Clock::now() >= due) {
        due_[next] = due;
        send(next++);
        if (next % 16 == 0) take_replies();
        continue;
      }
      (void)zmq::poll(items_, std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now()));
      take_replies();
    }
    for (const auto until = Clock::now() + kPatience; Clock::now() < until && answered() < count;) {
      (void)zmq::poll(items_, std::chrono::milliseconds(20));
      take_replies();
    }
    result_.sent = count;
    result_.unanswered = count - answered();
    return result_;
  }

 private:
  [[nodiscard]] std::uint64_t answered() const { return result_.accepted + result_.refused; }

  void send(std::uint64_t number) {
    const auto any_pad = [&] { return std::uniform_int_distribution<std::size_t>(0, load_.pads.size() - 1)(random_); };
    const std::size_t from = any_pad();
    std::size_t to = any_pad();
    while (to == from) to = any_pad();
    json body = wish(load_.pads[from], load_.pads[to]);
    body["client_order_id"] = fmt::format("load-{}", load_.client_ids_begin + number);
    const double ahead_s = std::uniform_real_distribution<double>(
        0.0, static_cast<double>(std::chrono::seconds(load_.ready_within).count()))(random_);
    body["ready_at"] = format_rfc3339(after(service_now_, ahead_s));
    sockets_[number % sockets_.size()].send(zmq::buffer(frame("order.create", std::to_string(number), std::move(body))),
                                            zmq::send_flags::dontwait);
  }

  void take_replies() {
    for (zmq::socket_t& socket : sockets_) {
      while (const auto told = receive(socket)) {
        if (told->value("type", "") != "reply" || !(*told)["re"].is_string()) continue;
        const std::uint64_t number = std::stoull((*told)["re"].get<std::string>());
        const auto now = Clock::now();
        if (told->value("ok", false)) {
          ++result_.accepted;
          result_.acknowledged_ms.push_back(std::chrono::duration<double, std::milli>(now - due_.at(number)).count());
        } else {
          ++result_.refused;
          if (result_.first_refusal.empty()) result_.first_refusal = (*told)["error"].dump();
        }
        result_.lasted_s = std::chrono::duration<double>(now - begin_).count();
      }
    }
  }

  const OrderLoad& load_;
  std::mt19937_64 random_;
  std::vector<zmq::socket_t> sockets_;
  std::vector<zmq::pollitem_t> items_;
  std::vector<Clock::time_point> due_;
  UtcTime service_now_;
  Clock::time_point begin_;
  LoadResult result_;
};

}  // namespace

Expected<std::size_t> prove_all_pairs(const OrderLoad& load, std::chrono::seconds at_most) {
  zmq::context_t context{1};
  zmq::socket_t socket = connect(context, load, load.merchants.at(0));
  std::vector<std::pair<std::string, std::string>> open;
  for (const std::string& from : load.pads) {
    for (const std::string& to : load.pads) {
      if (from != to) open.emplace_back(from, to);
    }
  }
  const std::size_t count = open.size();
  std::size_t serviceable = 0;
  std::size_t settled = 0;
  std::size_t next = 0;       // of `open`, to ask
  std::size_t under_way = 0;  // asked, not answered
  for (const auto until = Clock::now() + at_most; settled < count;) {
    if (Clock::now() >= until) {
      return fail(ErrorCode::deadline_passed, fmt::format("{} of {} pairs have an answer", settled, count),
                  load.endpoint);
    }
    for (; next < open.size() && under_way < kMostUnanswered; ++next, ++under_way) {
      socket.send(zmq::buffer(frame("quote", std::to_string(next), wish(open[next].first, open[next].second))),
                  zmq::send_flags::none);
    }
    zmq::pollitem_t item{socket.handle(), 0, ZMQ_POLLIN, 0};
    (void)zmq::poll(&item, 1, std::chrono::milliseconds(50));
    while (const auto told = receive(socket)) {
      if (told->value("type", "") != "reply" || !(*told)["re"].is_string()) continue;
      --under_way;
      if (told->value("ok", false)) {
        ++settled;
        serviceable += (*told)["body"].value("serviceable", false) ? 1 : 0;
      } else if ((*told)["error"].value("retryable", false)) {
        // Come again: the limit, or a planner that was busy.
        open.push_back(open[std::stoull((*told)["re"].get<std::string>())]);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      } else {
        ++settled;
      }
    }
  }
  return serviceable;
}

Expected<LoadResult> run_order_load(const OrderLoad& load) {
  try {
    zmq::context_t context{1};
    Run run(load, context);
    if (auto greeted = run.greet(); !greeted) return Unexpected(greeted.error());
    return run.go();
  } catch (const zmq::error_t& error) {
    return fail(ErrorCode::usage, fmt::format("the load cannot be sent: {}", error.what()), load.endpoint);
  }
}

}  // namespace swiftlet::dispatch
