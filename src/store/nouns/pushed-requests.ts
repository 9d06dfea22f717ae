/** An authorization request that an app has pushed (RFC 9126). `request` is JSON, as in a pending request. */
export interface PushedRequest {
  digest: string
  appUid: string
  request: string
  createdAt: number
  /** Until when a browser may use it. */
  expiresAt: number
  /** When it was answered, which happens once. */
  usedAt: number | null
}

export interface PushedRequests {
  add(request: Omit<PushedRequest, 'usedAt'>): Promise<void>
  find(digest: string): Promise<PushedRequest | undefined>
}
