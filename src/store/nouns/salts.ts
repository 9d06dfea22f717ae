/** A random value that all servers share and that never changes, sealed with the secret of the server. */
export interface Salt {
  name: string
  sealed: string
  createdAt: number
}

export interface Salts {
  find(name: string): Promise<Salt | undefined>
  /** Adds it unless the name exists. When many servers start at once, one wins and all read its value. */
  add(salt: Salt): Promise<void>
  /** Replaces the sealed value if it is still `was`. */
  reseal(name: string, was: string, sealed: string): Promise<void>
}
