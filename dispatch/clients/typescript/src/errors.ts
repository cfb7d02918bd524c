/** Anything that this package throws of its own. */
export class SwiftletError extends Error {
  constructor(message: string) {
    super(message)
    this.name = new.target.name
  }
}

/** The service has not answered in time. Whether it took the request is not known: ask again with the same id. */
export class NoAnswer extends SwiftletError {}

/** The service does not let this key in. */
export class KeyRefused extends SwiftletError {}

export interface WireError {
  code: string
  message: string
  retryable: boolean
  field?: string
  retry_after_s?: number
}

/** The service has said no. */
export class Refusal extends SwiftletError {
  /** One of the contract's error codes. */
  readonly code: string
  /** Whether the same request can succeed later. */
  readonly retryable: boolean
  /** Path of the field to blame. */
  readonly field: string | undefined
  /** After how long to try again, in seconds. */
  readonly retryAfterS: number | undefined

  constructor(error: WireError) {
    super(`${error.code}: ${error.message}${error.field ? ` (${error.field})` : ''}`)
    this.code = error.code
    this.retryable = error.retryable
    this.field = error.field
    this.retryAfterS = error.retry_after_s
  }
}
