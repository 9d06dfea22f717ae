/** Caches a text that is derived from an object. */
export class Cached {
  private owner: object | undefined
  private text = ''

  /** Returns the cached text of this owner, or makes it. `make` must always return the same text for one owner. */
  get(owner: object, make: () => string): string {
    if (this.owner !== owner) {
      this.text = make()
      this.owner = owner
    }
    return this.text
  }
}
