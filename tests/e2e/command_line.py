#!/usr/bin/python3
"""The command line as a hostile newcomer types it: wrong words, wrong bytes, wrong files, and routes that lie.

    command_line.py SWIFTLET SOURCE_DIR
"""
import json
import pathlib
import subprocess
import sys
import tempfile

SWIFTLET, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
REGION = SOURCE / "maps/regions/harbour/region.toml"
checks = 0


def check(holds, what):
    global checks
    checks += 1
    if not holds:
        raise SystemExit(f"FAILED: {what}")


def run(*arguments, given=b"", expect=0, says=""):
    done = subprocess.run([SWIFTLET, *map(str, arguments)], input=given, capture_output=True, timeout=120)
    told = done.stderr.decode(errors="replace")
    check(done.returncode == expect, f"{arguments} ended with {done.returncode}, not {expect}: {told[-600:]}")
    check(says in told, f"{arguments} should say {says!r}: {told[-600:]}")
    return done.stdout


def usage():
    run("frobnicate", expect=2, says='"frobnicate" is no verb')
    run("plna", expect=2, says='did you mean "plan"')
    run("map", "chekc", expect=2, says='did you mean "check"')
    run("plan", "--frob", expect=2, says="usage")
    run("--seed", "-1", "map", "info", "x", expect=2, says="seed")
    run("verify", "--region", REGION, "/tmp", expect=3, says="is a directory")
    told = run("--json", "map", "info", "/nowhere", expect=3)
    check(json.loads(told)["code"], "errors are JSON with --json")


def batches(airspace):
    good = b'{"id":"a","from":{"pad":"H1"},"to":{"pad":"K05"},"depart":"2026-11-23T10:00:00Z"}\n'
    lines = good + b'{"id":"utf\xff","from":{"pad":"H1"},"to":{"pad":"K33"}}\n' + b"\x00\xff\xfe\n" + b"\n" + good
    answers = run("plan", "--airspace", airspace, "--requests", "-", given=lines, expect=3).decode().splitlines()
    check([json.loads(a)["status"] for a in answers] == ["ok", "refused", "refused", "refused", "ok"],
          f"a line that is no request gets its answer, and the others theirs: {[a[:80] for a in answers]}")
    run("plan", "--airspace", airspace, "--from", b"pad:\xff".decode(errors="surrogateescape"), "--to", "pad:K01",
        expect=3)
    run("plan", "--airspace", airspace, "--requests", "/tmp", expect=3, says="is a directory")
    run("plan", "--airspace", airspace, "--requests", "-", "--format", "svg", given=good, expect=2, says="--format")
    run("plan", "--airspace", airspace, "--from", "pad:H1", "--to", "pad:K05", "--deadline-ms", "-1", expect=2,
        says="deadline")
    return json.loads(answers[0])


def lies(route):
    def verdict(change, expect=6):
        told = json.loads(json.dumps(route))
        change(told)
        out = run("verify", "--region", REGION, "-", given=json.dumps(told).encode(), expect=expect)
        return json.loads(out)

    honest = verdict(lambda r: None, expect=0)
    check(honest["policy"]["lateral_clearance_m"] == 10.0, "a verdict says by which policy it was judged")

    def claims(change, field):
        found = [v["cause"]["kind"] for v in verdict(change)["violations"] if v["rule"] == "claim"]
        check(field in found, f"{field} should be refuted, not {found}")

    claims(lambda r: r.update(waypoints=r["waypoints"][:20]), "duration_s")
    claims(lambda r: r.update(duration_s=1.0), "duration_s")
    claims(lambda r: r.update(length_m=1.0), "length_m")
    claims(lambda r: r.update(energy_wh=-5.0), "energy_wh")
    claims(lambda r: r.update(lower_bound=1e6), "lower_bound")
    claims(lambda r: r["certificate"].update(min_lateral_clearance_m=500.0), "min_lateral_clearance_m")
    claims(lambda r: r["certificate"].update(min_height_agl_m=3.0), "min_height_agl_m")

    def hurry(r):
        for waypoint in r["waypoints"]:
            waypoint["t_s"] /= 20.0
        r["duration_s"] /= 20.0

    claims(hurry, "t_s")


if __name__ == "__main__":
    usage()
    with tempfile.TemporaryDirectory() as name:
        run("map", "build", REGION, "--out", f"{name}/airspace")
        lies(batches(f"{name}/airspace"))
    print(f"{checks} checks hold")
