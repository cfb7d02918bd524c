#include "dispatch/clients/cpp/merchant_client.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <nlohmann/json.hpp>
#include <zmq.hpp>

#include "dispatch/keys/curve_client.hpp"
#include "geo/error_lookup.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr auto kSilence = std::chrono::seconds(3);
constexpr auto kSlice = std::chrono::milliseconds(200);

/// The error of a refusal, with the code that its name has in the table; `internal` for one that this client is too old
/// to know.
Error refusal(const json& told) {
  Error error{.code = ErrorCode::internal, .message = told.value("message", "refused without a word")};
  const std::string code = told.value("code", "");
  if (const auto known = error_code(code)) {
    error.code = *known;
  } else {
    error.message = fmt::format("{}: {}", code, error.message);
  }
  error.where = told.value("field", "");
  if (told.contains("retry_after_s")) error.hint = fmt::format("try again in {} s", told["retry_after_s"].dump());
  return error;
}

}  // namespace

struct MerchantClient::Impl {
  MerchantConnection connection;
  zmq::context_t context{1};
  std::optional<zmq::socket_t> socket;
  std::optional<zmq::socket_t> monitor;
  int opened = 0;
  int asked = 0;
  bool key_refused = false;
  std::deque<json> unasked;  ///< came while a reply was waited for

  void open() {
    close();
    zmq::socket_t fresh(context, zmq::socket_type::dealer);
    const bool with_keys = connection.server_public_key && connection.own;
    set_up_client_socket(fresh.handle(), with_keys ? *connection.server_public_key : "",
                         with_keys ? *connection.own : KeyPair());
    fresh.set(zmq::sockopt::reconnect_ivl, 100);
    fresh.set(zmq::sockopt::reconnect_ivl_max, 2000);
    const std::string name = fmt::format("inproc://merchant-{}", ++opened);
    if (zmq_socket_monitor(fresh.handle(), name.c_str(), ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) != 0) throw zmq::error_t();
    zmq::socket_t watch(context, zmq::socket_type::pair);
    watch.set(zmq::sockopt::linger, 0);
    watch.connect(name);
    fresh.connect(connection.endpoint);
    socket = std::move(fresh);
    monitor = std::move(watch);
  }

  void close() {
    if (socket) zmq_socket_monitor(socket->handle(), nullptr, 0);
    monitor.reset();
    socket.reset();
  }

  /// The next frame within `most`; nothing if none came, or if the key was refused.
  std::optional<json> receive(std::chrono::milliseconds most) {
    std::array<zmq::pollitem_t, 2> items{{{socket->handle(), 0, ZMQ_POLLIN, 0}, {monitor->handle(), 0, ZMQ_POLLIN, 0}}};
    try {
      zmq::poll(items, most);
    } catch (const zmq::error_t& error) {
      if (error.num() != EINTR) throw;
      return std::nullopt;
    }
    if ((items[1].revents & ZMQ_POLLIN) != 0) key_refused = true;
    zmq::message_t frame;
    if (!socket->recv(frame, zmq::recv_flags::dontwait)) return std::nullopt;
    json told = json::parse(frame.to_string_view(), nullptr, false);
    return told.is_object() ? std::optional(std::move(told)) : std::nullopt;
  }

  [[nodiscard]] Unexpected key_is_refused() const {
    return fail(ErrorCode::unauthorized, "the service does not let this key in", connection.endpoint);
  }

  Expected<std::string> send(const std::string& type, json body) {
    const std::string id = fmt::format("r{}", ++asked);
    const std::string frame = json{{"v", 1}, {"type", type}, {"id", id}, {"body", std::move(body)}}.dump(
        -1, ' ', false, json::error_handler_t::replace);
    if (!socket->send(zmq::buffer(frame), zmq::send_flags::dontwait)) {
      return fail(ErrorCode::overloaded, "the connection takes no more requests", connection.endpoint);
    }
    return id;
  }
};

MerchantClient::MerchantClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MerchantClient::MerchantClient(MerchantClient&&) noexcept = default;
MerchantClient::~MerchantClient() {
  if (impl_) impl_->close();
}

Expected<MerchantClient> MerchantClient::open(MerchantConnection connection) {
  auto impl = std::make_unique<Impl>();
  impl->connection = std::move(connection);
  try {
    impl->open();
  } catch (const std::exception& error) {
    return fail(ErrorCode::usage, fmt::format("cannot be connected to: {}", error.what()), impl->connection.endpoint);
  }
  return MerchantClient(std::move(impl));
}

Expected<json> MerchantClient::ask(const std::string& type, json body) {
  const auto id = impl_->send(type, std::move(body));
  if (!id) return Unexpected(id.error());
  for (const auto until = Clock::now() + impl_->connection.patience; Clock::now() < until;) {
    auto frame = impl_->receive(kSlice);
    if (impl_->key_refused) return impl_->key_is_refused();
    if (!frame) continue;
    const bool nameless = frame->value("type", "") == "reply" && (*frame)["re"].is_null();
    if (!nameless && frame->value("re", "") != *id) {
      if (frame->value("type", "") != "reply") impl_->unasked.push_back(std::move(*frame));
      continue;
    }
    if (!nameless && frame->value("ok", false)) return (*frame)["body"];
    return Unexpected(refusal((*frame)["error"]));
  }
  return fail(ErrorCode::deadline_passed,
              fmt::format("no answer within {} s; is the service up, and does it take keys?",
                          std::chrono::duration<double>(impl_->connection.patience).count()),
              impl_->connection.endpoint);
}

Expected<void> MerchantClient::listen(std::optional<std::uint64_t> from_seq, const Heard& heard,
                                      const std::function<bool()>& interrupted) {
  std::optional<std::uint64_t> next = from_seq;
  const auto subscribe = [&]() -> Expected<void> {
    const auto told = ask("subscribe", next ? json{{"from_seq", *next}} : json::object());
    if (!told) return Unexpected(told.error());
    if (!next) next = told->value("seq", std::uint64_t{0}) + 1;
    return {};
  };
  if (auto subscribed = subscribe(); !subscribed) return subscribed;
  auto heard_at = Clock::now();
  while (!interrupted()) {
    std::optional<json> frame;
    if (!impl_->unasked.empty()) {
      frame = std::move(impl_->unasked.front());
      impl_->unasked.pop_front();
    } else {
      frame = impl_->receive(kSlice);
    }
    if (!frame) {
      if (Clock::now() - heard_at < kSilence) continue;
      // A new socket: what was under way on the old one must not arrive after the new subscription.
      impl_->open();
      impl_->unasked.clear();
      if (auto subscribed = subscribe(); !subscribed && !traits(subscribed.error().code).retryable) return subscribed;
      heard_at = Clock::now();
      continue;
    }
    heard_at = Clock::now();
    const std::string type = frame->value("type", "");
    if (type == "order.event") {
      const auto seq = frame->value("seq", std::uint64_t{0});
      if (seq < *next) continue;
      next = seq + 1;
    } else if (type == "eta" && frame->value("last_seq", std::uint64_t{0}) >= *next) {
      if (auto subscribed = subscribe(); !subscribed) return subscribed;
    }
    if (!heard(*frame)) return {};
  }
  return fail(ErrorCode::interrupted, "stopped listening");
}

}  // namespace swiftlet::dispatch
