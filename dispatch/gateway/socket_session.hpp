#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>

#include "dispatch/gateway/http_hub.hpp"
#include "dispatch/gateway/wire_stream.hpp"

namespace swiftlet::dispatch {

/// One WebSocket: what waits for its client, in order, bounded.
class SocketSession : public std::enable_shared_from_this<SocketSession> {
 public:
  SocketSession(WireStream stream, HttpHub& hub, std::string owner)
      : socket_(std::move(stream)), hub_(hub), owner_(std::move(owner)) {}

  void open(const boost::beast::http::request<boost::beast::http::string_body>& upgrade);
  void send(const std::shared_ptr<const std::string>& message);
  void close();
  [[nodiscard]] const std::string& owner() const { return owner_; }

 private:
  void read();
  void write();
  void send_snapshot();

  boost::beast::websocket::stream<WireStream> socket_;
  HttpHub& hub_;
  std::string owner_;
  boost::beast::flat_buffer inbox_;
  std::deque<std::shared_ptr<const std::string>> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool open_ = false;
  bool writing_ = false;
  bool behind_ = false;  ///< what waited was dropped: the next thing is the whole state
};

}  // namespace swiftlet::dispatch
