"""One connection to the service: requests with their replies, and what comes unasked."""
from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any

import zmq
import zmq.asyncio
import zmq.auth

from .errors import KeyRefused, NoAnswer, Refusal

_MOST_FRAME_BYTES = 64 * 1024
_MOST_UNASKED = 10_000


class Connection:
    """ZeroMQ connects, and connects again, by itself; what was asked meanwhile goes out then or ends in NoAnswer."""

    def __init__(self, endpoint: str, server_key: str | None, key: str | None, patience_s: float) -> None:
        if (server_key is None) != (key is None):
            raise ValueError("server_key and key go together")
        self._endpoint = endpoint
        self._patience_s = patience_s
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._key_refused = False
        self.unasked: asyncio.Queue[dict[str, Any]] = asyncio.Queue(_MOST_UNASKED)
        self._context = zmq.asyncio.Context()
        self._socket = self._context.socket(zmq.DEALER)
        self._socket.linger = 0
        self._socket.maxmsgsize = _MOST_FRAME_BYTES
        self._socket.reconnect_ivl = 100
        self._socket.reconnect_ivl_max = 2000
        self._socket.heartbeat_ivl = 1000  # a connection that is dead without a word is noticed
        self._socket.heartbeat_timeout = 3000
        if server_key is not None and key is not None:
            self._socket.curve_serverkey, _ = zmq.auth.load_certificate(server_key)
            public, secret = zmq.auth.load_certificate(key)
            if secret is None:
                raise ValueError(f"{key} holds no secret key")
            self._socket.curve_publickey, self._socket.curve_secretkey = public, secret
        self._monitor = self._socket.get_monitor_socket(zmq.EVENT_HANDSHAKE_FAILED_AUTH)
        self._socket.connect(endpoint)
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._watch())]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._socket.disable_monitor()
        self._monitor.close(0)
        self._socket.close(0)
        self._context.term()

    async def ask(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """The reply's body. Raises Refusal, NoAnswer, KeyRefused."""
        name = f"r{next(self._numbers)}"
        frame = json.dumps({"v": 1, "type": kind, "id": name, "body": body}, allow_nan=False).encode()
        reply: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[name] = reply
        try:
            if self._key_refused:
                raise self._refused_key()
            async with asyncio.timeout(self._patience_s):
                await self._socket.send(frame)
                told = await reply
        except TimeoutError:
            raise NoAnswer(f"{kind}: no answer from {self._endpoint} within {self._patience_s} s; is the service up, "
                           "and does it take keys?") from None
        finally:
            del self._waiting[name]
        if not told["ok"]:
            raise Refusal(told["error"])
        answer: dict[str, Any] = told["body"]
        return answer

    async def _read(self) -> None:
        while True:
            frame = json.loads((await self._socket.recv_multipart())[0])
            if frame["type"] != "reply":
                if self.unasked.full():  # nobody listens; who does will see the gap and ask again
                    self.unasked.get_nowait()
                self.unasked.put_nowait(frame)
            elif (waiting := self._waiting.get(frame["re"])) is not None and not waiting.done():
                waiting.set_result(frame)

    async def _watch(self) -> None:
        while True:
            await self._monitor.recv_multipart()
            self._key_refused = True
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(self._refused_key())

    def _refused_key(self) -> KeyRefused:
        return KeyRefused(f"{self._endpoint} does not let this key in")
