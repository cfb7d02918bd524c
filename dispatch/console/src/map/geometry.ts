import type { RoutePoint } from '../live/model';

const M_PER_DEG = 111_320;

/** Metres east and north of an origin; good to a metre over a region. For drawing, never for proofs. */
export function local(origin: [number, number], p: readonly number[]): [number, number] {
  return [
    (p[0]! - origin[0]) * M_PER_DEG * Math.cos((origin[1] * Math.PI) / 180),
    (p[1]! - origin[1]) * M_PER_DEG,
  ];
}

export function lonlat(origin: [number, number], [x, y]: [number, number]): [number, number] {
  return [origin[0] + x / M_PER_DEG / Math.cos((origin[1] * Math.PI) / 180), origin[1] + y / M_PER_DEG];
}

/** The part of a route that is still to be flown, from the place on it nearest to the drone. */
export function remaining(route: RoutePoint[], at: [number, number] | null): RoutePoint[] {
  if (!at || route.length < 2) return route;
  let best = Infinity;
  let from = 0;
  let split: RoutePoint = route[0]!;
  for (let i = 0; i + 1 < route.length; i++) {
    const a = local(at, route[i]!);
    const b = local(at, route[i + 1]!);
    const d = [b[0] - a[0], b[1] - a[1]] as const;
    const length2 = d[0] ** 2 + d[1] ** 2;
    const f = length2 > 0 ? Math.max(0, Math.min(1, -(a[0] * d[0] + a[1] * d[1]) / length2)) : 0;
    const away = Math.hypot(a[0] + f * d[0], a[1] + f * d[1]);
    if (away < best - 1e-6) {
      best = away;
      from = i;
      split = route[i]!.map((v, k) => v + f * (route[i + 1]![k]! - v)) as RoutePoint;
    }
  }
  return [split, ...route.slice(from + 1)];
}

/** The corridor of a route as boxes over the ground, one a stretch: what the flight keeps for itself. */
export function corridor(route: RoutePoint[], side_m: number, above_m: number): GeoJSON.Feature[] {
  const boxes: GeoJSON.Feature[] = [];
  for (let i = 0; i + 1 < route.length; i++) {
    const [a, b] = [route[i]!, route[i + 1]!];
    const origin: [number, number] = [a[0], a[1]];
    const [x, y] = local(origin, b);
    const length = Math.hypot(x, y);
    if (length < 0.5) continue;
    const [nx, ny] = [(-y / length) * side_m, (x / length) * side_m];
    const ring = ([[nx, ny], [x + nx, y + ny], [x - nx, y - ny], [-nx, -ny], [nx, ny]] as [number, number][]).map((p) =>
      lonlat(origin, p),
    );
    boxes.push({
      type: 'Feature',
      properties: { base: Math.max(0, Math.min(a[4], b[4]) - above_m), top: Math.max(a[4], b[4]) + above_m },
      geometry: { type: 'Polygon', coordinates: [ring] },
    });
  }
  return boxes;
}
