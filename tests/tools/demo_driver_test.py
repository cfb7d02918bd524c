#!/usr/bin/env python3
"""The demo's driver: its table in any terminal, its figures and verdict, and its link against a real ROUTER."""
import collections
import json
import pathlib
import sqlite3
import sys
import tempfile
import threading
import time
import tomllib
import unittest

import zmq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

from demo_driver import board, journal, merchant_link, service_config, service_time, summary  # noqa: E402
from demo_driver.order_book import Order, OrderBook  # noqa: E402

NOON = "2026-11-21T12:00:00.000Z"


def order(number: int, **fields) -> Order:
    made = Order(f"demo-M1-{number:03}", "M1", "K01", "K02", order_id=f"O{number:06}", state="airborne", drone="D01",
                 eta=service_time.parse(NOON) + 60.0 * number, eta_half_width=4.0)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def book_of(*orders: Order) -> OrderBook:
    book = OrderBook()
    book.orders = {o.client_order_id: o for o in orders}
    return book


def delivered(number: int, late_s: float) -> Order:
    promised = service_time.parse(NOON)
    return order(number, state="delivered", promised=promised, promised_p05=promised - 10.0,
                 promised_p95=promised + 10.0, delivered_at=promised + late_s)


class Board(unittest.TestCase):
    def test_it_fits_every_terminal(self):
        book = book_of(*(order(i) for i in range(1, 30)), *(delivered(i, 5.0) for i in range(30, 60)))
        for width in (1, 7, 20, 80, 200):
            for height in (1, 2, 5, 24):
                lines = board.table(book, service_time.parse(NOON), 10.0, width, height)
                self.assertLessEqual(len(lines), max(height - 1, 1))
                self.assertTrue(all(len(line) <= width for line in lines), (width, height))

    def test_the_eta_counts_down_and_stops_at_zero(self):
        now = service_time.parse(NOON)
        self.assertIn("1:00", board.order_line(order(1), now))
        self.assertIn("0:30", board.order_line(order(1), now + 30.0))
        self.assertIn("0:00", board.order_line(order(1), now + 90.0))

    def test_spans(self):
        self.assertEqual([service_time.span(s) for s in (0, 59.6, -65, 3723)], ["0:00", "1:00", "-1:05", "1:02:03"])


class Book(unittest.TestCase):
    def test_an_event_is_news_once_and_keeps_the_drone(self):
        book = book_of(order(1, state="accepted", drone=""))
        body = {"order_id": "O000001", "client_order_id": "demo-M1-001", "state": "assigned", "at": NOON, "drone": "D02"}
        self.assertEqual(book.event(body).drone, "D02")
        self.assertIsNone(book.event(body))
        self.assertIsNone(book.event({**body, "client_order_id": "somebody else's"}))

    def test_an_early_event_is_not_undone_by_the_late_reply(self):
        book = book_of(Order("demo-M1-001", "M1", "K01", "K02"))
        book.event({"order_id": "O1", "client_order_id": "demo-M1-001", "state": "assigned", "at": NOON})
        book.accepted(book.orders["demo-M1-001"],
                      {"order_id": "O1", "state": "accepted", "delivery_eta": NOON, "p05": NOON, "p95": NOON}, 0.0)
        self.assertEqual(book.orders["demo-M1-001"].state, "assigned")

    def test_the_eta_that_stood_a_minute_before(self):
        at = service_time.parse(NOON)
        one = delivered(1, 0.0)
        one.expected = [(at - 90.0, at + 7.0), (at - 61.0, at - 3.0), (at - 10.0, at)]
        self.assertAlmostEqual(one.eta_error_s(60.0), 3.0)
        self.assertIsNone(one.eta_error_s(100.0))


