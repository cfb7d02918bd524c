#pragma once

#include "dispatch/core/core_context.hpp"
#include "dispatch/core/operator_command.hpp"

namespace swiftlet::dispatch {

/// Takes operators' commands: shows what one would do, or does it, writes it into the audit log and answers. The same
/// command again (by its id) is answered with the first result.
class OperatorDesk {
 public:
  explicit OperatorDesk(CoreContext& context) : context_(context) {}

  [[nodiscard]] OperatorResult preview(const OperatorCommand& command) const;
  /// The result goes into the effects.
  void carry_out(const OperatorCommand& command);

 private:
  CoreContext& context_;
};

}  // namespace swiftlet::dispatch
