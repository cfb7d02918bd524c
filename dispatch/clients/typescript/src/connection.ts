import { Dealer } from 'zeromq'
import { readCertificate } from './certificate.js'
import { KeyRefused, NoAnswer, Refusal, SwiftletError, type WireError } from './errors.js'
import type { EtaFrame, OrderEvent } from './messages.js'

export interface ConnectionOptions {
  /** "tcp://HOST:7001" */
  endpoint: string
  /** Certificate files; without both, the service must be on loopback and take no keys. */
  serverKey?: string | undefined
  key?: string | undefined
  /** How long each reply may take. Default 15. */
  patienceS?: number | undefined
}

export type Unasked = OrderEvent | EtaFrame

interface Reply {
  type: 'reply'
  re: string | null
  ok: boolean
  body?: unknown
  error?: WireError
}

interface Waiting {
  resolve: (body: unknown) => void
  reject: (error: SwiftletError) => void
}

const mostFrameBytes = 64 * 1024

/** One connection: requests with their replies, and what comes unasked. ZeroMQ connects again by itself. */
export class Connection {
  /** Called with every event and ETA frame. */
  heard: (frame: Unasked) => void = () => {}

  private readonly socket: Dealer
  private readonly waiting = new Map<string, Waiting>()
  private readonly patienceS: number
  private asked = 0
  private keyRefused = false
  private closed = false

  constructor(private readonly options: ConnectionOptions) {
    if ((options.serverKey === undefined) !== (options.key === undefined)) {
      throw new Error('serverKey and key go together')
    }
    this.patienceS = options.patienceS ?? 15
    this.socket = new Dealer({
      linger: 0,
      maxMessageSize: mostFrameBytes,
      reconnectInterval: 100,
      reconnectMaxInterval: 2000,
      heartbeatInterval: 1000,
      heartbeatTimeout: 3000,
    })
    if (options.serverKey !== undefined && options.key !== undefined) {
      const own = readCertificate(options.key)
      if (own.secretKey === undefined) throw new Error(`${options.key} holds no secret-key`)
      this.socket.curveServerKey = readCertificate(options.serverKey).publicKey
      this.socket.curvePublicKey = own.publicKey
      this.socket.curveSecretKey = own.secretKey
    }
    this.socket.events.on('handshake:error:auth', () => {
      this.keyRefused = true
      this.endAll(() => this.refusedKey())
    })
    this.socket.connect(options.endpoint)
    void this.read()
  }

  /** The reply's body. Throws Refusal, NoAnswer, KeyRefused. */
  async ask<Body>(type: string, body: object): Promise<Body> {
    if (this.keyRefused) throw this.refusedKey()
    const id = `r${++this.asked}`
    const reply = new Promise<unknown>((resolve, reject) => this.waiting.set(id, { resolve, reject }))
    const timer = setTimeout(() => {
      this.waiting.get(id)?.reject(
        new NoAnswer(
          `${type}: no answer from ${this.options.endpoint} within ${this.patienceS} s; ` +
            'is the service up, and does it take keys?',
        ),
      )
    }, this.patienceS * 1000)
    try {
      await this.socket.send(JSON.stringify({ v: 1, type, id, body }))
      return (await reply) as Body
    } finally {
      clearTimeout(timer)
      this.waiting.delete(id)
    }
  }

  close(): void {
    this.closed = true
    this.socket.close()
    this.endAll(() => new NoAnswer('the connection was closed'))
  }

  private endAll(error: () => SwiftletError): void {
    for (const one of this.waiting.values()) one.reject(error())
  }

  private refusedKey(): KeyRefused {
    return new KeyRefused(`${this.options.endpoint} does not let this key in`)
  }

  private async read(): Promise<void> {
    try {
      for await (const [bytes] of this.socket) {
        const frame = JSON.parse(String(bytes)) as Reply | Unasked
        if (frame.type !== 'reply') {
          this.heard(frame)
          continue
        }
        const waiting = frame.re === null ? undefined : this.waiting.get(frame.re)
        if (waiting === undefined) continue
        if (frame.ok) waiting.resolve(frame.body)
        else waiting.reject(new Refusal(frame.error ?? { code: 'internal', message: 'refused without a word', retryable: false }))
      }
    } catch (error) {
      if (!this.closed) this.endAll(() => new SwiftletError(`the connection broke: ${String(error)}`))
    }
  }
}
