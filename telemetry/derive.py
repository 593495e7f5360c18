"""Derives telemetry/simbench/ from the PyPI wheel of SimBench. Python 3 standard library only; the same bytes on every run.

    python3 telemetry/derive.py                 derive again, in place
    python3 telemetry/derive.py --out DIR       derive into another folder
    python3 telemetry/derive.py --wheel FILE    use a wheel that is already here (its hash is checked all the same)

Sums of floats go through math.fsum, which is correctly rounded, so no Python version or platform moves a digit.
"""

import argparse
import collections
import csv
import datetime
import gzip
import hashlib
import io
import json
import math
import operator
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

VERSION = "1.6.3"
SHA256 = "8b48bdab2445286a96649eb18bb09476d000a0e212fd57fdba83399df54af4de"
TABLES = "simbench/networks/1-complete_data-mixed-all-0-sw/"
HOURS = 8784
# Row 0 of LoadProfile is 2016-01-01 00:00 in Berlin, 23:00 UTC; its hour ends at midnight UTC.
FIRST_HOUR_ENDS = datetime.datetime(2016, 1, 1)
MAX_CORRELATION = 0.99
MIN_MEAN_KW = 1.0
# The coarsest step, as a share of the station's mean: a hundred times below the smallest unpredictable part (10 % of the mean).
ROUNDING = 1 / 1_000

LV_SETTING = {"1": "rural", "2": "rural", "3": "rural", "4": "semi-urban", "5": "semi-urban", "6": "urban"}
MV_SETTING = {"1": "rural", "2": "semi-urban", "3": "urban", "4": "commercial"}

Point = collections.namedtuple("Point", "station_id name kind region node rated_kva load")


def fetch(folder):
    pin = pathlib.Path(folder, "requirements.txt")
    pin.write_text(f"simbench=={VERSION} --hash=sha256:{SHA256}\n")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--ignore-requires-python"]
    subprocess.run([*pip, *options, "--dest", folder, "--requirement", str(pin)], check=True)
    return next(pathlib.Path(folder).glob("simbench-*.whl"))


def opened(wheel):
    with open(wheel, "rb") as file:
        found = hashlib.sha256(file.read()).hexdigest()
    if found != SHA256:
        sys.exit(f"{wheel}: its sha256 is {found}, not {SHA256}; it is not simbench {VERSION}")
    return zipfile.ZipFile(wheel)


def rows(wheel, table):
    return csv.reader(io.TextIOWrapper(wheel.open(f"{TABLES}{table}.csv"), encoding="utf-8"), delimiter=";")


def records(wheel, table):
    lines = rows(wheel, table)
    Row = collections.namedtuple("Row", next(lines))
    return [Row(*line) for line in lines]


def hourly_profiles(wheel):
    """Active power per profile, the mean of the hour's four quarters."""
    lines = rows(wheel, "LoadProfile")
    header = next(lines)
    columns = [i for i, name in enumerate(header) if name.endswith("_pload")]
    hours = {header[i].removesuffix("_pload"): [] for i in columns}
    quarters = [[float(line[i]) for i in columns] for line in lines]
    if len(quarters) != 4 * HOURS:
        sys.exit(f"LoadProfile has {len(quarters)} rows, not {4 * HOURS}")
    for k in range(0, len(quarters), 4):
        for hour, four in zip(hours.values(), zip(*quarters[k : k + 4])):
            hour.append(math.fsum(four) / 4)
    return hours


class Grid:
    """Which loads hang where."""

    def __init__(self, wheel):
        self.loads, self.nodes = records(wheel, "Load"), records(wheel, "Node")
        self.transformers = records(wheel, "Transformer")
        self.mva = {t.id: float(t.sR) for t in records(wheel, "TransformerType")}
        self.places = {c.id: c for c in records(wheel, "Coordinates")}
        self.node = {n.id: n for n in self.nodes}
        self.at = collections.defaultdict(list)
        for load in self.loads:
            self.at[load.node].append(load)
        # Dictionaries, not sets: the order of the file, so that feeders get the same numbers every time.
        self.beside = collections.defaultdict(dict)
        closed = [s for s in records(wheel, "Switch") if s.cond == "1"]
        for edge in records(wheel, "Line") + closed:
            self.beside[edge.nodeA][edge.nodeB] = self.beside[edge.nodeB][edge.nodeA] = True

    def load_of(self, nodes):
        """kW per unit of each profile."""
        parts = collections.defaultdict(list)
        for node in nodes:
            for load in self.at[node]:
                parts[load.profile].append(1000 * float(load.pLoad))
        return {profile: math.fsum(kw) for profile, kw in sorted(parts.items())}

    def flood(self, start, without=None):
        """What is connected to `start` by lines and closed switches when the node `without` is taken out."""
        seen, ahead = {start: True}, [start]
        while ahead:
            for node in self.beside[ahead.pop()]:
                if node not in seen and node != without:
                    seen[node] = True
                    ahead.append(node)
        return list(seen)


