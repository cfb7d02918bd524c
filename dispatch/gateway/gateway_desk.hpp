#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "dispatch/gateway/alert_desk.hpp"
#include "dispatch/gateway/audit_log.hpp"
#include "dispatch/gateway/gateway.hpp"
#include "dispatch/gateway/http_server.hpp"
#include "dispatch/gateway/page_files.hpp"
#include "dispatch/gateway/picture_board.hpp"
#include "dispatch/gateway/sessions.hpp"

namespace swiftlet::dispatch {

/// What the gateway knows and answers. Lives on the server's thread, but for the questions, which have a lock.
class GatewayDesk : public HttpApplication {
 public:
  GatewayDesk(const GatewayOptions& options, HttpServer& server, Accounts accounts, geo::AirspacePtr airspace);

  void handle(const HttpRequest& request, Respond respond) override;
  tl::expected<std::string, HttpReply> admit_socket(const HttpRequest& request) override;
  std::shared_ptr<const std::string> snapshot() override { return board_.snapshot(); }
  bool asks_for_snapshot(const std::string& message) override;

  // Fed by the service, on the server's thread.
  void take_picture(const FleetPicture& picture, const MerchantsPicture& doors);
  void take_airspace(geo::AirspacePtr airspace);
  void take_answer(std::uint64_t question, int status, const nlohmann::json& body);
  /// Once a second, whether or not the service has anything to show: ends what has run out.
  void housekeep();

  // Asked by the service, on its own thread.
  void wake_with(std::function<void()> wake_service) { wake_service_ = std::move(wake_service); }
  [[nodiscard]] std::vector<GatewayQuestion> take_questions();

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct Waiting {
    SteadyTime until;
    Respond respond;
  };
  /// A command under its key: what it answered, or who waits for the answer.
  struct Keyed {
    SteadyTime at;
    std::string body;
    std::optional<HttpReply> reply = {};
    std::vector<Respond> waiting = {};
  };
  struct Layer {
    std::shared_ptr<const std::string> content = {};
    std::vector<Respond> waiting = {};
    std::string airspace_hash = {};  ///< of the version that it shows, or that is being drawn
  };

  // gateway_desk.cpp
  void refresh_accounts();
  void publish_control();
  void publish_board();
  void ask_service(const std::string& kind, const std::string& account, nlohmann::json body, Respond respond);
  void audit(nlohmann::json line);
  // gateway_routes.cpp
  void route(const HttpRequest& request, const Respond& respond);
  void route_api(const HttpRequest& request, const std::string& path, const Session& session, const Respond& respond);
  void send_section(const std::string& section, const Respond& respond) const;
  void send_layer(Layer& layer, const std::string& content_type, std::function<std::string()> make,
                  const Respond& respond);
  void plan(const HttpRequest& request, const Session& session, const Respond& respond);
  void send_tracks(const std::string& query, const Respond& respond);
  [[nodiscard]] HttpReply health() const;
  [[nodiscard]] std::string metrics() const;
  [[nodiscard]] bool host_is_ours(const HttpRequest& request, bool must_state_origin) const;
  // gateway_login.cpp
  void log_in(const HttpRequest& request, const Respond& respond);
  void log_out(const Session& session, const Respond& respond);
  [[nodiscard]] HttpReply session_reply(const Session& session) const;
  [[nodiscard]] std::string cookie(const char* name, const std::string& value, long max_age_s) const;
  // gateway_commands.cpp
  void command(const HttpRequest& request, const Session& session, const Respond& respond);
  void carry_out(const nlohmann::json& body, const Session& session, const std::string& command_id,
                 const Respond& respond);
  [[nodiscard]] HttpReply control_command(const std::string& verb, const Session& session,
                                          const std::string& command_id);
  [[nodiscard]] HttpReply alert_command(const std::string& verb, const std::string& target, const Session& session,
                                        const std::string& command_id);

  const GatewayOptions options_;
  HttpServer& server_;
  Accounts accounts_;
  std::filesystem::file_time_type accounts_changed_at_ = {};
  geo::AirspacePtr airspace_;
  PageFiles page_;
  Sessions sessions_;
  PictureBoard board_;
  AlertDesk alerts_;
  std::string certificate_trouble_;
  MerchantsPicture merchants_;
  AuditLog audit_log_;
  Layer map_;
  Layer relief_;
  std::map<std::string, Keyed> keyed_;
  std::map<std::uint64_t, Waiting> waiting_;
  std::string controller_;
  UtcTime controller_since_ = {};
  SteadyTime published_at_ = {};
  SteadyTime zones_at_ = {};
  std::map<std::string, std::uint64_t> replies_by_class_;  ///< "2xx", …
  std::uint64_t commands_ = 0;

  std::function<void()> wake_service_;
  std::mutex mutex_;  ///< over the two below
  std::vector<GatewayQuestion> questions_;
  std::uint64_t last_question_ = 0;
};

}  // namespace swiftlet::dispatch
