// What the TypeScript SDK says where the service says no: node typescript_sdk_checks.mjs DIST ENDPOINT KEYS
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { pathToFileURL } from 'node:url'

const [dist, endpoint, keys] = process.argv.slice(2)
const { KeyRefused, MerchantClient, NoAnswer, Refusal, verifyWebhook, WebhookRefused } = await import(pathToFileURL(`${dist}/src/index.js`))
const as = name => new MerchantClient({ endpoint, serverKey: `${keys}/server.key`, key: `${keys}/${name}.key_secret` })
const wish = { pickup: { pad: 'K01' }, dropoff: { pad: 'K09' }, parcel: { mass_kg: 0.5 } }
const refused = code => error => error instanceof Refusal && error.code === code

const secret = 'whsec_0123456789abcdefghij'
const body = '{"v":1,"type":"order.event","seq":1,"body":{}}'
const now = Math.floor(Date.now() / 1000)
const signed = (t, key = secret) => `t=${t},v1=${createHmac('sha256', key).update(`${t}.${body}`).digest('hex')}`
const verified = (signature, text = body) => verifyWebhook({ 'swiftlet-signature': signature }, text, secret)
assert.equal(verified(signed(now)).seq, 1)
assert.equal(verifyWebhook(new Headers({ 'Swiftlet-Signature': signed(now) }), Buffer.from(body), `${secret}\n`).seq, 1)
assert.equal(verified(`${signed(now)},v1=00`).seq, 1)
for (const bad of [signed(now, 'another'), signed(now - 301), signed(now + 310), '', 't=1', `t=${now},v1=`, signed(now).slice(0, -1), `t=${now},${signed(now)}`])
  assert.throws(() => verified(bad), WebhookRefused, bad)
assert.throws(() => verified(signed(now), body.replace('1', '2')), WebhookRefused)

const client = as('M1')
const other = as('M2')
assert.equal((await client.hello()).merchant, 'M1')
assert.ok((await client.pads()).some(pad => pad.id === 'K40'))
assert.equal((await client.quote({ ...wish, parcel: { mass_kg: 500 } })).serviceable, false)
await assert.rejects(client.quote({ ...wish, dropoff: { pad: 'nowhere' } }), refused('not_found'))
const promised = await client.createOrder({ ...wish, client_order_id: 'ts-1' })
assert.deepEqual(await client.createOrder({ ...wish, client_order_id: 'ts-1' }), promised)
await assert.rejects(client.createOrder({ ...wish, pickup: { pad: 'K02' }, client_order_id: 'ts-1' }), refused('conflict'))
assert.equal((await client.order({ client_order_id: 'ts-1' })).order_id, promised.order_id)
await assert.rejects(other.order({ order_id: promised.order_id }), refused('not_found'))
for await (const order of other.orders()) assert.fail(`a foreign order: ${order.order_id}`)
const states = []
for await (const order of client.orders({ states: ['accepted', 'assigned', 'to_pickup'] })) states.push(order.state)
assert.equal(states.length, 1)
const later = new Date(Date.parse((await client.hello()).time) + 180_000)
assert.equal((await client.ready(promised.order_id, later)).order_id, promised.order_id)
assert.equal(await client.cancel(promised.order_id, 'changed my mind'), 'cancelled')
client.close()
other.close()

const stranger = as('M3')
await assert.rejects(stranger.hello(), KeyRefused)
stranger.close()
const nobody = new MerchantClient({ endpoint: 'tcp://127.0.0.1:9', patienceS: 0.5 })
await assert.rejects(nobody.hello(), NoAnswer)
nobody.close()
console.log('all checks hold')