def customers(grid):
    for load in grid.loads:
        if load.voltLvl == "5" and not load.profile.startswith(("lv_", "mv_")):
            mv = load.node.split(" ")[0]
            number = re.search(r"\d+$", load.id)
            station_id = f"{mv}-Load-{number[0] if number else 'busbar'}"
            name = f"Customer {load.profile} of {mv}"
            kva = 1000 * float(load.sR)
            yield Point(station_id, name, "mv-customer", MV_SETTING[mv[2]], load.node, kva, {load.profile: 1000 * float(load.pLoad)})


def lv_stations(grid):
    for t in grid.transformers:
        if t.voltLvl == "6":
            kva = 1000 * grid.mva[t.type]
            yield Point(t.subnet, f"Secondary substation {t.subnet}", "lv-station", LV_SETTING[t.subnet[2]], t.nodeLV, kva, grid.load_of(grid.flood(t.nodeLV)))


def lv_feeders(grid):
    for t in grid.transformers:
        if t.voltLvl != "6":
            continue
        bus = next(n for n in grid.beside[t.nodeLV] if grid.node[n].type == "busbar")
        seen, number = {t.nodeLV}, 0
        for start in grid.beside[bus]:
            if start in seen:
                continue
            feeder = grid.flood(start, without=bus)
            seen.update(feeder)
            load = grid.load_of(feeder)
            if load:
                number += 1
                yield Point(f"{t.subnet}-Feeder-{number}", f"Feeder {number} of {t.subnet}", "lv-feeder", LV_SETTING[t.subnet[2]], start, None, load)


def mv_nodes(grid):
    for node in grid.nodes:
        if node.voltLvl == "5" and grid.at[node.id]:
            yield Point(node.id.replace(" ", "-"), f"Node {node.id}", "mv-node", MV_SETTING[node.id[2]], node.id, None, grid.load_of([node.id]))


def mv_substations(grid):
    by_grid = collections.defaultdict(list)
    for node in grid.nodes:
        if node.voltLvl == "5" and node.subnet.startswith("MV"):
            by_grid[node.subnet.split("_")[0]].append(node)
    for mv, nodes in by_grid.items():
        kva = 1000 * math.fsum(grid.mva[t.type] for t in grid.transformers if t.voltLvl == "4" and t.subnet == mv)
        busbar = next(n.id for n in nodes if n.type == "busbar")
        yield Point(mv, f"Primary substation {mv}", "mv-substation", MV_SETTING[mv[2]], busbar, kva, grid.load_of(n.id for n in nodes))


def mv_feeders(grid):
    """By SimBench's own label. Nodes whose low-voltage grid is modelled in full bear another one and are left out."""
    feeders = collections.defaultdict(list)
    for node in grid.nodes:
        if node.voltLvl == "5" and re.fullmatch(r"MV\d\.\d+_Feeder\d+", node.subnet):
            feeders[node.subnet].append(node.id)
    for label in sorted(feeders):
        mv, number = label.split("_Feeder")
        part = " (its nodes without a detailed low-voltage grid)" if mv.endswith(".101") else ""
        name = f"Feeder {number} of {mv}{part}"
        first = feeders[label][0]
        yield Point(f"{mv}-Feeder-{number}", name, "mv-feeder", MV_SETTING[mv[2]], first, None, grid.load_of(feeders[label]))


def ehv_loads(grid):
    for load in grid.loads:
        if re.match(r"HS\d", load.profile):
            kva = 1000 * float(load.sR)
            yield Point(load.id.replace(" ", "-"), f"{load.id} (profile {load.profile})", "ehv-load", "transmission", load.node, kva, {load.profile: 1000 * float(load.pLoad)})


def covariances(profiles):
    mean = {p: math.fsum(x) / HOURS for p, x in profiles.items()}
    centred = {p: [v - mean[p] for v in x] for p, x in profiles.items()}
    table = {}
    for p, x in centred.items():
        for q, y in centred.items():
            table[p, q] = table[q, p] if (q, p) in table else math.fsum(map(operator.mul, x, y)) / HOURS
    return mean, table


