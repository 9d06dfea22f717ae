/** Room for a text that is put together of a thing, and need not be put together again while the thing is the same. */
export class Memo {
  private teller: object | undefined
  private text = ''

  /** The text as this teller puts it together, who puts it together in the same way each time. */
  tell(teller: object, puttingTogether: () => string): string {
    if (this.teller !== teller) {
      this.text = puttingTogether()
      this.teller = teller
    }
    return this.text
  }
}
