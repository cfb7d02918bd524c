// The messages' bodies, with the names they have on the wire: dispatch/api/merchant.schema.json. Times are RFC 3339 in
// UTC, service time; positions WGS84 degrees; masses kilograms; lengths metres.

export type OrderState =
  | 'accepted'
  | 'assigned'
  | 'to_pickup'
  | 'loading'
  | 'airborne'
  | 'holding'
  | 'arriving'
  | 'delivered'
  | 'returning'
  | 'returned'
  | 'diverted'
  | 'cancelled'
  | 'failed'

export type EtaCause =
  | 'readiness'
  | 'wind'
  | 'pad_queue'
  | 'traffic'
  | 'reassigned'
  | 'weather_hold'
  | 'zone'
  | 'battery'
  | 'link'
  | 'operator'

const terminal: ReadonlySet<OrderState> = new Set<OrderState>(['delivered', 'returned', 'cancelled', 'failed'])

/** Whether nothing more happens to an order in this state. */
export const isTerminal = (state: OrderState): boolean => terminal.has(state)

export type Stop = { pad: string } | { lon: number; lat: number }

export interface Parcel {
  mass_kg: number
  length_m?: number
  width_m?: number
  height_m?: number
}

export interface Fee {
  /** In the currency's smallest unit. */
  amount_minor: number
  currency: string
}

/** p10 to p90 is the 80 % interval of the delivery, p05 to p95 the 90 % one. */
export interface Interval {
  p05: string
  p10: string
  p90: string
  p95: string
}

export interface Wish {
  pickup: Stop
  dropoff: Stop
  parcel: Parcel
  ready_at?: string
  deliver_by?: string
}

export interface NewOrder extends Wish {
  /** The idempotency key: the same order asked for again is the same order. Default: a fresh one. */
  client_order_id?: string
  quote_id?: string
  /** 0–9, default 5; orders only among one's own. */
  priority?: number
  note?: string
}

export interface Greeting {
  merchant: string
  server: string
  api: string
  time: string
  /** Service seconds a wall second. */
  speed: number
}

export interface Pad {
  id: string
  name: string
  kind: 'hub' | 'kiosk' | 'point'
  lon: number
  lat: number
  open: boolean
  slots: number
}

export type Quote =
  | ({ serviceable: true; quote_id: string; pickup_eta: string; delivery_eta: string; expires_at: string; fee: Fee } & Interval)
  | { serviceable: false; reason: { code: string; message: string } }

export interface Promised extends Interval {
  order_id: string
  client_order_id: string
  state: 'accepted'
  pickup_eta: string
  delivery_eta: string
}

export interface Order {
  order_id: string
  client_order_id: string
  state: OrderState
  created_at: string
  pickup: Stop
  dropoff: Stop
  parcel: Parcel
  drone?: string
  pickup_eta: string | null
  delivery_eta: string | null
  p05: string | null
  p10: string | null
  p90: string | null
  p95: string | null
  promised_delivery_eta: string
  promised_p05: string
  promised_p95: string
  delivered_at?: string
  proof?: Record<string, unknown>
  standstill?: { since: string; cause: EtaCause; code: string; message: string }
  refund?: Fee
  history: { state: OrderState; at: string; cause?: string }[]
}

/** An order has changed its state. `seq` counts per merchant from 1 without a gap. `code` is the error code of what an
 * order was given up for; `refund` is there where it ends and its fee is not owed. */
export interface OrderEvent {
  type: 'order.event'
  seq: number
  body: {
    order_id: string
    client_order_id: string
    state: OrderState
    at: string
    drone?: string
    cause?: string
    code?: string
    refund?: Fee
  }
}

export interface OrderEta extends Interval {
  order_id: string
  stage: OrderState
  /** The median of the instant of delivery. */
  eta: string
  remaining_s: number
  lon?: number
  lat?: number
  alt_msl_m?: number
  /** Why the eta moved by more than 2 s against the frame before. */
  cause?: EtaCause
}

/** One second's ETAs of live orders; a second with very many comes in several parts with the same `at`. */
export interface EtaFrame {
  type: 'eta'
  at: string
  last_seq: number
  part: number
  parts: number
  body: { orders: OrderEta[] }
}
