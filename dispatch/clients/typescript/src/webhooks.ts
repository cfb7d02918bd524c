import { createHmac, timingSafeEqual } from 'node:crypto'
import { SwiftletError } from './errors.js'
import type { OrderEvent } from './messages.js'

/** The request was not signed with this secret, or not lately. Answer it 400 and believe nothing that it says. */
export class WebhookRefused extends SwiftletError {}

/** Headers as Node gives them (names in lower case) or as `fetch` does. */
export type WebhookHeaders = { get(name: string): string | null } | { [name: string]: string | string[] | undefined }

function signatureIn(headers: WebhookHeaders): string {
  const name = 'swiftlet-signature'
  const given = typeof headers.get === 'function' ? headers.get(name) : (headers as Record<string, unknown>)[name]
  return typeof given === 'string' ? given : ''
}

/**
 * The event that a webhook's request brings. `body`: the very bytes that came, before anything has read them. `secret`:
 * what stands in the merchant's .webhook_secret file. `toleranceS`: how far the signature's time may be from this
 * machine's clock, either way; an older request may be a recorded one.
 *
 * An event may come twice: remember the highest `seq` and leave out what is not above it. Throws WebhookRefused.
 */
export function verifyWebhook(
  headers: WebhookHeaders,
  body: Uint8Array | string,
  secret: string,
  toleranceS = 300,
): OrderEvent {
  const parts = signatureIn(headers)
    .split(',')
    .map((part) => part.trim().split('=', 2) as [string, string | undefined])
  const times = parts.filter(([name]) => name === 't').map(([, value]) => value ?? '')
  const time = times[0] ?? ''
  if (times.length !== 1 || !/^[0-9]{1,15}$/.test(time)) {
    throw new WebhookRefused('there is no Swiftlet-Signature with one time')
  }
  const due = createHmac('sha256', secret.trim()).update(`${time}.`).update(body).digest()
  const signed = parts.some(([name, value]) => {
    const mac = Buffer.from(name === 'v1' ? (value ?? '') : '', 'hex')
    return mac.length === due.length && timingSafeEqual(mac, due)
  })
  if (!signed) throw new WebhookRefused('the signature is not that of this secret and body')
  if (Math.abs(Date.now() / 1000 - Number(time)) > toleranceS) {
    throw new WebhookRefused(`it was signed more than ${toleranceS} s from now`)
  }
  return JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)) as OrderEvent
}
