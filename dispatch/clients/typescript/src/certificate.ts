import { readFileSync } from 'node:fs'

export interface Certificate {
  publicKey: string
  secretKey: string | undefined
}

/** Reads a certificate as `swiftlet keys` writes it (ZeroMQ's format). Throws where it holds no public key. */
export function readCertificate(file: string): Certificate {
  const text = readFileSync(file, 'utf8')
  const key = (name: string): string | undefined =>
    new RegExp(`^\\s*${name}-key\\s*=\\s*"([^"]{40})"`, 'm').exec(text)?.[1]
  const publicKey = key('public')
  if (publicKey === undefined) throw new Error(`${file} holds no public-key`)
  return { publicKey, secretKey: key('secret') }
}
