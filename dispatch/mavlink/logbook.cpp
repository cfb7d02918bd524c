#include "dispatch/mavlink/logbook.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>

#include "geo/durable_file.hpp"
#include "planner/route_json.hpp"

namespace swiftlet::mavlink {
namespace {

using Json = nlohmann::ordered_json;
using drone_link::DroneEvent;
using drone_link::Mission;

constexpr std::string_view kSchema = "swiftlet.mavlink_bridge/2";
constexpr std::array<std::string_view, 4> kStages{"idle", "waiting", "flying", "on_pad"};
constexpr std::array<std::string_view, 5> kModes{"ready", "mission", "hold", "land", "other"};
constexpr std::array<std::string_view, 6> kKinds{"loaded", "takeoff", "released", "landed", "swapped", "fault"};

/// The one of a table that it names; throws std::out_of_range.
template <std::size_t N>
std::size_t index_in(const std::array<std::string_view, N>& table, const std::string& name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (table[i] == name) return i;
  }
  throw std::out_of_range("\"" + name + "\" is unknown");
}

FlightMode mode_of(const Json& name) { return static_cast<FlightMode>(index_in(kModes, name)); }
std::string_view name_of(FlightMode mode) { return kModes.at(static_cast<std::size_t>(mode)); }

template <class T>
Json optional_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

std::optional<double> optional_number(const Json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

UtcTime time_of(const Json& text) {
  const auto time = parse_rfc3339(text.get<std::string>());
  if (!time) throw std::out_of_range("\"" + text.get<std::string>() + "\" is no instant");
  return *time;
}

Json event_json(const DroneEvent& event) {
  return {{"event_no", event.event_no},     {"kind", event.kind},
          {"at", format_rfc3339(event.at)}, {"mission_no", event.mission_no},
          {"payload_kg", event.payload_kg}, {"fault", event.fault}};
}

DroneEvent event_of(const Json& json) {
  return {.event_no = json.at("event_no"),
          .kind = kKinds.at(index_in(kKinds, json.at("kind"))),
          .at = time_of(json.at("at")),
          .mission_no = json.at("mission_no"),
          .payload_kg = json.at("payload_kg"),
          .fault = json.at("fault")};
}

/// As the service's message has it, so that it is read by the same reader.
Json mission_json(const Mission& mission) {
  Json body{{"epoch", mission.epoch},
            {"mission_no", mission.mission_no},
            {"flight_id", mission.flight_id},
            {"route", Json::parse(planner::to_json(mission.route).dump())},
            {"route_hash", mission.route_hash}};
  if (mission.purpose) body["purpose"] = drone_link::name(*mission.purpose);
  if (mission.parcel_kg) body["parcel_kg"] = *mission.parcel_kg;
  if (mission.ready_at) body["ready_at"] = format_rfc3339(*mission.ready_at);
  return {{"v", 1}, {"type", "mission"}, {"body", std::move(body)}};
}

Logbook logbook_of(const Json& json) {
  if (json.at("schema") != kSchema) throw std::out_of_range("schema is not " + std::string(kSchema));
  Logbook book{.epoch = json.at("epoch"),
               .last_mission_no = json.at("last_mission_no"),
               .last_route_hash = json.at("last_route_hash"),
               .last_command_seq = json.at("last_command_seq"),
               .last_command_refusal = json.at("last_command_refusal"),
               .mission = {},
               .stage = static_cast<Logbook::Stage>(index_in(kStages, json.at("stage"))),
               .landed_at = {},
               .begun = json.at("begun"),
               .held = json.at("held"),
               .lands_out = json.at("lands_out"),
               .aboard = json.at("aboard"),
               .mode = mode_of(json.at("mode")),
               .next_mode = {},
               .off_control = json.at("off_control"),
               .given_back = json.at("given_back"),
               .payload_kg = json.at("payload_kg"),
               .home_alt_msl_m = optional_number(json.at("home_alt_msl_m")),
               .ground_alt_msl_m = optional_number(json.at("ground_alt_msl_m")),
               .next_event_no = json.at("next_event_no"),
               .unacknowledged = {}};
  if (const Json& next = json.at("next_mode"); !next.is_null()) book.next_mode = mode_of(next);
  if (const Json& landed = json.at("landed_at"); !landed.is_null()) book.landed_at = time_of(landed);
  if (const Json& text = json.at("mission"); !text.is_null()) {
    auto message = drone_link::decode(text.dump());
    if (!message) throw std::out_of_range("mission: " + describe(message.error()));
    book.mission = std::get<Mission>(std::move(*message));
  }
  for (const Json& event : json.at("unacknowledged")) {
    DroneEvent read = event_of(event);
    book.unacknowledged.emplace(read.event_no, std::move(read));
  }
  if (book.stage != Logbook::Stage::idle && !book.mission) throw std::out_of_range("stage without a mission");
  return book;
}

}  // namespace

Expected<Logbook> read_logbook(const std::filesystem::path& file) {
  std::error_code code;
  if (!std::filesystem::exists(file, code)) return Logbook();
  std::ifstream stream(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  if (!stream.is_open() || stream.bad()) return fail(ErrorCode::file_unreadable, "cannot be read", file.string());
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return fail(ErrorCode::bad_json, "should be one JSON object, a bridge's state", file.string());
  try {
    return logbook_of(json);
  } catch (const std::exception& wrong) {
    return fail(ErrorCode::value_invalid,
                std::string("is not the state of a bridge, or is damaged: ") + wrong.what() +
                    "; with the vehicle on the ground the file may be removed",
                file.string());
  }
}

Expected<void> write_logbook(const std::filesystem::path& file, const Logbook& book) {
  Json events = Json::array();
  for (const auto& [event_no, event] : book.unacknowledged) events.push_back(event_json(event));
  const Json json{{"schema", kSchema},
                  {"epoch", book.epoch},
                  {"last_mission_no", book.last_mission_no},
                  {"last_route_hash", book.last_route_hash},
                  {"last_command_seq", book.last_command_seq},
                  {"last_command_refusal", book.last_command_refusal},
                  {"mission", book.mission ? mission_json(*book.mission) : Json()},
                  {"stage", kStages.at(static_cast<std::size_t>(book.stage))},
                  {"landed_at", book.landed_at ? Json(format_rfc3339(*book.landed_at)) : Json()},
                  {"begun", book.begun},
                  {"held", book.held},
                  {"lands_out", book.lands_out},
                  {"aboard", book.aboard},
                  {"mode", name_of(book.mode)},
                  {"next_mode", book.next_mode ? Json(name_of(*book.next_mode)) : Json()},
                  {"off_control", book.off_control},
                  {"given_back", book.given_back},
                  {"payload_kg", book.payload_kg},
                  {"home_alt_msl_m", optional_json(book.home_alt_msl_m)},
                  {"ground_alt_msl_m", optional_json(book.ground_alt_msl_m)},
                  {"next_event_no", book.next_event_no},
                  {"unacknowledged", std::move(events)}};
  return write_durably(file, json.dump(1) + "\n");
}

}  // namespace swiftlet::mavlink
