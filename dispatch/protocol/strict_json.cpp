#include "dispatch/protocol/strict_json.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

/// The parser's callback cannot refuse, only skip; so what it finds wrong leaves by this.
struct Refusal {
  std::string message;
};

class StrictnessCheck {
 public:
  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    using Event = json::parse_event_t;
    if (depth >= kMaxJsonDepth && (event == Event::object_start || event == Event::array_start)) {
      throw Refusal{fmt::format("nested deeper than {} levels", kMaxJsonDepth)};
    }
    if (event == Event::object_start) names_.emplace_back();
    if (event == Event::object_end) names_.pop_back();
    if (event == Event::key && !names_.back().insert(parsed.get_ref<const std::string&>()).second) {
      throw Refusal{"\"" + parsed.get_ref<const std::string&>() + "\" stands twice in one object"};
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> names_;
};

}  // namespace

Expected<json> parse_strict_json(std::string_view text) {
  StrictnessCheck check;
  try {
    return json::parse(
        text, [&check](int depth, json::parse_event_t event, json& parsed) { return check(depth, event, parsed); });
  } catch (const Refusal& refusal) {
    return fail(ErrorCode::bad_json, refusal.message);
  } catch (const json::exception& error) {
    return fail(ErrorCode::bad_json, error.what());
  }
}

std::string to_wire(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace swiftlet::dispatch
