#pragma once

#include <nlohmann/json_fwd.hpp>

#include "dispatch/core/operator_command.hpp"

namespace swiftlet::dispatch {

/// What `POST /api/v1/commands` carries: `{"verb","target","args","preview"}`.
struct OperatorRequest {
  OperatorCommand command = {};
  bool preview = false;
};

/// Reads the body into a checked value. `command_id` and `by` come from elsewhere. Errors: bad_request, unknown_field,
/// each with the field.
[[nodiscard]] Expected<OperatorRequest> parse_operator_request(const nlohmann::json& body);

/// `{"command_id","state","effects":[{"kind","id","from","to","text","merchant"?}],"error"?}`
[[nodiscard]] nlohmann::json to_json(const OperatorResult& result);
/// Errors: store_unavailable.
[[nodiscard]] Expected<OperatorResult> parse_operator_result(const std::string& text);

/// "sha256:…" over what the command asks for: what idempotency compares.
[[nodiscard]] std::string request_hash(const OperatorCommand& command);

}  // namespace swiftlet::dispatch
