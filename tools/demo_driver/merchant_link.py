"""A merchant's connection: one DEALER, JSON frames, and a new socket when the service is not heard any more."""
import json
import pathlib
import time
from collections.abc import Callable
from typing import NamedTuple

import zmq
from zmq.auth import load_certificate

SILENCE_S = 3.0  # the contract: no frame for so long, and the subscription is dead

Reply = Callable[[dict], None]


class Keys(NamedTuple):
    """What a merchant's connection needs of CURVE, each a Z85 text."""

    server: bytes
    public: bytes
    secret: bytes


def read_keys(folder: pathlib.Path, name: str) -> Keys:
    """A merchant's keys from the folder that `swiftlet keys` fills."""
    server, _ = load_certificate(folder / "server.key")
    public, secret = load_certificate(folder / f"{name}.key_secret")
    return Keys(server, public, secret)


class MerchantLink:
    """Requests, their replies, and the subscription. Nothing blocks; call `read()` and `tick()` in turn.

    What was asked and not answered is asked again on a new socket: every request here may be repeated (orders carry
    a client_order_id).
    """

    def __init__(self, context: zmq.Context, endpoint: str, on_hello: Reply, on_event: Reply, on_eta: Reply,
                 keys: Keys | None = None) -> None:
        self._context = context
        self._endpoint = endpoint
        self._keys = keys
        self._on_hello = on_hello
        self._on_event = on_event
        self._on_eta = on_eta
        self._last_id = 0
        self._asked: dict[str, tuple[bytes, Reply]] = {}
        self._greetings: dict[str, Reply] = {}
        self.last_seq: int | None = None
        self.socket: zmq.Socket | None = None
        self.reconnects = -1
        self.open()

    def open(self) -> None:
        self.close()
        self.reconnects += 1
        self.socket = self._context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.MAXMSGSIZE, 64 * 1024)
        if self._keys:
            self.socket.curve_serverkey = self._keys.server
            self.socket.curve_publickey, self.socket.curve_secretkey = self._keys.public, self._keys.secret
        self.socket.connect(self._endpoint)
        self._heard_at = time.monotonic()
        waiting = list(self._asked.values())
        self._greetings.clear()
        self.ask("hello", {}, self._on_hello, again=False)
        self._subscribe()
        for frame, _ in waiting:
            self.socket.send(frame)

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def ask(self, kind: str, body: dict, reply: Reply, again: bool = True) -> None:
        """`reply` gets the whole reply. `again`: repeat it after a lost connection."""
        self._last_id += 1
        request_id = f"r{self._last_id}"
        frame = json.dumps({"v": 1, "type": kind, "id": request_id, "body": body}).encode()
        if again:
            self._asked[request_id] = (frame, reply)
        else:
            self._greetings[request_id] = reply
        self.socket.send(frame)

    def read(self) -> None:
        """Takes all that has come."""
        while self.socket is not None:
            try:
                parts = self.socket.recv_multipart(zmq.DONTWAIT)
            except zmq.Again:
                return
            self._heard_at = time.monotonic()
            self._take(json.loads(parts[-1]))

    def tick(self) -> None:
        if time.monotonic() - self._heard_at > SILENCE_S:
            self.open()

    def _subscribe(self) -> None:
        since = {} if self.last_seq is None else {"from_seq": self.last_seq + 1}
        self.ask("subscribe", since, self._subscribed, again=False)

    def _subscribed(self, reply: dict) -> None:
        if reply.get("ok") and self.last_seq is None:
            self.last_seq = reply["body"]["seq"]

    def _take(self, frame: dict) -> None:
        kind = frame.get("type")
        if kind == "reply":
            request_id = frame.get("re")
            if request_id in self._asked:
                self._asked.pop(request_id)[1](frame)
            elif request_id in self._greetings:
                self._greetings.pop(request_id)(frame)
        elif kind == "order.event":
            if self.last_seq is None or frame["seq"] > self.last_seq:
                self.last_seq = frame["seq"]
                self._on_event(frame["body"])
        elif kind == "eta":
            self._on_eta(frame)
            if self.last_seq is not None and frame["last_seq"] > self.last_seq:
                self._subscribe()
