import type { Principal } from './chains.ts'
import type { ApprovalContext, Minted } from './codes.ts'
import type { Event } from './events.ts'

/** A device code (RFC 8628 §3.2). The app polls with it until a person has decided, by its user code and on another device. */
export interface DeviceCode {
  digest: string
  userCodeDigest: string
  appUid: string
  scopes: readonly string[]
  /** The resources that the app may request tokens for (RFC 8707 §2.1). */
  resources: readonly string[]
  /** The key that its tokens are bound to, as the JSON of a `cnf` claim (RFC 7800 §3.1); null for bearer tokens. */
  cnf: string | null
  createdAt: number
  expiresAt: number
  /** The least number of seconds between two polls, and when the next may come (RFC 8628 §3.5). */
  pollInterval: number
  nextPollAt: number
}

/** What an approval writes to a device code. */
export interface DeviceApproval {
  digest: string
  authTime: number
  context: ApprovalContext
}

/** A device code with its decision, and the current state of what it hangs on. */
export interface IssuedDeviceCode extends DeviceCode {
  /** When a person approved or denied it. */
  decidedAt: number | null
  /** The next three are null unless it was approved. */
  chainUid: string | null
  authTime: number | null
  context: ApprovalContext | null
  redeemedAt: number | null
  /** Undefined when it is not approved, or the chain or anything it hangs on has ended. */
  principal: Principal | undefined
}

/** `codes.begin` approves a device code. It is approved or denied once, and only until it expires. */
export interface DeviceCodes {
  add(code: DeviceCode): Promise<void>
  /** The device code, live or not. */
  find(digest: string): Promise<IssuedDeviceCode | undefined>
  /** The undecided device code of this user code, until it expires. */
  findByUserCode(userCodeDigest: string, now: number): Promise<DeviceCode | undefined>
  /** Records a poll. Returns false if it came too early, and then lengthens the interval by five seconds (RFC 8628 §3.5). */
  poll(digest: string, at: number): Promise<boolean>
  deny(digest: string, at: number, event: Event): Promise<boolean>
  /** Redeems an approved code and stores its tokens in one write: true for exactly one caller, and only until it expires or its chain ends. */
  redeem(digest: string, at: number, minted: Minted, event: Event): Promise<boolean>
}
