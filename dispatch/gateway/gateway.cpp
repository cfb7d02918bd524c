#include "dispatch/gateway/gateway.hpp"

#include "dispatch/gateway/gateway_desk.hpp"

namespace swiftlet::dispatch {
namespace {

constexpr auto kHousekeeping = std::chrono::seconds(1);

}  // namespace

struct Gateway::Impl {
  GatewayOptions options;
  std::unique_ptr<HttpServer> server;
  std::unique_ptr<GatewayDesk> desk;

  ~Impl() {
    server->stop();
    desk.reset();  // what it was asked and has not answered goes before the sockets that asked
    server.reset();
  }
};

Gateway::Gateway(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Gateway::~Gateway() = default;

Expected<std::unique_ptr<Gateway>> Gateway::open(const GatewayOptions& options, geo::AirspacePtr airspace) {
  Accounts accounts;
  if (!options.accounts.empty()) {
    auto read = Accounts::read(options.accounts);
    if (!read) return Unexpected(read.error());
    accounts = std::move(*read);
  }
  auto server = HttpServer::bind(
      {.address = options.address, .port = options.port, .tls = options.tls, .complain = options.complain});
  if (!server) return Unexpected(server.error());
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->server = std::move(*server);
  impl->options.port = impl->server->port();
  impl->desk = std::make_unique<GatewayDesk>(impl->options, *impl->server, std::move(accounts), std::move(airspace));
  return std::unique_ptr<Gateway>(new Gateway(std::move(impl)));
}

std::string Gateway::url() const { return impl_->server->url(); }

void Gateway::start(std::function<void()> wake_service) {
  impl_->desk->wake_with(std::move(wake_service));
  impl_->server->every(kHousekeeping, [desk = impl_->desk.get()] { desk->housekeep(); });
  impl_->server->start(*impl_->desk);
}

void Gateway::publish(FleetPicture picture, MerchantsPicture merchants) {
  impl_->server->post([desk = impl_->desk.get(), picture = std::move(picture), merchants = std::move(merchants)] {
    desk->take_picture(picture, merchants);
  });
}

void Gateway::set_airspace(geo::AirspacePtr airspace) {
  impl_->server->post([desk = impl_->desk.get(), airspace = std::move(airspace)]() mutable {
    desk->take_airspace(std::move(airspace));
  });
}

std::vector<GatewayQuestion> Gateway::take_questions() { return impl_->desk->take_questions(); }

void Gateway::answer(std::uint64_t question, int status, nlohmann::json body) {
  impl_->server->post([desk = impl_->desk.get(), question, status, body = std::move(body)] {
    desk->take_answer(question, status, body);
  });
}

}  // namespace swiftlet::dispatch
