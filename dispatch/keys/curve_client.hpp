#pragma once

#include <string>

#include "dispatch/keys/key_file.hpp"

namespace swiftlet::dispatch {

/// Sets up a ZeroMQ socket, given by its handle and not yet connected, as every client of the service is: nothing
/// lingers, frames of at most 64 KiB, and where there is a server's key, CURVE with the client's own. Throws
/// std::invalid_argument where ZeroMQ refuses a key.
void set_up_client_socket(void* socket, const std::string& server_public_key, const KeyPair& own);

}  // namespace swiftlet::dispatch
