#include "dispatch/mavlink/udp_port.hpp"

#include <fmt/core.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <system_error>
#include <utility>

namespace swiftlet::mavlink {
namespace {

constexpr std::string_view kScheme = "udp://";
constexpr std::size_t kMostBytes = 2048;
/// Of one turn: a flood leaves room for the rest of the work.
constexpr int kMostDatagrams = 256;

Expected<sockaddr_in> address_of(const std::string& url, const std::string& option) {
  const auto unreadable = [&] {
    return fail(ErrorCode::usage, fmt::format("\"{}\" should be udp://HOST:PORT, as in udp://0.0.0.0:14550", url),
                option);
  };
  const std::size_t colon = url.rfind(':');
  if (!url.starts_with(kScheme) || colon == std::string::npos || colon <= kScheme.size()) return unreadable();
  std::uint16_t port = 0;
  const char* end = url.data() + url.size();
  const auto [read, error] = std::from_chars(url.data() + colon + 1, end, port);
  if (error != std::errc() || read != end) return unreadable();
  const std::string host = url.substr(kScheme.size(), colon - kScheme.size());
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (const int status = ::getaddrinfo(host.c_str(), nullptr, &hints, &found); status != 0) {
    return fail(ErrorCode::usage, fmt::format("\"{}\" is no known host: {}", host, ::gai_strerror(status)), option);
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  sockaddr_in address = *reinterpret_cast<const sockaddr_in*>(found->ai_addr);
  address.sin_port = htons(port);
  return address;
}

Expected<UdpPort::Peer> bound(int descriptor, UdpPort::Peer address, const std::string& url,
                              const std::string& option) {
  if (descriptor >= 0 && ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return address;
  }
  return fail(ErrorCode::config_invalid,
              fmt::format("cannot use {}: {}", url, std::error_code(errno, std::generic_category()).message()), option);
}

int udp_socket() { return ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

}  // namespace

Expected<UdpPort> UdpPort::listen(const std::string& url, const std::string& option) {
  const auto address = address_of(url, option);
  if (!address) return Unexpected(address.error());
  UdpPort port(udp_socket());
  if (const auto there = bound(port.descriptor_, *address, url, option); !there) return Unexpected(there.error());
  return port;
}

Expected<UdpPort> UdpPort::towards(const std::string& url, const std::string& option) {
  const auto address = address_of(url, option);
  if (!address) return Unexpected(address.error());
  if (address->sin_port == 0) return fail(ErrorCode::usage, "a vehicle's port cannot be 0", option);
  UdpPort port(udp_socket());
  Peer any{};
  any.sin_family = AF_INET;
  if (const auto there = bound(port.descriptor_, any, url, option); !there) return Unexpected(there.error());
  port.set_peer(*address);
  return port;
}

UdpPort::UdpPort(UdpPort&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)), peer_(other.peer_) {}

UdpPort::~UdpPort() {
  if (descriptor_ >= 0) (void)::close(descriptor_);
}

std::vector<UdpPort::Datagram> UdpPort::receive() {
  std::vector<Datagram> datagrams;
  std::array<std::uint8_t, kMostBytes> buffer{};
  for (int i = 0; i < kMostDatagrams; ++i) {
    Peer from{};
    socklen_t length = sizeof from;
    const ssize_t count =
        ::recvfrom(descriptor_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
    if (count < 0 && (errno == ECONNREFUSED || errno == EINTR)) continue;  // an earlier datagram found nobody
    if (count < 0) break;
    datagrams.push_back({.from = from, .bytes = Bytes(buffer.begin(), buffer.begin() + count)});
  }
  return datagrams;
}

void UdpPort::send(const Bytes& bytes) {
  if (peer_) send(bytes, *peer_);
}

void UdpPort::send(const Bytes& bytes, const Peer& to) {
  (void)::sendto(descriptor_, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
}

std::uint16_t UdpPort::port() const {
  Peer own{};
  socklen_t length = sizeof own;
  if (::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&own), &length) != 0) return 0;
  return ntohs(own.sin_port);
}

}  // namespace swiftlet::mavlink
