/** A random value that all servers agree on and that never changes; sealed with the secret of the server. */
export interface Salt {
  name: string
  sealed: string
  createdAt: number
}

export interface Salts {
  find(name: string): Promise<Salt | undefined>
  /** Adds it unless there is one of this name: when many servers start at once, one wins and all read the winner. */
  add(salt: Salt): Promise<void>
  /** Puts the same value, sealed anew, in the place of `was`; nothing happens when another server did so before. */
  reseal(name: string, was: string, sealed: string): Promise<void>
}
