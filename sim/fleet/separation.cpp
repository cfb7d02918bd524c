#include "sim/fleet/separation.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace swiftlet::sim {
namespace {

std::uint32_t square_hash(int i, int j, std::uint32_t mask) {
  return ((static_cast<std::uint32_t>(i) * 0x9e3779b1U) ^ (static_cast<std::uint32_t>(j) * 0x85ebca77U)) & mask;
}

int square(float v) { return static_cast<int>(std::floor(v / static_cast<float>(SeparationWatch::kLook_m))); }

}  // namespace

void SeparationWatch::look(std::span<const Aircraft> aircraft, std::vector<Contact>& contacts) {
  contacts.clear();
  const auto buckets = std::bit_ceil(std::max<std::size_t>(64, 4 * aircraft.size()));
  if (head_.size() < buckets) head_.assign(buckets, -1);
  const auto mask = static_cast<std::uint32_t>(head_.size() - 1);
  next_.resize(aircraft.size());
  touched_.clear();
  const auto reach = static_cast<float>(kLook_m);
  for (std::size_t k = 0; k < aircraft.size(); ++k) {
    const Aircraft& own = aircraft[k];
    const int i = square(own.east_m);
    const int j = square(own.north_m);
    // Two squares may share a bucket; which of them an aircraft is in shows in its place, and a bucket is read once.
    std::uint32_t read[9];
    int reads = 0;
    for (int dj = -1; dj <= 1; ++dj) {
      for (int di = -1; di <= 1; ++di) {
        const std::uint32_t bucket = square_hash(i + di, j + dj, mask);
        if (head_[bucket] < 0 || std::find(read, read + reads, bucket) != read + reads) continue;
        read[reads++] = bucket;
        for (std::int32_t other = head_[bucket]; other >= 0; other = next_[static_cast<std::size_t>(other)]) {
          const Aircraft& theirs = aircraft[static_cast<std::size_t>(other)];
          const float dx = own.east_m - theirs.east_m;
          const float dy = own.north_m - theirs.north_m;
          const float across2 = dx * dx + dy * dy;
          if (across2 >= reach * reach) continue;
          const double up = std::abs(static_cast<double>(own.up_m) - static_cast<double>(theirs.up_m));
          const double across = std::sqrt(static_cast<double>(across2));
          contacts.push_back({.a = std::min(own.id, theirs.id),
                              .b = std::max(own.id, theirs.id),
                              .distance_m = std::sqrt(across * across + up * up),
                              .intrusion = across < zone_.across_m && up < zone_.up_m});
        }
      }
    }
    const std::uint32_t own_bucket = square_hash(i, j, mask);
    if (head_[own_bucket] < 0) touched_.push_back(own_bucket);
    next_[k] = head_[own_bucket];
    head_[own_bucket] = static_cast<std::int32_t>(k);
  }
  for (const std::uint32_t bucket : touched_) head_[bucket] = -1;
}

void SeparationRecord::take(const std::vector<SeparationWatch::Contact>& contacts, double at_s) {
  constexpr std::size_t kMostTold = 100;
  now_.clear();
  for (const SeparationWatch::Contact& contact : contacts) {
    least_m_ = std::min(least_m_, contact.distance_m);
    if (!contact.intrusion) continue;
    ++steps_;
    now_.push_back(static_cast<std::uint64_t>(contact.a) << 32 | contact.b);
  }
  std::sort(now_.begin(), now_.end());
  auto before = inside_.begin();
  for (const std::uint64_t pair : now_) {
    while (before != inside_.end() && *before < pair) ++before;
    if (before != inside_.end() && *before == pair) continue;
    ++intrusions_;
    if (first_.size() >= kMostTold) continue;
    const auto a = static_cast<std::uint32_t>(pair >> 32U);
    const auto b = static_cast<std::uint32_t>(pair);
    const auto of_pair = std::find_if(contacts.begin(), contacts.end(),
                                      [&](const SeparationWatch::Contact& c) { return c.a == a && c.b == b; });
    first_.push_back({.a = a, .b = b, .at_s = at_s, .distance_m = of_pair->distance_m});
  }
  std::swap(inside_, now_);
}

}  // namespace swiftlet::sim
