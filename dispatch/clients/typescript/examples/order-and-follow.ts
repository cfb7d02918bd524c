// Orders one delivery and follows it to its end: node order-and-follow.js ENDPOINT PICKUP_PAD DROPOFF_PAD
// With keys: SWIFTLET_SERVER_KEY=keys/server.key SWIFTLET_KEY=keys/M1.key_secret
import { isTerminal, MerchantClient } from '../src/index.js'

const [endpoint = 'tcp://127.0.0.1:7001', pickup = 'K01', dropoff = 'K09'] = process.argv.slice(2)
const client = new MerchantClient({
  endpoint,
  serverKey: process.env['SWIFTLET_SERVER_KEY'],
  key: process.env['SWIFTLET_KEY'],
})
const wish = { pickup: { pad: pickup }, dropoff: { pad: dropoff }, parcel: { mass_kg: 0.8 } }
const quote = await client.quote(wish)
if (!quote.serviceable) throw new Error(quote.reason.message)
const promised = await client.createOrder({ ...wish, quote_id: quote.quote_id })
console.log(promised.order_id, 'promised for', promised.delivery_eta)
for await (const update of client.updates(1)) {
  if (update.type === 'eta') {
    const mine = update.body.orders.find(order => order.order_id === promised.order_id)
    if (mine) console.log(`${mine.stage.padStart(10)}  ${mine.remaining_s} s left  ${mine.cause ?? ''}`)
  } else if (update.body.order_id === promised.order_id) {
    console.log('  ->', update.body.state, update.body.at)
    if (isTerminal(update.body.state)) {
      process.exitCode = update.body.state === 'delivered' ? 0 : 1
      break
    }
  }
}
client.close()
