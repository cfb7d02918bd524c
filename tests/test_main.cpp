#define BOOST_TEST_MODULE swiftlet
#include <boost/test/unit_test.hpp>
