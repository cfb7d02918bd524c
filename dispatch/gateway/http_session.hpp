#pragma once

#include <array>
#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "dispatch/gateway/http_hub.hpp"
#include "dispatch/gateway/http_message.hpp"
#include "dispatch/gateway/wire_stream.hpp"

namespace swiftlet::dispatch {

/// One HTTP connection: requests one after the other, or a reply that goes on as a stream, or what becomes a WebSocket.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(boost::asio::ip::tcp::socket socket, const TlsContext& tls, HttpHub& hub);
  ~HttpSession();
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  void start();
  /// Its place is needed. Precondition: nobody waits for its answer.
  void make_room();

 private:
  using Body = boost::beast::http::string_body;

  void listen();
  void heard();
  void read();
  void take();
  void write(HttpReply reply, bool keep);
  /// The head, then what the stream is offered; its end is that of the connection.
  void begin_stream(const HttpReply& reply);
  /// Nothing is to come from the client any more; if anything does, or it goes, the stream ends.
  void watch_for_end();
  void write_stream();
  /// Ends after the answer, also to a request that was not read to its end: what still comes is dropped for a while,
  /// since closing on it would tear the answer out of the client's hands.
  void take_leave();
  void say_no_more();
  void drop_what_comes();
  void shut();

  WireStream stream_;
  HttpHub& hub_;
  ConnectionCount count_;
  std::optional<std::list<HttpSession*>::iterator> place_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<Body>> parser_;
  boost::beast::http::response<Body> response_;
  std::optional<boost::beast::http::response_serializer<Body>> serializer_;
  std::shared_ptr<ReplyStream> streamed_;
  std::string streaming_;  ///< on its way
  bool writing_ = false;
  std::array<char, 4096> dropped_;
  std::size_t dropped_bytes_ = 0;
};

}  // namespace swiftlet::dispatch