class Summary(unittest.TestCase):
    ROUTE = {"length_m": 2000.0, "energy_wh": 50.0, "planning": {"time_us": 1500},
             "certificate": {"min_lateral_clearance_m": 10.25, "min_vertical_clearance_m": None,
                             "min_height_agl_m": 30.0, "max_height_agl_m": 90.0}}

    def test_it_tells_errors_clearances_and_times(self):
        orders = [delivered(1, 4.0), delivered(2, -20.0), order(3)]
        text = "\n".join(summary.lines_of(orders, {"pad_full": 2}, [self.ROUTE], []))
        for expected in ("placed: 3, delivered: 2", "1 airborne", "2 pad_full", "mean -8.0 s, mean size 12.0 s",
                         "interval: 1 of 2", "10.25 m to the side, nothing near above", "median 1.5 ms",
                         "referee refusals: 0", "outside"):
            self.assertIn(expected, text)

    def test_the_verdict(self):
        kept = collections.Counter({"demo-M1-001": 1})
        self.assertEqual(summary.verdict([delivered(1, 0.0)], [], kept), 0)
        self.assertEqual(summary.verdict([order(1)], [], kept), 1)
        self.assertEqual(summary.verdict([], [], kept), 1)
        self.assertEqual(summary.verdict([delivered(1, 0.0)], ["warn flight F1: referee_refused"], kept), 6)

    def test_an_order_that_the_journal_lost_or_doubled_is_told(self):
        placed = [delivered(1, 0.0), delivered(2, 0.0), order(3, order_id="")]
        kept = collections.Counter({"demo-M1-001": 1, "demo-M1-002": 1})
        self.assertEqual(summary.verdict(placed, [], kept), 0)
        self.assertIn("each once: 2 of 2; the service was started 2 times",
                      "\n".join(summary.keeping_lines(placed, kept, 2)))
        for times in (0, 2):
            kept["demo-M1-002"] = times
            self.assertEqual(summary.verdict(placed, [], kept), 1)
            self.assertIn(f"demo-M1-002): {times} times", "\n".join(summary.keeping_lines(placed, kept, 1)))

    def test_nothing_at_all_is_still_a_summary(self):
        self.assertIn("routes flown: none", "\n".join(summary.lines_of([], {}, [], [])))


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.dir = pathlib.Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def test_the_journal_is_read_while_its_writer_holds_it(self):
        writer = sqlite3.connect(self.dir / "swiftlet.db", isolation_level=None)
        writer.execute("PRAGMA locking_mode=EXCLUSIVE")
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("CREATE TABLE journal(seq INTEGER PRIMARY KEY, at_ms INTEGER, kind TEXT, body TEXT)")
        body = json.dumps({"flight_id": "F1", "route": json.dumps(Summary.ROUTE)})
        writer.execute("INSERT INTO journal VALUES(1, 0, 'mission_issued', ?), (2, 0, 'leg_ended', '{}')", (body,))
        writer.executemany("INSERT INTO journal VALUES(?, 0, 'order_accepted', ?)",
                           [(3, '{"client_order_id":"a"}'), (4, '{"client_order_id":"b"}'), (5, '{"client_order_id":"a"}')])
        self.assertEqual(journal.issued_routes(self.dir / "swiftlet.db"), [Summary.ROUTE])
        self.assertEqual(journal.accepted_orders(self.dir / "swiftlet.db"), {"a": 2, "b": 1})
        self.assertEqual(journal.service_starts(self.dir / "swiftlet.db"), 0)
        writer.close()

    def test_the_configuration_spreads_the_fleet_over_the_hubs(self):
        database = sqlite3.connect(self.dir / "airspace.gpkg")
        database.execute("CREATE TABLE pads(id TEXT, kind TEXT, slot INT)")
        database.executemany("INSERT INTO pads VALUES(?, ?, ?)", [("H1", "hub", 0), ("H1", "hub", 1), ("H1", "hub", 2),
                                                                  ("H2", "hub", 0), ("K1", "kiosk", 0)])
        database.commit()
        database.close()
        ports = {"merchants": "7001", "drones": "*", "http": "7080"}
        config = tomllib.loads(service_config.service_toml(self.dir, self.dir / "data", 20.0, ports, 3, self.dir / "keys", self.dir / "accounts"))
        self.assertEqual([d["home_pad"] for d in config["drone"]], ["H1", "H2", "H1"])
        self.assertEqual(config["drones"]["bind"], "tcp://127.0.0.1:*")
        with self.assertRaises(SystemExit):
            service_config.service_toml(self.dir, self.dir / "data", 20.0, ports, 4, self.dir / "keys", self.dir / "accounts")


class Link(unittest.TestCase):
    """Against a ROUTER that answers by the contract, in a thread of its own."""

    def setUp(self):
        self.context = zmq.Context()
        self.router = self.context.socket(zmq.ROUTER)
        self.port = self.router.bind_to_random_port("tcp://127.0.0.1")
        self.heard, self.stop = [], False
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        while not self.stop:
            if not self.router.poll(20):
                continue
            peer, *frames = self.router.recv_multipart()
            request = json.loads(frames[0])
            self.heard.append((peer, len(frames), request))
            if peer != self.heard[0][0]:  # the first connection is never answered
                body = {"seq": 4} if request["type"] == "subscribe" else {}
                self.router.send_multipart(
                    [peer, json.dumps({"v": 1, "type": "reply", "re": request["id"], "ok": True, "body": body}).encode()])

    def tearDown(self):
        self.stop = True
        self.thread.join()
        self.router.close(0)
        self.context.term()

    def test_an_unheard_request_is_asked_again_on_a_new_socket_after_silence(self):
        replies = []
        link = merchant_link.MerchantLink(self.context, f"tcp://127.0.0.1:{self.port}", lambda _: None, lambda _: None,
                                          lambda _: None)
        link.ask("order.create", {"client_order_id": "c1"}, replies.append)
        end = time.monotonic() + 10.0
        while not replies and time.monotonic() < end:
            link.read()
            link.tick()
            time.sleep(0.02)
        link.close()
        creates = [(peer, request) for peer, _, request in self.heard if request["type"] == "order.create"]
        self.assertEqual(len(replies), 1)
        self.assertEqual(len(creates), 2)
        self.assertNotEqual(creates[0][0], creates[1][0])
        self.assertEqual(creates[0][1], creates[1][1])
        self.assertTrue(all(frames == 1 for _, frames, _ in self.heard))
        self.assertEqual(link.last_seq, 4)


if __name__ == "__main__":
    unittest.main()