def kept(points, profiles):
    """The points that differ from all kept before them. A series is linear in its profiles, so their covariances suffice."""
    mean, cov = covariances(profiles)
    product = lambda a, b: math.fsum(x * y * cov[p, q] for p, x in a.items() for q, y in b.items())
    chosen, seen = [], set()
    for point in points:
        total = math.fsum(point.load.values())
        shape = tuple((p, round(kw / total, 9)) for p, kw in point.load.items()) if total else ()
        mean_kw = math.fsum(kw * mean[p] for p, kw in point.load.items())
        if mean_kw <= MIN_MEAN_KW or shape in seen:
            continue
        seen.add(shape)
        spread = math.sqrt(product(point.load, point.load))
        if all(product(point.load, other.load) < MAX_CORRELATION * spread * s for other, s, _ in chosen):
            chosen.append((point, spread, mean_kw))
    return [(point, mean_kw) for point, _, mean_kw in chosen]


def series(point, mean_kw, profiles):
    decimals = -math.floor(math.log10(mean_kw * ROUNDING))
    columns = [profiles[p] for p in point.load]
    weights = list(point.load.values())
    values = [math.fsum(map(operator.mul, weights, cells)) for cells in zip(*columns)]
    if min(values) < 0:
        sys.exit(f"{point.station_id}: gross load of {min(values)} kW is negative")
    return [f"{round(v, decimals):.{max(0, decimals)}f}" for v in values]


def stations_csv(grid, chosen):
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["station_id", "name", "kind", "region", "tz", "lat", "lon", "rated_kva"])
    for p, _ in chosen:
        place = grid.places[grid.node[p.node].coordID]
        rated = "" if p.rated_kva is None else f"{p.rated_kva:.10g}"
        table.writerow([p.station_id, p.name, p.kind, p.region, "Europe/Berlin", place.y, place.x, rated])
    return text.getvalue()


def observations_csv(chosen, profiles):
    columns = [series(point, mean_kw, profiles) for point, mean_kw in chosen]
    lines = [",".join(["time_utc", *(point.station_id for point, _ in chosen)])]
    for hour, cells in enumerate(zip(*columns)):
        time = FIRST_HOUR_ENDS + datetime.timedelta(hours=hour)
        lines.append(",".join([time.strftime("%Y-%m-%dT%H:%MZ"), *cells]))
    return "\n".join(lines) + "\n"


def description(observations):
    return {
        "name": "SimBench load series, 2016",
        "unit": "kW",
        "hour": "ending",
        "time_zone": "UTC",
        "licence": "ODbL-1.0 (database), DbCL-1.0 (contents)",
        "attribution": "Contains information from SimBench, made available under ODbL 1.0. University of Kassel, TU Dortmund, RWTH Aachen University, Fraunhofer IEE.",
        "source": f"PyPI wheel simbench {VERSION}, sha256 {SHA256}, {TABLES}",
        "observations_csv_sha256": hashlib.sha256(observations).hexdigest(),
        "quality": [
            "Modelled load from measured profiles, gross (generation not subtracted); no gaps, no negative values.",
            "Stations nest (a feeder is part of its substation) and share profiles: never sum them; no two correlate by 0.99 or more.",
            "Each hour is the mean of its four quarters. Rounded to a power of ten that is at most 1/1,000 of the station's mean.",
            "Residual noise after the weekly profile: 0.10 (EHV load) to 0.37 (LV feeder) of the mean.",
            "EHV profiles repeat 12 days. EHV-Load-38 is an outlier.",
            "lat and lon are SimBench's synthetic places; region is the kind of settlement.",
        ],
    }


def main():
    parser = argparse.ArgumentParser(description="Derive the embedded telemetry from the SimBench wheel.")
    parser.add_argument("--out", default=pathlib.Path(__file__).parent / "simbench", type=pathlib.Path)
    parser.add_argument("--wheel", type=pathlib.Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wheel = opened(args.wheel or fetch(folder))
        grid, profiles = Grid(wheel), hourly_profiles(wheel)
    # The order decides which of two equals is kept: the smallest and most various kinds go first, aggregates of them later.
    kinds = [customers, lv_stations, lv_feeders, mv_nodes, mv_substations, mv_feeders, ehv_loads]
    used = {p: profiles[p] for p in sorted({load.profile for load in grid.loads})}
    chosen = kept((point for kind in kinds for point in kind(grid)), used)
    observations = observations_csv(chosen, used).encode()
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "stations.csv").write_text(stations_csv(grid, chosen), encoding="utf-8", newline="\n")
    (args.out / "observations.csv.gz").write_bytes(gzip.compress(observations, compresslevel=9, mtime=0))
    (args.out / "telemetry.json").write_text(json.dumps(description(observations), indent=2) + "\n", encoding="utf-8", newline="\n")
    counts = collections.Counter(point.kind for point, _ in chosen)
    print(f"{args.out}: {len(chosen)} stations, {HOURS} hours; {dict(counts)}")


if __name__ == "__main__":
    main()
