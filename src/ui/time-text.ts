/** Returns a time in words, such as "5 minutes", in this language. Rounds up, so that a person who waits so long is not too early. */
export function timeText(seconds: number, language: string): string {
  const [unit, length] =
    seconds >= 3600 ? (['hour', 3600] as const) : seconds >= 60 ? (['minute', 60] as const) : (['second', 1] as const)
  const format = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' })
  return format.format(Math.ceil(seconds / length))
}
