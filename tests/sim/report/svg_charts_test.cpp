#include "sim/report/svg_charts.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <limits>

namespace swiftlet::sim {

BOOST_AUTO_TEST_SUITE(svg_charts)

BOOST_AUTO_TEST_CASE(text_from_outside_cannot_become_markup) {
  BOOST_TEST(escaped("<script>\"a\" & 'b'</script>") == "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
  const std::string page = html_page("<b>", html_table({{"<i>"}, {"&"}}));
  BOOST_TEST(page.find("<b>") == std::string::npos);
  BOOST_TEST(page.find("<i>") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_histogram_has_a_bar_a_bin_and_its_marks) {
  std::vector<double> values;
  for (int k = 0; k < 1000; ++k) values.push_back(k % 100);
  const double predicted = 120.0;
  const std::string svg = histogram_svg(values, "title", "s", &predicted);
  std::size_t bars = 0;
  for (std::size_t at = svg.find("<rect"); at != std::string::npos; at = svg.find("<rect", at + 1)) ++bars;
  BOOST_TEST(bars == 40U);
  for (const char* mark : {"P10", "P50", "P90", "predicted"}) BOOST_TEST(svg.find(mark) != std::string::npos);
  BOOST_TEST(histogram_svg({}, "none", "s").empty());
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_is_left_out_of_lines) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string svg = lines_svg({{"a", "red", {0.0, 1.0, 2.0}, {1.0, nan, 3.0}}}, "t", "x", "y");
  BOOST_TEST(svg.find("nan") == std::string::npos);
  BOOST_TEST(lines_svg({{"a", "red", {nan}, {1.0}}}, "t", "x", "y").empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace swiftlet::sim
