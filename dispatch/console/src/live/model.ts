// What the service tells of its things: the gateway's picture_json.cpp is the other side of this file.

export type DroneState = 'ready' | 'warning' | 'not_ready' | 'flying' | 'landing' | 'lost';

export interface Drone {
  id: string;
  profile: string;
  home_pad: string;
  state: DroneState;
  link: 'fresh' | 'stale' | 'lost' | 'silent';
  heard_at: string | null;
  battery_wh: number;
  battery_share: number;
  battery_reserve_wh: number;
  awaiting_swap?: boolean;
  withdrawn?: string;
  maintenance?: string;
  steer?: string;
  steer_cause?: string;
  flight_id?: string;
  order_id?: string;
  purpose?: string;
  leg_phase?: string;
  lon?: number;
  lat?: number;
  alt_msl_m?: number;
  speed_m_s?: number;
  climb_m_s?: number;
  heading_deg?: number;
  phase?: string;
  payload_kg?: number;
  sent_at?: string;
}

export interface Stop {
  pad?: string;
  lon?: number;
  lat?: number;
}

export interface Order {
  id: string;
  merchant: string;
  client_order_id: string;
  state: string;
  live: boolean;
  drone?: string;
  flight_id?: string;
  pickup: Stop;
  dropoff: Stop;
  mass_kg: number;
  priority: number;
  created_at: string;
  ready_at: string;
  due_at: string;
  promised_eta: string;
  promised_p95: string;
  pickup_eta?: string;
  delivered_at?: string;
  risk: number;
  cause?: string;
  eta?: string;
  p05?: string;
  p10?: string;
  p90?: string;
  p95?: string;
}

/** lon, lat, altitude above the datum, seconds since departure, height above the ground. */
export type RoutePoint = [number, number, number, number, number];

export interface Flight {
  id: string;
  order_id: string;
  drone: string;
  leg_index: number;
  phase: string;
  phase_since: string;
  legs: { purpose: string; from: Stop; to: Stop; duration_s: number; energy_wh: number }[];
  mission?: {
    mission_no: number;
    departed_at: string | null;
    duration_s: number;
    length_m: number;
    energy_wh: number;
    energy_reserve_wh: number;
    lateral_clearance_m: number;
    vertical_clearance_m: number;
    min_lateral_clearance_m?: number;
    min_vertical_clearance_m?: number;
    route: RoutePoint[];
  };
}

export interface Pad {
  id: string;
  name: string;
  kind: 'hub' | 'kiosk' | 'point';
  closed?: boolean;
  slots: { lon: number; lat: number; alt_msl_m: number; holder?: string; home?: boolean }[];
}

export interface ZoneLimit {
  value_m: number;
  reference: 'AGL' | 'AMSL';
}

export interface Zone {
  zone: string;
  name: string;
  restriction: string;
  active: boolean;
  lower: ZoneLimit | null;
  upper: ZoneLimit | null;
  times: {
    start: string | null;
    end: string | null;
    daily: { days: number; start_s: number; end_s: number; utc: boolean }[];
  }[];
  polygons: [number, number][][][];
}

export interface Alert {
  id: string;
  kind: string;
  priority: number;
  since: string;
  state: 'new' | 'acked' | 'owned';
  drone?: string;
  order?: string;
  merchant?: string;
  detail?: string;
  over_at?: string;
  acked_by?: string;
  owner?: string;
}

export interface Sections {
  drones: Drone;
  orders: Order;
  flights: Flight;
  pads: Pad;
  zones: Zone;
  alerts: Alert;
  service: Record<string, unknown>;
}

export type Section = keyof Sections;
export const SECTIONS: Section[] = ['drones', 'orders', 'flights', 'pads', 'zones', 'alerts', 'service'];

export interface Session {
  account: string;
  role: 'operator' | 'observer';
  csrf: string;
  speed: number;
}
