#!/usr/bin/python3
"""Fits the power model of planner/energy.hpp to flown flights, and says how good it is on flights it has not seen.

  fit_flights.py FLIGHTS.csv                     the fit, and a line a flight, each predicted without itself
  fit_flights.py FLIGHTS.csv --check VEHICLE.toml  also fails where the profile does not carry the fitted values, or where
                                                 the errors are above the bars

Columns of FLIGHTS.csv: flight, time_s, airspeed_m_s, vertical_speed_m_s, air_density_kg_m3, payload_kg, power_w.
Model: P = W·v_i(V) / efficiency + profile_drag · rho · V² + ½ · rho · drag_area · V³ / efficiency
           + climb_share · W · max(0, climb) / efficiency + avionics.
Energy of a flight is the trapezoid rule over its samples. What is fitted: all five numbers, none below zero, for the
least sum of absolute relative errors of the flights' energy (linear programming). On the M100's flights three of the five
come out as zero: what is left is an efficiency and the profile's drag. No number belongs to a flight.
"""
import argparse
import csv
import json
import math
import subprocess
import sys
import tomllib

import numpy as np
from scipy.optimize import linprog

GRAVITY_M_S2 = 9.80665
MEAN_BAR, P90_BAR = 0.021, 0.043
COVER_LEAST, COVER_MOST = 0.85, 0.95
NAMES = ("efficiency", "profile_drag", "drag_area", "climb_share", "avionics")


def read_flights(path):
    flights = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            flights.setdefault(row["flight"], []).append(row)

    def column(rows, name):
        return np.array([float(row[name]) for row in rows])
    names = ("time_s", "airspeed_m_s", "vertical_speed_m_s", "air_density_kg_m3", "payload_kg", "power_w")
    return {flight: {name: column(rows, name) for name in names} for flight, rows in flights.items()}


def induced_speed_m_s(airspeed, weight, density, disc_area):
    hover2 = weight / (2 * density * disc_area)
    return np.sqrt(2 * hover2**2 / (airspeed**2 + np.sqrt(airspeed**4 + 4 * hover2**2)))


def terms_j(flight, mass_kg, disc_area_m2):
    """The energy that each term of the model takes at a factor of one, and the energy that was measured."""
    t, v, rho = flight["time_s"], flight["airspeed_m_s"], flight["air_density_kg_m3"]
    weight = (mass_kg + flight["payload_kg"]) * GRAVITY_M_S2
    powers = (weight * induced_speed_m_s(v, weight, rho, disc_area_m2), rho * v**2, 0.5 * rho * v**3,
              weight * np.maximum(0, flight["vertical_speed_m_s"]), np.ones_like(v))
    return np.array([np.trapz(p, t) for p in powers]), np.trapz(flight["power_w"], t)


def fit(terms, measured):
    """Factors >= 0 with the least sum of absolute relative errors."""
    relative = terms / measured[:, None]
    n, k = relative.shape
    answer = linprog(np.concatenate([np.zeros(k), np.ones(2 * n)]), A_eq=np.hstack([relative, np.eye(n), -np.eye(n)]),
                     b_eq=np.ones(n), bounds=[(0, None)] * (k + 2 * n), method="highs")
    return answer.x[:k]


def percentile_90(values):
    return sorted(values)[math.ceil(0.9 * len(values)) - 1]


def profile_values(factors):
    """The factors as the vehicle's profile names them."""
    efficiency = 1 / factors[0]
    return {"hover_efficiency": efficiency, "profile_drag_m3_s": factors[1], "drag_area_m2": factors[2] * efficiency,
            "climb_share": factors[3] * efficiency, "avionics_power_w": factors[4]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("flights")
    parser.add_argument("--mass-kg", type=float, default=3.68, help="without payload")
    parser.add_argument("--disc-area-m2", type=float, default=0.364, help="all rotors")
    parser.add_argument("--check", metavar="VEHICLE.toml")
    parser.add_argument("--swiftlet", metavar="PROGRAM", help="must say the same as this tool's model; needs --check")
    args = parser.parse_args()

    flights = read_flights(args.flights)
    pairs = [terms_j(f, args.mass_kg, args.disc_area_m2) for f in flights.values()]
    terms, measured = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])

    errors = []
    for left_out in range(len(measured)):
        others = np.arange(len(measured)) != left_out
        errors.append(terms[left_out] @ fit(terms[others], measured[others]) / measured[left_out] - 1)
    sizes = np.abs(errors)
    print(f"{'flight':>7} {'payload':>8} {'measured':>9} {'predicted':>9} {'error':>7}")
    for (name, flight), energy, error in zip(flights.items(), measured, errors):
        print(f"{name:>7} {flight['payload_kg'][0]:6.2f} kg {energy / 3600:6.2f} Wh {energy * (1 + error) / 3600:6.2f} Wh "
              f"{100 * error:+6.2f} %")
    # A flight's interval comes from the errors of the others.
    inside = [size <= percentile_90(np.delete(sizes, k)) for k, size in enumerate(sizes)]
    mean, p90, cover = sizes.mean(), percentile_90(sizes), float(np.mean(inside))
    print(f"{len(sizes)} flights, each predicted without itself: mean {100 * mean:.2f} % (bar {100 * MEAN_BAR:.1f}), "
          f"P90 {100 * p90:.2f} % (bar {100 * P90_BAR:.1f}); the 90 % interval covers {100 * cover:.1f} %")
    values = profile_values(fit(terms, measured))
    values["energy_interval_share"] = p90
    for name, value in values.items():
        print(f"{name} = {value:.4g}")

    ok = mean <= MEAN_BAR and p90 <= P90_BAR and COVER_LEAST <= cover <= COVER_MOST
    if args.check:
        with open(args.check, "rb") as file:
            power = tomllib.load(file)["power"]
        for name, value in values.items():
            if abs(power[name] - value) > 0.002 * abs(value) + 1e-6:
                print(f"{args.check}: {name} is {power[name]}, fitted is {value:.4g}")
                ok = False
    if args.swiftlet:
        said = json.loads(subprocess.run([args.swiftlet, "predict", "--energy", args.flights, "--vehicle", args.check,
                                          "--json"], check=True, capture_output=True, text=True).stdout)["flights"]
        model = terms @ fit(terms, measured) / 3600
        worst = max(abs(line["energy_wh"] / energy - 1) for line, energy in zip(said, model, strict=True))
        inside = np.mean([line["p05_wh"] <= energy / 3600 <= line["p95_wh"] for line, energy in zip(said, measured)])
        print(f"swiftlet predict --energy says the same within {100 * worst:.3f} %; its interval covers {100 * inside:.1f} %")
        ok = ok and worst < 1e-3 and COVER_LEAST <= inside <= COVER_MOST
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
