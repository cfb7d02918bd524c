"""python3 -m demo_driver config|merchants|summary: the parts of the demo that tools/demo calls in turn."""
import argparse
import json
import pathlib
import socket
import sys

from demo_driver import journal, rush, service_config, summary
from demo_driver.order_book import Order

PORTS = {"merchants": 7001, "drones": 7002, "http": 7080}


def free_port(wanted: int) -> str:
    """The wanted port, or any other if somebody has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
            return str(wanted)
        except OSError:
            pass
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    print(f"demo: port {wanted} is taken; using {port}", file=sys.stderr)
    return port


def config(options: argparse.Namespace) -> int:
    ports = {name: free_port(port) for name, port in PORTS.items()}
    options.out.write_text(service_config.service_toml(options.airspace, options.data_dir, options.speed, ports,
                                                       options.drones, options.keys, options.accounts))
    print(service_config.mean_wind(options.airspace))
    return 0


def merchants(options: argparse.Namespace) -> int:
    rush.run(options.connect, options.keys, options.seconds, options.drones, options.seed, options.headless, options.out)
    return 0


def summarise(options: argparse.Namespace) -> int:
    told = json.loads(options.orders.read_text())
    orders = [Order(**fields) for fields in told["orders"]]
    routes = journal.issued_routes(options.journal)
    referee = journal.referee_refusals(options.service_log)
    accepted = journal.accepted_orders(options.journal)
    lines = summary.lines_of(orders, told["refused"], routes, referee)
    lines += summary.keeping_lines(orders, accepted, journal.service_starts(options.journal))
    print("\n".join(lines))
    return summary.verdict(orders, referee, accepted)


def main() -> int:
    parser = argparse.ArgumentParser(prog="demo_driver", description=__doc__)
    parts = parser.add_subparsers(required=True)
    part = parts.add_parser("config", help="write the service's configuration, print the region's wind")
    part.add_argument("--airspace", type=pathlib.Path, required=True)
    part.add_argument("--data-dir", type=pathlib.Path, required=True)
    part.add_argument("--keys", type=pathlib.Path, required=True)
    part.add_argument("--accounts", type=pathlib.Path, required=True)
    part.add_argument("--speed", type=float, required=True)
    part.add_argument("--drones", type=int, required=True)
    part.add_argument("--out", type=pathlib.Path, required=True)
    part.set_defaults(run=config)
    part = parts.add_parser("merchants", help="order until the time is over")
    part.add_argument("--connect", required=True)
    part.add_argument("--keys", type=pathlib.Path, required=True)
    part.add_argument("--seconds", type=float, required=True)
    part.add_argument("--drones", type=int, required=True)
    part.add_argument("--seed", type=int, default=1)
    part.add_argument("--headless", action="store_true")
    part.add_argument("--out", type=pathlib.Path, required=True)
    part.set_defaults(run=merchants)
    part = parts.add_parser("summary", help="what came of it; 6 if the referee refused a route, 1 if nothing arrived or an order is lost")
    part.add_argument("--orders", type=pathlib.Path, required=True)
    part.add_argument("--journal", type=pathlib.Path, required=True)
    part.add_argument("--service-log", type=pathlib.Path, required=True)
    part.set_defaults(run=summarise)
    options = parser.parse_args()
    return options.run(options)


if __name__ == "__main__":
    sys.exit(main())
