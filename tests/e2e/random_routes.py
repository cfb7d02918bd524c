#!/usr/bin/python3
"""Plans random pad-to-pad and point-to-point routes in a region and has every one judged by the referee's own command.

  tests/e2e/random_routes.py --swiftlet build/release/tools/swiftlet --region maps/regions/harbour/region.toml --count 1000

Passes if every request got an answer, every answer is `ok` or an `infeasible` that names its cause, and `swiftlet verify`
finds no violation. Prints the counts, the planning times and the clearances.
"""
import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile

# A bare point may fall on a roof or beside a wall, and says so; that is an answer, not a failure.
JUSTIFIED = {"start_in_obstacle", "goal_in_obstacle", "pad_obstructed", "no_fly_zone", "band_empty", "unreachable",
             "energy_insufficient", "out_of_region"}


def requests(info: dict, pads: list[str], count: int, rng: random.Random) -> list[dict]:
    west, south, east, north = info["bbox"]

    def point() -> dict:
        return {"lon": round(rng.uniform(west, east), 8), "lat": round(rng.uniform(south, north), 8)}

    out = []
    for k in range(count):
        if k % 2 == 0:
            start, goal = ({"pad": p} for p in rng.sample(pads, 2))
        else:
            start, goal = point(), point()
        out.append({"id": f"q{k}", "from": start, "to": goal, "depart": "2026-11-23T10:00:00Z"})
    return out


def percentile(values: list[float], p: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(p * len(ordered)))] if ordered else float("nan")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--swiftlet", required=True)
    parser.add_argument("--region", required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--policy", action="append", default=[], help="KEY=VALUE, passed on to plan")
    parser.add_argument("--needs", help="a folder of real data; where it is absent the run is skipped (exit 77)")
    args = parser.parse_args()
    if args.needs and not pathlib.Path(args.needs).is_dir():
        print(f"SKIPPED: {args.needs} is not there")
        return 77
    print(f"seed {args.seed}")

    with tempfile.TemporaryDirectory() as folder:
        airspace = pathlib.Path(folder) / "airspace"
        subprocess.run([args.swiftlet, "map", "build", args.region, "--out", airspace], check=True,
                       stdout=subprocess.DEVNULL)
        info = json.loads(subprocess.run([args.swiftlet, "map", "info", airspace, "--json"], check=True,
                                         capture_output=True, text=True).stdout)
        pads = [p["properties"]["id"]
                for path in (airspace / "sources").glob("*pads*") for p in json.loads(path.read_text())["features"]]
        asked = requests(info, pads, args.count, random.Random(args.seed))
        overrides = [arg for policy in args.policy for arg in ("--policy", policy)]
        planned = subprocess.run([args.swiftlet, "plan", "--airspace", airspace, "--requests", "-", *overrides],
                                 input="".join(json.dumps(r) + "\n" for r in asked), capture_output=True, text=True)
        routes = [json.loads(line) for line in planned.stdout.splitlines()]
        problems = []
        if planned.returncode != 0:
            problems.append(f"plan ended with {planned.returncode}: {planned.stderr.strip()[-500:]}")
        if [r.get("id") for r in routes] != [r["id"] for r in asked]:
            problems.append(f"{len(asked)} requests, {len(routes)} answers, or not in the same order")

        ok = [r for r in routes if r["status"] == "ok"]
        reasons = collections.Counter()
        for route in routes:
            if route["status"] == "ok":
                continue
            code = route["error"]["code"]
            reasons[f"{route['status']}: {code}"] += 1
            if code not in JUSTIFIED or (route["status"] == "infeasible" and not route["error"].get("message")):
                problems.append(f"{route['id']} {route['status']} {route['error']}")
        verified = subprocess.run([args.swiftlet, "verify", "--region", args.region, "-"],
                                  input="".join(json.dumps(r) + "\n" for r in ok), capture_output=True, text=True)
        verdicts = [json.loads(line) for line in verified.stdout.splitlines()]
        violations = [v for v in verdicts if not v["ok"]]
        if verified.returncode != 0 or len(verdicts) != len(ok) or violations:
            problems.append(f"verify ended with {verified.returncode}; {len(violations)} of {len(ok)} routes violated: "
                            f"{json.dumps(violations[:2])} {verified.stderr.strip()[-300:]}")
        if len(ok) < 0.4 * len(asked):
            problems.append(f"only {len(ok)} of {len(asked)} requests led to a route")

    times = [r["planning"]["time_us"] / 1000 for r in ok]
    lateral = [r["certificate"]["min_lateral_clearance_m"] for r in ok]
    print(f"{len(asked)} requests: {len(ok)} ok; " + ("; ".join(f"{n} {r}" for r, n in sorted(reasons.items())) or "no other"))
    print(f"referee: {len(violations)} violations in {len(ok)} routes")
    print(f"time to a refereed answer, ms: p50 {percentile(times, .5):.1f}, p90 {percentile(times, .9):.1f}, "
          f"p99 {percentile(times, .99):.1f}, worst {max(times, default=float('nan')):.1f}")
    print(f"least lateral clearance below tops: {min((c for c in lateral if c is not None), default=None)} m")
    for problem in problems[:20]:
        print("PROBLEM", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
