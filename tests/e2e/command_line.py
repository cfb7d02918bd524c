#!/usr/bin/python3
"""The command line as a hostile newcomer types it: wrong words, wrong bytes, wrong files, and routes that lie.

    command_line.py SWIFTLET SOURCE_DIR
"""
import json
import os
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
    run("export", "/", "--format", "csv", expect=3, says="is a directory")
    run("export", "/dev/zero", "--format", "csv", expect=3, says="more than 1 GiB")
    run("predict", "--vehicle", "courier-4", "--energy", "/", expect=3, says="is a directory")
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
    for milliseconds in ("0", "1", "20"):
        hurried = subprocess.run([SWIFTLET, "plan", "--airspace", airspace, "--from", "pad:H1", "--to", "pad:K05",
                                  "--depart", "2026-11-23T10:00:00Z", "--deadline-ms", milliseconds],
                                 capture_output=True, text=True)
        told = json.loads(hurried.stdout)
        check((hurried.returncode, told["status"]) in ((0, "ok"), (5, "deadline")) and
              told["depart"] == "2026-11-23T10:00:00.000Z" and told["airspace"]["hash"].startswith("sha256:"),
              f"a deadline of {milliseconds} ms is kept or told: {hurried}")
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

    def hurry_and_say_so(r):
        hurry(r)
        r["cost"] = r["duration_s"]
        for waypoint in r["waypoints"]:
            waypoint["ground_speed_m_s"] *= 20.0

    claims(hurry_and_say_so, "t_s")  # no vehicle flies that
    claims(lambda r: r.update(gap=0.0), "gap")
    claims(lambda r: r.update(cost=r["cost"] * 2), "cost")
    claims(lambda r: r.update(energy_wh=0.5), "energy_wh")
    claims(lambda r: r["certificate"].update(energy_reserve_wh=10_000.0), "energy_reserve_wh")
    claims(lambda r: r["certificate"].update(energy_reserve_wh=1.0), "energy_reserve_wh")
    claims(lambda r: r.update(certificate=5), "certificate")
    claims(lambda r: r["certificate"]["nearest"].update(id="nobody"), "nearest")
    claims(lambda r: r["certificate"].update(nearest=None), "nearest")
    claims(lambda r: r["certificate"].update(geozones=["X"]), "geozones")
    claims(lambda r: r["certificate"].update(min_vertical_clearance_m=None), "min_vertical_clearance_m")
    claims(lambda r: r["waypoints"][len(r["waypoints"]) // 2].update(ground_speed_m_s=99.0), "ground_speed_m_s")
    claims(lambda r: r["waypoints"][len(r["waypoints"]) // 2].update(ground_speed_m_s=-5.0), "ground_speed_m_s")
    claims(lambda r: r["airspace"].update(ellipsoid_minus_datum_m=99.0), "ellipsoid_minus_datum_m")
    for field in ("energy_wh", "cost", "lower_bound", "duration_s", "certificate"):
        silent = verdict(lambda r: r.update({field: None}), expect=0)
        check(f"{field}: the route does not say" in silent["not_judged"], f"null is no claim: {silent['not_judged']}")
    check(honest["not_judged"] == [] and honest["looser_than_region"] == [], "an honest route is judged whole")
    unknown = verdict(lambda r: (r.update(vehicle="../../etc/passwd"), r.pop("certificate")), expect=0)
    check(len(unknown["not_judged"]) == 2, f"what could not be judged is said: {unknown['not_judged']}")
    loose = verdict(lambda r: r["policy"].update(hold_s=5.0, max_height_agl_m=500.0), expect=0)
    check(sorted(loose["looser_than_region"]) == ["hold_s", "max_height_agl_m"], f"{loose['looser_than_region']}")


def output_that_nobody_gets(airspace, folder, route):
    file = folder / "route.json"
    file.write_text(json.dumps(route))
    for words in (["map", "info", airspace], ["verify", "--region", REGION, file], ["completion", "bash"],
                  ["export", file, "--format", "csv"], ["plan", "--airspace", airspace, "--from", "pad:H1", "--to", "pad:K09"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([SWIFTLET, *map(str, words)], stdout=full, stderr=subprocess.PIPE)
        check(done.returncode == 3 and b"output_refused" in done.stderr, f"{words[0]} to a full disk: {done}")
    verdict = subprocess.Popen([SWIFTLET, "verify", "--region", REGION, str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    verdict.stdout.close()
    check(b"gone" in verdict.stderr.read() and verdict.wait() == 3, "a reader that is gone is not the source's fault")


def a_device_is_written_to_and_never_replaced(folder, route):
    """An --out that is no file was renamed over: /dev/full became a file and the command ended with 0."""
    file = folder / "route.json"
    file.write_text(json.dumps(route))
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    run("export", file, "--format", "csv", "--out", pipe)
    check(len(reader.communicate(timeout=60)[0].splitlines()) > 10 and pipe.is_fifo(), "a pipe takes the file")
    full = folder / "full"
    full.symlink_to("/dev/full")
    run("export", file, "--format", "csv", "--out", full, expect=3, says="output_refused")
    check(full.is_symlink() and pathlib.Path("/dev/full").is_char_device(), "a device stays one")


def numbers_that_are_none(airspace, folder, route):
    """NaN passes every comparison, and with them the limit that was asked for."""
    plan = ["plan", "--airspace", airspace, "--from", "pad:H1", "--to", "pad:K09"]
    for option in ("--max-ground-risk", "--battery-wh", "--payload-kg"):
        for value in ("nan", "inf", "-1", ""):
            run(*plan, option, value, expect=2, says=option)
    file = folder / "route.json"
    file.write_text(json.dumps(route))
    run("export", file, "--format", "waypoints", "--tolerance-m", "nan", expect=2, says="tolerance")


def exports_are_judged(folder, route):
    """With the region at hand no route leaves that its referee refuses."""
    file = folder / "low.json"
    for waypoint in route["waypoints"][len(route["waypoints"]) // 3:]:
        waypoint["alt_msl_m"] -= 25.0
    file.write_text(json.dumps(route))
    run("export", file, "--format", "qgc-plan", "--region", REGION, expect=6, says="referee")
    run("export", file, "--format", "geojson", "--region", REGION, expect=6, says="referee")


def unjudged(route):
    """What is not judged is not said to be good: a status that is none, and waypoints where there can be none."""
    for change in ({"status": "blah"}, {"status": "infeasible"}):
        run("verify", "--region", REGION, "-", given=json.dumps(route | change).encode(), expect=3)
    told = {k: v for k, v in route.items() if k != "waypoints"} | {"status": "infeasible"}
    check(json.loads(run("verify", "--region", REGION, "-", given=json.dumps(told).encode()))["skipped"] == "infeasible",
          "an honest refusal is passed over")


def completion():
    script = run("completion", "bash").decode()

    def offered(*words):
        line = "\n".join([script, f"COMP_WORDS=({' '.join(words)})", f"COMP_CWORD={len(words) - 1}", "_swiftlet",
                          'printf "%s\\n" "${COMPREPLY[@]}"'])
        return subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True).stdout.split()

    check(offered("swiftlet", "ver") == ["verify"], "verbs are completed")
    check(offered("swiftlet", "map", "b") == ["build"], "and what follows them")
    check(offered("swiftlet", "plan", "--obj") == ["--objective"], "and options")
    run("completion", "zsh")
    check(b"-n '__fish_seen_subcommand_from map' -a build" in run("completion", "fish"), "in fish too")
    run("completion", "csh", expect=2, says="csh")


def doctor(folder):
    told = json.loads(run("--json", "doctor", "--dir", folder))
    check({f["what"] for f in told["findings"]} >= {"confined reading", "GIS formats", "synced write", "clock"},
          "the doctor tells what it tried")
    check(not list(folder.iterdir()), "and leaves nothing behind")
    run("doctor", "--dir", folder / "nowhere", expect=3, says="no such directory")


def configuration(folder):
    """What `config init` writes is what `serve` takes, once there is a key; what is wrong is found without serving."""
    file = folder / "serve.toml"
    run("config", "init", "--out", file)
    run("config", "init", "--out", file, expect=3, says="not overwritten")
    text = file.read_text().replace("maps/regions/harbour", str(REGION.parent))
    text = text.replace('"keys"', f'"{folder}/keys"').replace('"swiftlet-data"', f'"{folder}/data"')
    for port in ("7001", "7002"):
        text = text.replace(f"127.0.0.1:{port}", "127.0.0.1:*")
    text = text.replace("127.0.0.1:7080", "127.0.0.1:0")
    file.write_text(text)
    run("config", "check", file, expect=3, says="swiftlet keys create server server")
    run("keys", "create", "server", "server", "--dir", folder / "keys")
    check(b": ok: 1 drones" in run("config", "check", file), "a sound configuration is said to be")
    check(not (folder / "data").exists(), "and checking writes nothing")
    file.write_text(text.replace('"H1"', '"H99"'))
    problems = json.loads(run("--json", "config", "check", file, expect=3))["problems"]
    check("H99" in problems[0]["message"], "an unknown home pad is named")
    file.write_text(text.replace("rate_per_s", "rate_per_sec"))
    run("config", "check", file, expect=3, says="rate_per_s")
    file.write_text(text)
    return file


def replay(folder, config):
    """A journal written by a service that has stopped, told record by record."""
    service = subprocess.Popen([SWIFTLET, "serve", "--config", config], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        check(json.loads(service.stdout.readline())["ready"], "the service is ready")
        run("replay", folder / "data", expect=3, says="another instance")
    finally:
        service.terminate()
        service.communicate(timeout=30)
    lines = run("replay", folder / "data").decode().splitlines()
    check(json.loads(lines[0])["kind"] == "service_started", f"the first record begins an epoch: {lines[:1]}")
    told = json.loads(run("--json", "replay", folder / "data", "--quiet"))
    check(told["records"] == len(lines) and told["state_hash"].startswith("sha256:"), f"the sum is right: {told}")
    check(not run("replay", folder / "data", "--to", "2020-01-01T00:00:00Z"), "times are kept to")
    run("replay", folder / "data", "--from", "yesterday", expect=3, says="yesterday")
    run("replay", folder / "nowhere", expect=3, says="no journal there")
    check(not (folder / "nowhere").exists(), "and nothing is made where there is none")


if __name__ == "__main__":
    usage()
    completion()
    with tempfile.TemporaryDirectory() as name:
        doctor(pathlib.Path(name))
        replay(pathlib.Path(name), configuration(pathlib.Path(name)))
    with tempfile.TemporaryDirectory() as name:
        run("map", "build", REGION, "--out", f"{name}/airspace")
        route = batches(f"{name}/airspace")
        lies(route)
        unjudged(route)
        output_that_nobody_gets(f"{name}/airspace", pathlib.Path(name), route)
        numbers_that_are_none(f"{name}/airspace", pathlib.Path(name), route)
        a_device_is_written_to_and_never_replaced(pathlib.Path(name), route)
        exports_are_judged(pathlib.Path(name), route)
    print(f"{checks} checks hold")
