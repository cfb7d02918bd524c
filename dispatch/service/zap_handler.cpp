#include "dispatch/service/zap_handler.hpp"

#include <fmt/core.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <thread>
#include <vector>
#include <zmq.hpp>

namespace swiftlet::dispatch {
namespace {

constexpr const char* kAddress = "inproc://zeromq.zap.01";
constexpr std::size_t kRawKey = 32;
// version, request id, domain, address, routing id, mechanism, then the client's key
constexpr std::size_t kFrames = 7;

struct Verdict {
  const char* status;
  const char* text;
  std::string user_id = {};
};

Verdict judge(const std::vector<std::string>& request, const ZapHandler::LetsIn& lets_in) {
  if (request.size() != kFrames || request[0] != "1.0") return {.status = "500", .text = "not understood"};
  if (request[5] != "CURVE" || request[6].size() != kRawKey) return {.status = "400", .text = "a key is needed"};
  std::array<char, 41> key{};
  const auto* raw = reinterpret_cast<const std::uint8_t*>(request[6].data());
  if (zmq_z85_encode(key.data(), raw, kRawKey) == nullptr) return {.status = "500", .text = "not understood"};
  if (!lets_in(key.data())) return {.status = "400", .text = "unknown key"};
  return {.status = "200", .text = "OK", .user_id = key.data()};
}

void answer(zmq::socket_t& socket, const ZapHandler::LetsIn& lets_in) {
  std::vector<std::string> request;
  zmq::message_t part;
  do {
    if (!socket.recv(part)) return;
    request.push_back(part.to_string());
  } while (part.more());
  const Verdict verdict = judge(request, lets_in);
  const std::array<std::string, 6> reply{
      "1.0", request.size() > 1 ? request[1] : "", verdict.status, verdict.text, verdict.user_id, ""};
  for (std::size_t i = 0; i < reply.size(); ++i) {
    (void)socket.send(zmq::buffer(reply[i]), i + 1 < reply.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
  }
}

}  // namespace

struct ZapHandler::Impl {
  zmq::context_t* context = nullptr;
  zmq::socket_t socket;
  std::thread thread;
};

ZapHandler::ZapHandler(void* context, LetsIn lets_in) : impl_(std::make_unique<Impl>()) {
  impl_->context = static_cast<zmq::context_t*>(context);
  impl_->socket = zmq::socket_t(*impl_->context, zmq::socket_type::rep);
  impl_->socket.set(zmq::sockopt::linger, 0);
  try {
    impl_->socket.bind(kAddress);
  } catch (const zmq::error_t& error) {
    throw std::runtime_error(fmt::format("the door of the sockets cannot be kept: {}", error.what()));
  }
  impl_->thread = std::thread([socket = std::move(impl_->socket), lets_in = std::move(lets_in)]() mutable {
    try {
      for (;;) answer(socket, lets_in);
    } catch (const zmq::error_t& error) {
      // The context has been shut down: the end that is meant.
      if (error.num() != ETERM) std::terminate();
    }
  });
}

ZapHandler::~ZapHandler() {
  if (impl_->thread.joinable()) impl_->thread.join();
}

}  // namespace swiftlet::dispatch
