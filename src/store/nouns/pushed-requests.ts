/** An authorization request that an app has pushed (RFC 9126) and no browser has brought yet. `request` is JSON, as for one that waits. */
export interface PushedRequest {
  digest: string
  appUid: string
  request: string
  createdAt: number
  /** Until when a browser may come with it. */
  expiresAt: number
  /** When it got its answer, which it gets once. */
  usedAt: number | null
}

export interface PushedRequests {
  add(request: Omit<PushedRequest, 'usedAt'>): Promise<void>
  find(digest: string): Promise<PushedRequest | undefined>
}
