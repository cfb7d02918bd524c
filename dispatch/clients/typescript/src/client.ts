import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Connection, type ConnectionOptions, type Unasked } from './connection.js'
import { NoAnswer, Refusal } from './errors.js'
import type { EtaFrame, Greeting, NewOrder, Order, OrderEvent, OrderState, Pad, Promised, Quote, Wish } from './messages.js'

const silenceMs = 3000
const pauseMs = 500

interface Page {
  next_cursor: string | null
}

export interface OrderFilter {
  states?: OrderState[]
  from?: string
  to?: string
}

/**
 * A merchant's client. Every verb throws Refusal, NoAnswer or KeyRefused.
 *
 *     const client = new MerchantClient({ endpoint: 'tcp://127.0.0.1:7001' })
 *     const order = await client.createOrder({ pickup: { pad: 'K01' }, dropoff: { pad: 'K09' }, parcel: { mass_kg: 0.8 } })
 *     for await (const update of client.updates()) …
 */
export class MerchantClient {
  private readonly connection: Connection

  constructor(options: ConnectionOptions) {
    this.connection = new Connection(options)
  }

  close(): void {
    this.connection.close()
  }

  hello(): Promise<Greeting> {
    return this.connection.ask('hello', {})
  }

  /** All pads of the region. */
  async pads(): Promise<Pad[]> {
    const all: Pad[] = []
    for await (const page of this.pages<Page & { pads: Pad[] }>('pads.list', {})) all.push(...page.pads)
    return all
  }

  quote(wish: Wish): Promise<Quote> {
    return this.connection.ask('quote', wish)
  }

  /**
   * Orders once, however often it has to ask: without an answer, and after refusals that can be retried, the same
   * client_order_id goes out again, up to `tries` times in all.
   */
  async createOrder(order: NewOrder, tries = 4): Promise<Promised> {
    const body = { ...order, client_order_id: order.client_order_id ?? randomUUID() }
    for (let left = tries - 1; ; left--) {
      try {
        const promised = await this.connection.ask<Promised>('order.create', body)
        return { ...promised, client_order_id: body.client_order_id }
      } catch (error) {
        if (left <= 0) throw error
        if (error instanceof Refusal && error.retryable) await pause(waitMs(error))
        else if (!(error instanceof NoAnswer)) throw error
      }
    }
  }

  /** The parcel will be ready earlier or later than was said. */
  ready(orderId: string, readyAt: Date): Promise<Order> {
    return this.connection.ask('order.ready', { order_id: orderId, ready_at: readyAt.toISOString() })
  }

  /** By the service's id or by one's own. */
  order(which: { order_id: string } | { client_order_id: string }): Promise<Order> {
    return this.connection.ask('order.get', which)
  }

  /** Page after page as they are asked for. */
  async *orders(filter: OrderFilter = {}): AsyncGenerator<Order> {
    for await (const page of this.pages<Page & { orders: Order[] }>('order.list', filter)) yield* page.orders
  }

  /** 'cancelled' before loading, 'returning' once the parcel is aboard. */
  async cancel(orderId: string, reason: string): Promise<OrderState> {
    const body = { order_id: orderId, reason }
    return (await this.connection.ask<{ state: OrderState }>('order.cancel', body)).state
  }

  /**
   * Every event once and in order, from `fromSeq` on (default: from now on), and every second's ETAs. Heals by itself:
   * after 3 s of silence, or a gap, it subscribes again from the first event that it has not seen. One at a time a
   * client. Throws Refusal (history_gone: fromSeq is too old) and KeyRefused.
   */
  async *updates(fromSeq?: number): AsyncGenerator<OrderEvent | EtaFrame> {
    const queue: Unasked[] = []
    let wake: () => void = () => {}
    this.connection.heard = frame => {
      queue.push(frame)
      wake()
    }
    try {
      const told = await this.connection.ask<{ seq: number }>('subscribe', fromSeq === undefined ? {} : { from_seq: fromSeq })
      let expected = fromSeq ?? told.seq + 1
      for (;;) {
        if (queue.length === 0) {
          let timer: NodeJS.Timeout | undefined
          await new Promise<void>(resolve => {
            wake = resolve
            timer = setTimeout(resolve, silenceMs)
          })
          clearTimeout(timer)
        }
        const frame = queue.shift()
        if (frame === undefined) {
          await this.subscribeAgain(expected)
        } else if (frame.type === 'order.event') {
          if (frame.seq > expected) await this.subscribeAgain(expected)
          if (frame.seq !== expected) continue
          expected++
          yield frame
        } else if (frame.type === 'eta') {
          if (frame.last_seq >= expected) await this.subscribeAgain(expected)
          yield frame
        }
      }
    } finally {
      this.connection.heard = () => {}
    }
  }

  /** A service that is away is tried again by the next silence. */
  private async subscribeAgain(fromSeq: number): Promise<void> {
    try {
      await this.connection.ask('subscribe', { from_seq: fromSeq })
    } catch (error) {
      if (error instanceof Refusal && error.retryable) await pause(waitMs(error))
      else if (!(error instanceof NoAnswer)) throw error
    }
  }

  private async *pages<P extends Page>(type: string, body: object): AsyncGenerator<P> {
    for (let cursor = {}; ; ) {
      const page = await this.connection.ask<P>(type, { ...body, ...cursor, limit: 200 })
      yield page
      if (page.next_cursor === null) return
      cursor = { cursor: page.next_cursor }
    }
  }
}

function waitMs(refusal: Refusal): number {
  return refusal.retryAfterS === undefined ? pauseMs : refusal.retryAfterS * 1000
}
