#!/usr/bin/env python3
"""Fails where an include follows an arrow that the rooms do not allow.

Two rules, both read off the #include lines of the tree:
 1. A room includes only the rooms named for it below.
 2. The header of a heavy library is included only in the room that owns it, and is not reachable from any header
    that another room includes.
"""
import pathlib
import re
import sys

# room: rooms it may include besides itself. The longest matching name is a file's room.
ROOMS = {
    "geo": [],
    "maps": ["geo", "maps/intake"],
    "maps/fetch": ["geo"],
    "maps/intake": ["geo"],
    "maps/referee": ["geo", "maps", "maps/intake"],
    "planner": ["geo", "planner/ompl"],
    "planner/ompl": ["geo"],
    "dispatch/protocol": ["planner", "geo"],
    "dispatch/core": ["dispatch/protocol", "planner", "geo"],
    "dispatch/store": ["dispatch/core", "dispatch/protocol", "geo"],
    "dispatch/keys": ["geo"],
    "dispatch/drone_link": ["dispatch/keys", "planner", "geo"],
    "dispatch/mavlink": ["dispatch/drone_link", "planner", "geo"],
    "dispatch/clients": ["dispatch/keys", "geo"],
    "dispatch/webhooks": ["geo"],
    "dispatch/gateway": ["dispatch/core", "dispatch/protocol", "planner", "geo"],
    "dispatch/service": ["dispatch/core", "dispatch/gateway", "dispatch/keys", "dispatch/protocol", "dispatch/store", "dispatch/webhooks", "planner", "geo", "maps", "maps/referee"],
    "sim": ["dispatch/core", "dispatch/drone_link", "dispatch/protocol", "planner", "geo"],
    "tools": ["geo", "maps", "maps/fetch", "maps/intake", "maps/referee", "planner", "planner/ompl", "dispatch/protocol", "dispatch/core",
              "dispatch/clients", "dispatch/drone_link", "dispatch/gateway", "dispatch/keys", "dispatch/mavlink", "dispatch/store", "dispatch/service",
              "dispatch/webhooks", "sim"],
    "tools/python": ["tools", "geo", "maps", "maps/referee", "planner", "sim"],
}
# The referee shares no geometry with what it judges: of geo and maps it may see only these.
REFEREE_MAY_SEE = {
    "geo/config_table.hpp", "geo/content_hash.hpp", "geo/error.hpp", "geo/geo_point.hpp", "geo/policy.hpp",
    "geo/referee.hpp", "geo/utc_time.hpp", "geo/wind.hpp", "maps/intake/json_source.hpp",
    "maps/intake/linked_crs.hpp", "maps/intake/source_file.hpp",
    "maps/region_manifest.hpp",
}
# library: (pattern of its headers, rooms that may include them)
HEAVY = {
    "GDAL": (r"^(gdal|ogr|cpl_)[a-z_]*\.h$", ["maps", "maps/fetch", "maps/referee"]),
    "GEOS": (r"^geos(_c)?\.h$|^geos/", ["maps", "maps/referee"]),
    "OMPL": (r"^ompl/", ["planner/ompl"]),
    "ZeroMQ": (r"^zmq(\.hpp|_addon\.hpp|\.h)$", ["dispatch/clients", "dispatch/drone_link", "dispatch/keys", "dispatch/service"]),
    "SQLite": (r"^sqlite3\.h$", ["dispatch/store"]),
    "libcurl": (r"^curl/", ["dispatch/webhooks", "maps/fetch"]),
    "librsvg and cairo": (r"^(librsvg/|cairo\.h$|glib\.h$)", ["tools"]),
    "libseccomp": (r"^seccomp\.h$", ["maps/intake"]),
    "pybind11": (r"^pybind11/", ["tools/python"]),
    "libpng": (r"^png\.h$", ["dispatch/gateway"]),
    "toml++": (r"^toml\+\+/", ["geo", "maps"]),
    "Boost.Beast": (r"^boost/(beast|asio)", ["dispatch/gateway"]),
    "OpenSSL": (r"^openssl/", ["dispatch/gateway"]),
}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.MULTILINE)


def room_of(path: str) -> str | None:
    fitting = [room for room in ROOMS if path.startswith(room + "/")]
    return max(fitting, key=len) if fitting else None


def problems_in(files: dict[str, list[str]]) -> list[str]:
    """files: path in the tree -> what it includes. Returns one line a forbidden arrow."""
    problems = []
    own = set(files)

    def heavy_reached(path: str, seen: set[str]) -> set[str]:
        reached = set()
        for include in files.get(path, []):
            reached |= {lib for lib, (pattern, _) in HEAVY.items() if re.search(pattern, include)}
            if include in own and include not in seen:
                seen.add(include)
                reached |= heavy_reached(include, seen)
        return reached

    for path, includes in sorted(files.items()):
        room = room_of(path)
        if room is None:
            continue
        for include in includes:
            for lib, (pattern, owners) in HEAVY.items():
                if re.search(pattern, include) and room not in owners:
                    problems.append(f"{path}: {lib} ({include}) belongs to {', '.join(owners)}")
            target = room_of(include) if include in own else None
            if target is None or target == room:
                continue
            if target not in ROOMS[room]:
                problems.append(f"{path}: {room} may not include {include}")
            if room == "maps/referee" and include not in REFEREE_MAY_SEE:
                problems.append(f"{path}: the referee may not share {include} with what it judges")
            for lib in sorted(heavy_reached(include, {include})):
                problems.append(f"{path}: {include} brings {lib} into {room}")
    return problems


def read_tree(root: pathlib.Path) -> dict[str, list[str]]:
    files = {}
    for room in sorted({room.split("/")[0] for room in ROOMS}):
        for suffix in ("*.hpp", "*.cpp"):
            for path in (root / room).rglob(suffix):
                if "node_modules" not in path.parts:
                    files[path.relative_to(root).as_posix()] = INCLUDE.findall(path.read_text(encoding="utf-8"))
    return files


def self_test() -> None:
    """The rules must catch what they are for."""
    for files in (
        {"geo/a.cpp": ["maps/b.hpp"], "maps/b.hpp": []},
        {"planner/a.cpp": ["ompl/base/State.h"]},
        {"tools/a.cpp": ["maps/b.hpp"], "maps/b.hpp": ["maps/c.hpp"], "maps/c.hpp": ["gdal_priv.h"]},
        {"maps/referee/a.cpp": ["geo/polygon.hpp"], "geo/polygon.hpp": []},
    ):
        assert problems_in(files), f"not caught: {files}"
    assert not problems_in({"maps/a.cpp": ["geo/b.hpp", "gdal_priv.h"], "geo/b.hpp": []})


def main() -> int:
    self_test()
    files = read_tree(pathlib.Path(sys.argv[1]))
    allowed_top = {"planner", "geo", "dispatch", "maps", "sim", "tests", "tools"}
    problems = problems_in(files)
    problems += [f"{d.name}/: not one of the rooms" for d in pathlib.Path(sys.argv[1]).iterdir()
                 if d.is_dir() and not d.name.startswith(".") and d.name not in allowed_top | {"build", "install"}]
    problems += [f"{path}: a name that names nothing" for path in files
                 if re.search(r"(^|/)(utils?|misc|helpers?|common)(\.|/|_)", path)]
    problems += [f"{path}: {n} lines, at most 800" for path in files
                 if (n := len((pathlib.Path(sys.argv[1]) / path).read_text(encoding="utf-8").splitlines())) > 800]
    print("\n".join(problems) or f"{len(files)} files, {sum(map(len, files.values()))} includes, no forbidden arrow")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
