/** A name of ours (`tokenLifetime`) as most surfaces write it (`token_lifetime`). */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
