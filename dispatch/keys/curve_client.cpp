#include "dispatch/keys/curve_client.hpp"

#include <zmq.h>

#include <cstdint>
#include <stdexcept>

namespace swiftlet::dispatch {

void set_up_client_socket(void* socket, const std::string& server_public_key, const KeyPair& own) {
  const int linger = 0;
  // A frame, and what CURVE puts round it: libzmq's limit counts both.
  const std::int64_t most_bytes = std::int64_t{64} * 1024 + (server_public_key.empty() ? 0 : 33);
  bool set = zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger) == 0 &&
             zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &most_bytes, sizeof most_bytes) == 0;
  // Z85 text, with the zero at its end.
  const auto key = [&](int option, const std::string& text) {
    set = set && zmq_setsockopt(socket, option, text.c_str(), text.size() + 1) == 0;
  };
  if (!server_public_key.empty()) {
    key(ZMQ_CURVE_SERVERKEY, server_public_key);
    key(ZMQ_CURVE_PUBLICKEY, own.public_key);
    key(ZMQ_CURVE_SECRETKEY, own.secret_key);
  }
  if (!set) throw std::invalid_argument(std::string("a key that ZeroMQ cannot take: ") + zmq_strerror(zmq_errno()));
}

}  // namespace swiftlet::dispatch
