#include "dispatch/service/console_link.hpp"

#include "dispatch/core/operator_json.hpp"
#include "dispatch/gateway/picture_json.hpp"
#include "planner/route_json.hpp"

namespace swiftlet::dispatch {
namespace {

using nlohmann::json;

constexpr auto kPicture = std::chrono::milliseconds(250);
constexpr int kWholeEvery = 4;
// The core counts its plan jobs from 1 up; these never meet them.
constexpr std::uint64_t kByHand = std::uint64_t{1} << 62U;
constexpr std::size_t kMostByHand = 8;

int status_of(const OperatorResult& result) { return result.error ? traits(result.error->code).http_status : 200; }

json error_json(const Error& error) {
  json told{{"code", name(error.code)}, {"message", error.message}, {"retryable", traits(error.code).retryable}};
  if (!error.where.empty()) told["field"] = error.where;
  if (!error.hint.empty()) told["hint"] = error.hint;
  return {{"error", std::move(told)}};
}

}  // namespace

void ConsoleLink::turn(std::chrono::steady_clock::time_point now) {
  if (now >= next_picture_) {
    next_picture_ = std::max(next_picture_ + kPicture, now);
    const bool whole = pictures_++ % kWholeEvery == 0;
    parts_.gateway.publish(parts_.core.picture(parts_.clock.now(), whole),
                           whole ? parts_.merchants() : MerchantsPicture{});
  }
  for (const GatewayQuestion& question : parts_.gateway.take_questions()) answer(question);
}

void ConsoleLink::refuse(const GatewayQuestion& question, const Error& error) {
  parts_.gateway.answer(question.id, traits(error.code).http_status, error_json(error));
}

void ConsoleLink::answer(const GatewayQuestion& question) {
  if (question.kind == "explain") {
    const auto told = parts_.core.explain_flight(parts_.clock.now(), question.body.at("flight_id"));
    return told ? parts_.gateway.answer(question.id, 200, *told) : refuse(question, told.error());
  }
  if (question.kind == "history") {
    const auto& orders = parts_.core.state().orders;
    const auto found = orders.find(question.body.at("order_id").get<std::string>());
    if (found == orders.end()) return refuse(question, {.code = ErrorCode::not_found, .message = "no such order"});
    return parts_.gateway.answer(question.id, 200,
                                 {{"order_id", found->first}, {"history", console_json(found->second.history)}});
  }
  if (question.kind == "note") {
    const std::string order_id = question.body.at("order_id");
    if (!parts_.core.state().orders.contains(order_id))
      return refuse(question, {.code = ErrorCode::not_found, .message = "no such order"});
    const auto note = parts_.journal.note(order_id);
    return note ? parts_.gateway.answer(question.id, 200, {{"order_id", order_id}, {"note", *note}})
                : refuse(question, note.error());
  }
  if (question.kind == "plan") return plan(question);
  if (question.kind == "command") return command(question);
  refuse(question, {.code = ErrorCode::unknown_type, .message = "no such command", .where = "verb"});
}

void ConsoleLink::plan(const GatewayQuestion& question) {
  if (question_by_job_.size() >= kMostByHand)
    return refuse(question, {.code = ErrorCode::overloaded, .message = "too many routes are being planned by hand"});
  planner::PlanRequest defaults;
  defaults.depart = parts_.clock.now();
  defaults.policy = parts_.policy;
  auto parsed = planner::parse_plan_request(question.body.at("request").get<std::string>(), defaults);
  if (!parsed) return refuse(question, parsed.error());
  const std::string vehicle = parsed->vehicle.empty() ? parts_.default_vehicle : parsed->vehicle;
  if (!parts_.core.knows_profile(vehicle))
    return refuse(question,
                  {.code = ErrorCode::not_found, .message = "no drone of this fleet is one", .where = "vehicle"});
  const std::uint64_t job = kByHand + ++last_job_;
  question_by_job_.emplace(job, question.id);
  std::vector<PlanJob> jobs;
  jobs.push_back({.id = job, .vehicle = vehicle, .request = std::move(parsed->request)});
  parts_.planners.submit(std::move(jobs));
}

void ConsoleLink::command(const GatewayQuestion& question) {
  json body = question.body;
  const std::string command_id = body.at("command_id");
  body.erase("command_id");
  auto request = parse_operator_request(body);
  if (!request) return refuse(question, request.error());
  request->command.command_id = command_id;
  request->command.by = question.account;
  // One that was carried out already is answered as it was then, whatever the airspace is now.
  if (!parts_.core.state().operator_commands.contains(command_id)) {
    if (auto placed = parts_.airspace.place(request->command, parts_.core.state()); !placed)
      return refuse(question, placed.error());
  }
  if (request->preview) {
    const OperatorResult result = parts_.core.preview(parts_.clock.now(), request->command);
    return parts_.gateway.answer(question.id, status_of(result), to_json(result));
  }
  question_by_command_.emplace(command_id, question.id);
  parts_.core.on_operator_command(parts_.clock.now(), request->command);
}

void ConsoleLink::report(const std::vector<OperatorResult>& results) {
  for (const OperatorResult& result : results) {
    const auto found = question_by_command_.find(result.command_id);
    if (found == question_by_command_.end()) continue;
    parts_.gateway.answer(found->second, status_of(result), to_json(result));
    question_by_command_.erase(found);
  }
}

bool ConsoleLink::take_answer(const PlanAnswer& answer) {
  const auto found = question_by_job_.find(answer.job);
  if (found == question_by_job_.end()) return false;
  parts_.gateway.answer(found->second, 200, json::parse(planner::to_json(answer.route).dump()));
  question_by_job_.erase(found);
  return true;
}

}  // namespace swiftlet::dispatch
