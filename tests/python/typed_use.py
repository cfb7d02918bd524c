"""Read by mypy --strict alone: what users write fits the types, and what does not fit is found (an ignore that is not
needed is an error too)."""
import datetime
import pathlib

import swiftlet


def use() -> None:
    airspace = swiftlet.Airspace.open(pathlib.Path("yanwan"))
    height_m: float = airspace.floor([1.0, 2.0], 3).max()
    route = swiftlet.plan(airspace, "H1", (1, 2), depart=datetime.datetime.now(datetime.timezone.utc), wind=(5, 225),
                          policy={"max_height_agl_m": 60, "fly_under": True})
    cost: float = route.cost + height_m
    verdict: swiftlet.Verdict = swiftlet.verify("region.toml", route)
    verdicts: list[swiftlet.Verdict] = swiftlet.verify(airspace, [route])
    study = swiftlet.simulate_route(airspace, route, gust_spread=0.2, criteria={"time_bias_s": 3})
    day = swiftlet.simulate_fleet("day.toml", airspace, settings={"fleet.drones": 3}, progress=lambda share: print(share))
    routes = swiftlet.plan_many(airspace, [{"from": "H1", "to": (1.0, 2.0)}], vehicle="m100")
    print(cost, verdict.ok, verdicts[0].ok, study.runs["time_s"].mean(), day.orders["id"], routes[0].status)

    text: str = route.cost  # type: ignore[assignment]
    swiftlet.plan(airspace, "H1")  # type: ignore[call-arg]
    swiftlet.plan(airspace, "H1", 7)  # type: ignore[arg-type]
    swiftlet.plan(airspace, "H1", "K1", objectiv="time")  # type: ignore[call-arg]
    swiftlet.verify(airspace, route)[0]  # type: ignore[index]
    print(text, route.costs)  # type: ignore[attr-defined]
