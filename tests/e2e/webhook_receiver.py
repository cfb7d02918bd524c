"""A merchant's webhook endpoint that behaves as it is told to, and checks every signature with Python's own hmac."""
import hashlib
import hmac
import http.server
import json
import threading
import time


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """A connection that was cut is nothing to report: the events say whether anything was lost."""


class Receiver:
    """`answers`: what becomes of the next requests ("ok", a status, "hang", "cut", "huge"); the last one stays.
    `taken`: the bodies answered 2xx, `delay_s` after they came, in order. `tried`: (seq, time, headers, body's bytes) of every request."""

    def __init__(self, secret, *answers, port=0, tls=None):
        self.secret, self.answers = secret.encode(), list(answers) or ["ok"]
        self.taken, self.tried, self.faults = [], [], []
        self.under_way, self.most_under_way, self.delay_s = 0, 0, 0.0
        self.lock, self.closing = threading.Lock(), threading.Event()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                receiver.hear(self)

            def do_GET(self):
                receiver.faults.append("a GET: a redirect was followed")

            def log_message(self, *_):
                pass

        self.server = Server(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def hear(self, request):
        body = request.rfile.read(int(request.headers["Content-Length"]))
        with self.lock:
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            try:
                self.examine(request, body)
            except Exception as fault:  # noqa: BLE001: whatever is wrong is told at the end
                self.faults.append(repr(fault))
        try:
            self.answer(request, answer, body)
        except OSError:
            pass
        finally:
            with self.lock:
                self.under_way -= 1

    def examine(self, request, body):
        frame, headers = json.loads(body), request.headers
        parts = dict(part.split("=", 1) for part in headers["Swiftlet-Signature"].split(","))
        due = hmac.new(self.secret, f"{parts['t']}.".encode() + body, hashlib.sha256).hexdigest()
        assert hmac.compare_digest(due, parts["v1"]), "the signature"
        assert abs(time.time() - int(parts["t"])) < 30, "the signature's time"
        assert int(headers["Swiftlet-Event-Seq"]) == frame["seq"], "the header's seq"
        assert headers["Swiftlet-Delivery"].endswith(f"-{frame['seq']}"), "the delivery"
        assert headers["Content-Type"] == "application/json"
        self.tried.append((frame["seq"], time.monotonic(), dict(headers), body))

    def answer(self, request, answer, body):
        if answer == "hang":
            self.closing.wait(60)
            return
        if answer == "cut":
            request.connection.close()
            return
        status = answer if isinstance(answer, int) else 200
        if 200 <= status < 300:
            with self.lock:
                self.taken.append(json.loads(body))
            time.sleep(self.delay_s)
        request.send_response(status)
        if 300 <= status < 400:
            request.send_header("Location", f"http://127.0.0.1:{self.port}/elsewhere")
        if answer == "huge":
            request.end_headers()
            while not self.closing.is_set():
                request.wfile.write(b"x" * 65536)
            return
        request.send_header("Content-Length", "0")
        request.end_headers()

    def seqs(self):
        with self.lock:
            return [frame["seq"] for frame in self.taken]

    def close(self):
        """As if it were killed: its port refuses from now on."""
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()
