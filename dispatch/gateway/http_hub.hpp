#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <set>

namespace swiftlet::dispatch {

class HttpApplication;
class HttpSession;
class SocketSession;

/// What a server's connections share; lives on the server's thread.
struct HttpHub {
  HttpApplication* application = nullptr;
  std::set<std::shared_ptr<SocketSession>> sockets = {};
  std::list<HttpSession*> listening = {};  ///< those whose client has the word, the longest first
  std::size_t connections = 0;
};

/// Counts one connection for as long as it lives.
class ConnectionCount {
 public:
  explicit ConnectionCount(HttpHub& hub) : hub_(&hub) { ++hub_->connections; }
  ~ConnectionCount() { --hub_->connections; }
  ConnectionCount(const ConnectionCount&) = delete;
  ConnectionCount& operator=(const ConnectionCount&) = delete;

 private:
  HttpHub* hub_;
};

}  // namespace swiftlet::dispatch
