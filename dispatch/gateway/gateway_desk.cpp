#include "dispatch/gateway/gateway_desk.hpp"

#include <fmt/core.h>

#include "dispatch/gateway/picture_json.hpp"
#include "dispatch/protocol/strict_json.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr auto kZones = std::chrono::seconds(10);
constexpr auto kQuestion = std::chrono::seconds(20);
constexpr auto kKeyKept = std::chrono::hours(24);
constexpr std::size_t kKeysKept = 10'000;

std::filesystem::file_time_type changed_at(const std::filesystem::path& file) {
  std::error_code error;
  return file.empty() ? std::filesystem::file_time_type{} : std::filesystem::last_write_time(file, error);
}

}  // namespace

GatewayDesk::GatewayDesk(const GatewayOptions& options, HttpServer& server, Accounts accounts,
                         geo::AirspacePtr airspace)
    : options_(options),
      server_(server),
      accounts_(std::move(accounts)),
      accounts_changed_at_(changed_at(options.accounts)),
      airspace_(std::move(airspace)),
      page_(options.console_dir),
      audit_log_(options.audit_log) {
  publish_control();
}

bool GatewayDesk::asks_for_snapshot(const std::string& message) {
  const auto told = parse_strict_json(message);
  return told && told->is_object() && told->value("ask", json()) == "snapshot";
}

void GatewayDesk::take_picture(const FleetPicture& picture, const MerchantsPicture& doors) {
  published_at_ = Clock::now();
  std::map<std::string, json> things;
  for (const DronePicture& drone : picture.drones) things.emplace(drone.id, console_json(drone));
  board_.put("drones", things);
  if (picture.whole) {
    things.clear();
    for (const OrderPicture& order : picture.orders) things.emplace(order.id, console_json(order, picture.at));
    board_.put("orders", things);
    things.clear();
    for (const FlightPicture& flight : picture.flights) things.emplace(flight.id, console_json(flight));
    board_.put("flights", things);
    things.clear();
    for (const PadPicture& seen : picture.pads) {
      const geo::Pad* pad = airspace_->find_pad(seen.id);
      if (pad == nullptr) continue;
      json shown = console_json(*pad, &seen);
      const auto closed = picture.gates.closed_pads.find(seen.id);
      if (closed != picture.gates.closed_pads.end()) shown.update({{"closed", true}, {"reason", closed->second}});
      things.emplace(seen.id, std::move(shown));
    }
    board_.put("pads", things);
    json merchants = json::object();
    for (const std::string& merchant : picture.merchants) {
      const auto paused = picture.gates.paused_merchants.find(merchant);
      merchants[merchant] = paused != picture.gates.paused_merchants.end();
    }
    const auto reason = [](const std::optional<std::string>& why) { return why ? json(*why) : json(nullptr); };
    board_.put_some("service", {{"gates",
                                 {{"weather_hold", reason(picture.gates.weather_hold)},
                                  {"ground_stop", reason(picture.gates.ground_stop)},
                                  {"merchants", std::move(merchants)}}},
                                {"wind", console_json(airspace_->wind_field, picture.at)}});
    merchants_ = doors;
    alerts_.update(picture, doors.webhooks,
                   {{"the console's door", certificate_trouble_}, {"the merchants' door", doors.certificate_trouble}});
    board_.put("alerts", alerts_.to_json());
    if (published_at_ >= zones_at_) {
      zones_at_ = published_at_ + kZones;
      things.clear();
      for (std::size_t k = 0; k < airspace_->zones.size(); ++k) {
        const geo::Geozone& zone = airspace_->zones[k];
        things.emplace(fmt::format("{}#{}", zone.id, k), console_json(zone, airspace_->frame, picture.at));
      }
      board_.put("zones", things);
      board_.put_some("service", {{"clock",
                                   {{"speed", options_.speed},
                                    {"epoch", picture.epoch},
                                    {"airspace", airspace_->name},
                                    {"airspace_hash", airspace_->hash}}}});
    }
  }
  server_.broadcast(board_.advance(picture.at));
}

void GatewayDesk::take_airspace(geo::AirspacePtr airspace) {
  airspace_ = std::move(airspace);
  zones_at_ = {};
}

void GatewayDesk::publish_board() { server_.broadcast(board_.advance(board_.at())); }

void GatewayDesk::publish_control() {
  board_.put_some("service", {{"control", {{"holder", controller_}, {"since", format_rfc3339(controller_since_)}}}});
}

void GatewayDesk::housekeep() {
  const auto now = Clock::now();
  certificate_trouble_ = server_.certificate_trouble();
  refresh_accounts();
  server_.close_sockets([&](const std::string& token) { return !sessions_.is_open(token, now); });
  std::erase_if(keyed_, [&](const auto& one) { return one.second.reply && now - one.second.at > kKeyKept; });
  if (keyed_.size() > kKeysKept) std::erase_if(keyed_, [](const auto& one) { return one.second.reply.has_value(); });
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    if (it->second.until > now) {
      ++it;
      continue;
    }
    const Respond respond = std::move(it->second.respond);
    it = waiting_.erase(it);
    respond(refusal({.code = ErrorCode::overloaded, .message = "the service did not answer in time"}));
  }
}

void GatewayDesk::refresh_accounts() {
  const auto at = changed_at(options_.accounts);
  if (at == accounts_changed_at_) return;
  accounts_changed_at_ = at;
  // A file that is gone or broken lets nobody in: the safe reading.
  auto read = Accounts::read(options_.accounts);
  Accounts now = read ? std::move(*read) : Accounts();
  if (!read) audit({{"event", "accounts_unreadable"}, {"error", describe(read.error())}});
  sessions_.keep_only(accounts_, now);
  accounts_ = std::move(now);
  if (accounts_.find(controller_) == nullptr && !controller_.empty()) {
    controller_.clear();
    publish_control();
  }
}

void GatewayDesk::audit(json line) {
  line["at"] = format_rfc3339(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
  line["service_time"] = format_rfc3339(board_.at());
  if (!audit_log_.append(line)) fmt::print(stderr, "swiftlet: the audit log cannot be written: {}\n", to_wire(line));
}

void GatewayDesk::ask_service(const std::string& kind, const std::string& account, json body, Respond respond) {
  std::uint64_t id = 0;
  {
    const std::lock_guard lock(mutex_);
    id = ++last_question_;
    questions_.push_back({.id = id, .kind = kind, .account = account, .body = std::move(body)});
  }
  waiting_.emplace(id, Waiting{.until = Clock::now() + kQuestion, .respond = std::move(respond)});
  if (wake_service_) wake_service_();
}

std::vector<GatewayQuestion> GatewayDesk::take_questions() {
  const std::lock_guard lock(mutex_);
  return std::exchange(questions_, {});
}

void GatewayDesk::take_answer(std::uint64_t question, int status, const json& body) {
  const auto found = waiting_.find(question);
  if (found == waiting_.end()) return;
  const Respond respond = std::move(found->second.respond);
  waiting_.erase(found);
  respond(json_reply(status, to_wire(body)));
}

}  // namespace swiftlet::dispatch
