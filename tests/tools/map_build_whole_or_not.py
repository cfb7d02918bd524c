#!/usr/bin/python3
"""A build that fails or is killed leaves the older airspace as it was.

    map_build_whole_or_not.py SWIFTLET REGION.toml

Builds once; then builds again under every limit on file size that cuts one of its files, and killed (SIGKILL, SIGINT,
SIGTERM) at moments spread over its run. After each the older airspace must check out byte for byte, and nothing may be
left beside it after the next whole build."""
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time

SWIFTLET, REGION = sys.argv[1:3]


def build_command(out: pathlib.Path) -> list[str]:
    return [SWIFTLET, "map", "build", REGION, "--out", str(out)]


def contents(directory: pathlib.Path) -> dict[str, bytes]:
    return {str(f.relative_to(directory)): f.read_bytes() for f in sorted(directory.rglob("*")) if f.is_file()}


def require(holds: bool, what: str) -> None:
    if not holds:
        sys.exit(f"map_build_whole_or_not: {what}")


def check(out: pathlib.Path, before: dict[str, bytes], after_what: str) -> None:
    require(contents(out) == before, f"the older airspace has changed after {after_what}")
    done = subprocess.run([SWIFTLET, "map", "check", str(out)], capture_output=True, text=True)
    require(done.returncode == 0, f"the older airspace does not check out after {after_what}: {done.stdout}")


def under_small_file_limit(out: pathlib.Path, before: dict[str, bytes]) -> None:
    sizes = sorted({len(data) for data in before.values()})
    for limit in [4096, sizes[-2] - 1, sizes[-1] - 1]:
        done = subprocess.run(build_command(out), capture_output=True, text=True,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        require(done.returncode not in (0,), f"a build succeeded that may write files of {limit} bytes only")
        require("swiftlet:" in done.stderr, f"a build under a limit of {limit} bytes failed and did not say why")
        check(out, before, f"a limit of {limit} bytes a file")


def killed(out: pathlib.Path, before: dict[str, bytes], seconds: float) -> None:
    ended = {signal.SIGKILL: 0, signal.SIGINT: 0, signal.SIGTERM: 0}
    for k in range(6):
        how = list(ended)[k % 3]
        build = subprocess.Popen(build_command(out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds * (k + 0.5) / 8)
        build.send_signal(how)
        status = build.wait()
        # A build that was done before the signal came has put the same bytes in place.
        ended[how] += status != 0
        if how == signal.SIGINT and status != 0:
            require(status in (130, -signal.SIGINT), f"interrupted, the build ended with {status}")
        time.sleep(0.3)  # the reading process may outlive its parent by a moment
        check(out, before, f"{how.name} at {k}")
    require(all(ended.values()), f"no build was still running when it was killed: {ended}")


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        out = pathlib.Path(directory) / "airspace"
        began = time.monotonic()
        subprocess.run(build_command(out), check=True, capture_output=True)
        seconds = time.monotonic() - began
        before = contents(out)
        under_small_file_limit(out, before)
        killed(out, before, seconds)
        subprocess.run(build_command(out), check=True, capture_output=True)
        require([f.name for f in out.parent.iterdir()] == ["airspace"],
                f"something was left beside the airspace: {list(out.parent.iterdir())}")
        check(out, before, "another build")
    with tempfile.TemporaryDirectory() as directory:
        for name in ("bare", "slash/", "./dotted", "new/deep"):
            subprocess.run(build_command(name), check=True, capture_output=True, cwd=directory)
            require((pathlib.Path(directory) / name / "airspace.bin").is_file(), f"--out {name} makes {name}")


main()
