"""Tests that mostly wait, several at a time."""
import concurrent.futures
import unittest


def tests_of(suite):
    """The tests of a suite and of the suites in it."""
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from tests_of(one)
        else:
            yield one


class SideBySide(unittest.TestSuite):
    """Runs its tests in threads, each with a result of its own; what they tell is put together in their order.

    For tests that share nothing, fixtures of their class included.
    """

    def __init__(self, tests, threads):
        super().__init__(tests)
        self.threads = threads

    def run(self, result, debug=False):
        def alone(test):
            own = unittest.TestResult()
            test.run(own)
            return own

        with concurrent.futures.ThreadPoolExecutor(self.threads) as pool:
            tests = list(self)
            for test, own in zip(tests, pool.map(alone, tests)):
                result.startTest(test)
                result.failures += own.failures
                result.errors += own.errors
                result.skipped += own.skipped
                if own.wasSuccessful() and not own.skipped:
                    result.addSuccess(test)
                result.stopTest(test)
        return result
