export { MerchantClient, type OrderFilter } from './client.js'
export type { ConnectionOptions } from './connection.js'
export { KeyRefused, NoAnswer, Refusal, SwiftletError } from './errors.js'
export * from './messages.js'
