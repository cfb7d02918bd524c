#pragma once

#include <utility>  // before asio: Boost 1.74 forgets it

#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <memory>
#include <variant>

namespace swiftlet::dispatch {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

/// One accepted connection, in the clear or under TLS: what Beast calls an AsyncStream, so that sessions need not know
/// which. Without a context it is in the clear.
class WireStream {
 public:
  using Tcp = boost::beast::tcp_stream;
  using Tls = boost::beast::ssl_stream<Tcp>;
  using executor_type = Tcp::executor_type;

  WireStream(boost::asio::ip::tcp::socket socket, const TlsContext& context)
      : context_(context),
        stream_(context ? Stream(std::in_place_type<Tls>, std::move(socket), *context)
                        : Stream(std::in_place_type<Tcp>, std::move(socket))) {}

  [[nodiscard]] executor_type get_executor() noexcept { return tcp().get_executor(); }
  /// The connection below, whose time-out is that of everything above.
  [[nodiscard]] Tcp& tcp() noexcept {
    Tls* const under_tls = tls();
    return under_tls != nullptr ? under_tls->next_layer() : std::get<Tcp>(stream_);
  }
  [[nodiscard]] Tls* tls() noexcept { return std::get_if<Tls>(&stream_); }

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& buffers, Handler&& handler) {
    return std::visit([&](auto& stream) { return stream.async_read_some(buffers, std::forward<Handler>(handler)); },
                      stream_);
  }
  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& buffers, Handler&& handler) {
    return std::visit([&](auto& stream) { return stream.async_write_some(buffers, std::forward<Handler>(handler)); },
                      stream_);
  }

  // What a WebSocket over it asks for when it ends.
  friend void beast_close_socket(WireStream& stream) { boost::beast::close_socket(stream.tcp()); }
  template <class Handler>
  friend void async_teardown(boost::beast::role_type role, WireStream& stream, Handler&& handler) {
    using boost::beast::websocket::async_teardown;
    std::visit([&](auto& inner) { async_teardown(role, inner, std::forward<Handler>(handler)); }, stream.stream_);
  }

 private:
  using Stream = std::variant<Tcp, Tls>;
  TlsContext context_;  ///< outlives the stream that was made with it
  Stream stream_;
};

}  // namespace swiftlet::dispatch
