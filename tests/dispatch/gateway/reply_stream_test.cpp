#include "dispatch/gateway/reply_stream.hpp"

#include <boost/test/unit_test.hpp>

namespace swiftlet::dispatch {

BOOST_AUTO_TEST_SUITE(reply_stream)

BOOST_AUTO_TEST_CASE(what_is_offered_waits_in_its_order_until_it_is_taken) {
  ReplyStream stream;
  int woken = 0;
  BOOST_TEST(stream.offer("a"));
  stream.attach([&] { ++woken; });
  BOOST_TEST(woken == 1);  // something waits already
  BOOST_TEST(stream.offer("b"));
  BOOST_TEST(woken == 2);
  BOOST_TEST(stream.take() == "ab");
  BOOST_TEST(stream.take().empty());
}

BOOST_AUTO_TEST_CASE(who_does_not_read_is_busy_and_later_goes_on) {
  ReplyStream stream;
  const std::string frame(1000, 'x');
  std::size_t taken = 0;
  while (stream.offer(frame)) ++taken;
  BOOST_TEST(taken * frame.size() <= 256U * 1024U);
  BOOST_TEST(taken > 200U);
  BOOST_TEST(!stream.offer(frame));
  BOOST_TEST(stream.take().size() == taken * frame.size());
  BOOST_TEST(stream.offer(std::string(1024 * 1024, 'y')));  // one frame may be larger than the bound
  BOOST_TEST(!stream.offer("z"));
}

BOOST_AUTO_TEST_CASE(nothing_is_waited_for_once_it_has_ended) {
  ReplyStream stream;
  int woken = 0;
  stream.attach([&] { ++woken; });
  stream.end();
  BOOST_TEST(woken == 2);
  BOOST_TEST(!stream.is_open());
  for (int i = 0; i < 1000; ++i) BOOST_TEST(stream.offer(std::string(1000, 'x')));
  BOOST_TEST(stream.take().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::dispatch
