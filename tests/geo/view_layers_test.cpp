#include "geo/view_layers.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "geo/airspace_view.hpp"
#include "tests/geo/hilly_town.hpp"
#include "tests/seed.hpp"

namespace geo = swiftlet::geo;
using geo::Enu3;
using geo::ViewLayers;

namespace {

/// Arrays as a mapped file would hold them: one block, each array on a multiple of 8 bytes.
struct Mapped {
  std::shared_ptr<std::vector<std::uint64_t>> block;
  std::vector<ViewLayers::NamedArray> arrays;

  explicit Mapped(const ViewLayers& layers) {
    std::size_t words = 0;
    for (const auto& array : layers.arrays()) words += (array.bytes.size() + 7) / 8;
    block = std::make_shared<std::vector<std::uint64_t>>(words);
    auto* at = reinterpret_cast<std::byte*>(block->data());
    for (const auto& array : layers.arrays()) {
      std::copy(array.bytes.begin(), array.bytes.end(), at);
      arrays.push_back({array.name, {at, array.bytes.size()}});
      at += (array.bytes.size() + 7) / 8 * 8;
    }
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(view_layers)

BOOST_AUTO_TEST_CASE(adopted_from_foreign_memory_they_answer_as_the_derived_ones) {
  const auto seed = swiftlet::test::seed();
  std::mt19937_64 rng(seed);
  const auto town = swiftlet::test::hilly_town(rng, 25);
  const geo::AirspaceView derived(town, {.policy = {}, .from = {}, .to = {}, .authorisations = {}});
  std::weak_ptr<void> memory;
  {
    Mapped mapped(*ViewLayers::derive(*town, town->policy));
    memory = mapped.block;
    const auto adopted = ViewLayers::adopt(*town, town->policy, mapped.arrays, mapped.block);
    BOOST_REQUIRE(adopted.has_value());
    town->own_layers = *adopted;
  }
  BOOST_TEST(!memory.expired());
  const geo::AirspaceView view(town, {.policy = {}, .from = {}, .to = {}, .authorisations = {}});
  std::uniform_real_distribution<double> place(-230, 230);
  std::uniform_real_distribution<double> altitude(120, 340);
  for (int round = 0; round < 20000; ++round) {
    const Enu3 a(place(rng), place(rng), altitude(rng));
    const Enu3 b(place(rng), place(rng), altitude(rng));
    if (view.is_free(a, b) != derived.is_free(a, b)) BOOST_ERROR("seed " << seed << " round " << round);
  }
}

BOOST_AUTO_TEST_CASE(layers_of_another_policy_are_not_used) {
  std::mt19937_64 rng(1);
  const auto town = swiftlet::test::hilly_town(rng, 5);
  geo::Policy low;
  low.max_height_agl_m = 50.0;
  town->own_layers = ViewLayers::derive(*town, low);
  const geo::AirspaceView view(town, {.policy = {}, .from = {}, .to = {}, .authorisations = {}});
  const auto band = view.band_at({0, 0});
  BOOST_REQUIRE(band.has_value());
  BOOST_TEST(band->ceiling_msl_m > town->terrain.height_msl_m({0, 0}).value() + 100.0);
}

BOOST_AUTO_TEST_CASE(deriving_twice_gives_the_same_bytes) {
  std::mt19937_64 rng(7);
  const auto town = swiftlet::test::hilly_town(rng, 30);
  const auto a = ViewLayers::derive(*town, {});
  const auto b = ViewLayers::derive(*town, {});
  const auto arrays_a = a->arrays();
  const auto arrays_b = b->arrays();
  for (std::size_t k = 0; k < arrays_a.size(); ++k) {
    BOOST_TEST(std::ranges::equal(arrays_a[k].bytes, arrays_b[k].bytes), arrays_a[k].name);
  }
}

BOOST_AUTO_TEST_CASE(arrays_that_do_not_fit_are_refused) {
  std::mt19937_64 rng(1);
  const auto town = swiftlet::test::hilly_town(rng, 2);
  const Mapped mapped(*ViewLayers::derive(*town, {}));
  for (std::size_t k = 0; k < mapped.arrays.size(); ++k) {
    auto short_one = mapped.arrays;
    short_one[k].bytes = short_one[k].bytes.first(short_one[k].bytes.size() / 2 + 1);
    const auto refused = ViewLayers::adopt(*town, {}, short_one, mapped.block);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST((refused.error().code == swiftlet::ErrorCode::airspace_damaged));
    auto missing = mapped.arrays;
    missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(k));
    BOOST_TEST(!ViewLayers::adopt(*town, {}, missing, mapped.block).has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()
