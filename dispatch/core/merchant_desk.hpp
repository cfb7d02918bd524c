#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dispatch/core/fleet_outlook.hpp"
#include "dispatch/core/offer.hpp"
#include "dispatch/core/recall.hpp"
#include "dispatch/protocol/envelope.hpp"

namespace swiftlet::dispatch {

/// Who asks: the merchant as the connection's key says, and where to answer.
struct MerchantPeer {
  std::string merchant = {};
  ConnectionId connection = 0;
};

/// Answers merchants. A request that needs legs which the planner has still to prove is parked and tried again once it
/// has answered all of them; one that waits too long is answered `overloaded`.
class MerchantDesk {
 public:
  explicit MerchantDesk(CoreContext& context) : context_(context) {}

  void on_frame(const MerchantPeer& peer, std::string_view frame);
  /// Tries the parked requests again that wait for none any more.
  void on_legs_known();
  void tick();

  /// The outlook of this moment: drawn anew once a second, and soon after a decision. New orders are noted in it.
  FleetOutlook& outlook();

 private:
  struct Parked {
    MerchantPeer peer;
    std::string re;
    MerchantRequest request;
    std::vector<NumberedLeg> waits_for;
    UtcTime give_up_at;
  };

  void answer(const MerchantPeer& peer, const std::string& re, const MerchantRequest& request);
  /// The legs that the request has to wait for; none once it has been answered.
  std::vector<NumberedLeg> try_quote(const MerchantPeer& peer, const std::string& re, const QuoteRequest& request);
  std::vector<NumberedLeg> try_create(const MerchantPeer& peer, const std::string& re,
                                      const CreateOrderRequest& request);
  void park(const MerchantPeer& peer, const std::string& re, const MerchantRequest& request,
            std::vector<NumberedLeg> waits_for);
  void accept(const MerchantPeer& peer, const std::string& re, const CreateOrderRequest& request, const Offer& offer);
  void refuse_for_now(const MerchantPeer& peer, const std::optional<std::string>& re);
  bool take_token(const std::string& merchant);
  void reply(const MerchantPeer& peer, const std::string& re, nlohmann::json body);
  void refuse(const MerchantPeer& peer, const std::optional<std::string>& re, const Error& error);

  void handle(const MerchantPeer& peer, const std::string& re, const HelloRequest& request);
  void handle(const MerchantPeer& peer, const std::string& re, const PadsListRequest& request);
  void handle(const MerchantPeer& peer, const std::string& re, const QuoteRequest& request);
  void handle(const MerchantPeer& peer, const std::string& re, const CreateOrderRequest& request);
  void handle(const MerchantPeer& peer, const std::string& re, const OrderReadyRequest& request);
  void handle(const MerchantPeer& peer, const std::string& re, const OrderGetRequest& request);
  void handle(const MerchantPeer& peer, const std::string& re, const OrderListRequest& request);
  void handle(const MerchantPeer& peer, const std::string& re, const OrderCancelRequest& request);
  void handle(const MerchantPeer& peer, const std::string& re, const SubscribeRequest& request);

  struct TokenBucket {
    double tokens = 0.0;
    UtcTime filled_at;
  };

  CoreContext& context_;
  std::deque<Parked> parked_;
  std::map<std::string, TokenBucket> buckets_;
  std::unique_ptr<FleetOutlook> outlook_;
  std::uint64_t outlook_version_ = 0;
  UtcTime outlook_at_;
};

}  // namespace swiftlet::dispatch
