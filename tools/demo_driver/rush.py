"""The merchants' part of the demo: they order over real sockets until the time is over."""
import json
import pathlib
import shutil
import signal
import sys
import time

import zmq

from demo_driver import board
from demo_driver.merchant import Merchant
from demo_driver.merchant_link import read_keys
from demo_driver.order_book import OrderBook
from demo_driver.service_time import ServiceClock

MERCHANTS = 4
LIVE_ORDERS_A_DRONE = 1.25
ETA_LINE_S = 5.0


class Screen:
    """Draws on a terminal once a second, or writes lines where there is none."""

    def __init__(self, live: bool) -> None:
        self._live = live
        self._next_at = 0.0
        if live:
            sys.stdout.write("\x1b[?25l\x1b[2J")

    def close(self) -> None:
        if self._live:
            sys.stdout.write("\x1b[?25h\n")
            sys.stdout.flush()

    def show(self, book: OrderBook, clock: ServiceClock, news: list, wall_left_s: float) -> None:
        if not self._live:
            for order in news:
                print(board.event_line(order, clock.now()), flush=True)
        if time.monotonic() < self._next_at or not clock.known:
            return
        self._next_at = time.monotonic() + (1.0 if self._live else ETA_LINE_S)
        if self._live:
            size = shutil.get_terminal_size()
            sys.stdout.write(board.drawn(board.table(book, clock.now(), wall_left_s, size.columns, size.lines)))
            sys.stdout.flush()
        else:
            print(board.eta_line(book, clock.now()), flush=True)


def run(endpoint: str, keys: pathlib.Path, seconds: float, drones: int, seed: int, headless: bool,
        out: pathlib.Path) -> None:
    """Writes the orders to `out`, also when it is interrupted. `keys`: the folder that `swiftlet keys` has filled."""
    stop: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda signal_number, _: stop.append(signal_number))
    context = zmq.Context()
    book = OrderBook()
    most_live = max(1, round(LIVE_ORDERS_A_DRONE * drones / MERCHANTS))
    name_of_run = f"demo{int(time.time())}"
    merchants = [Merchant(f"M{i}", context, endpoint, book, seed, most_live, name_of_run,
                          read_keys(keys, f"M{i}"))
                 for i in range(1, MERCHANTS + 1)]
    clock = merchants[0].clock
    screen = Screen(live=not headless and sys.stdout.isatty())
    ends_at = time.monotonic() + seconds
    try:
        while not stop and time.monotonic() < ends_at:
            poller = zmq.Poller()
            for merchant in merchants:
                poller.register(merchant.link.socket, zmq.POLLIN)
            poller.poll(100)
            wall_left_s = ends_at - time.monotonic()
            news = []
            for merchant in merchants:
                merchant.link.read()
                merchant.until = merchant.clock.now() + wall_left_s * merchant.clock.speed
                merchant.tick()
                news += merchant.news
                merchant.news = []
            screen.show(book, clock, news, wall_left_s)
    finally:
        screen.close()
        out.write_text(json.dumps({"orders": [vars(order) for order in book.orders.values()],
                                   "refused": dict(book.refused),
                                   "reconnects": sum(m.link.reconnects for m in merchants)}))
        for merchant in merchants:
            merchant.link.close()
        context.term()
