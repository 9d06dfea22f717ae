/** A text that is made of an object once, and kept as long as the object itself. */
export class Cached {
  private owner: object | undefined
  private text = ''

  /** Returns the text that was made for this owner, or makes it. One owner always makes the same text. */
  get(owner: object, make: () => string): string {
    if (this.owner !== owner) {
      this.text = make()
      this.owner = owner
    }
    return this.text
  }
}
