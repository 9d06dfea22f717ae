/** The code blocks of one language under a heading of a page, up to the next heading of the same rank. */
export function blocksUnder(page: string, heading: string, language: string): string[] {
  const rank = /^#+/.exec(heading)![0]
  const begin = page.indexOf(`\n${heading}\n`)
  if (begin < 0) throw new Error(`There is no heading "${heading}".`)
  const rest = page.slice(begin + heading.length + 1)
  const end = rest.search(new RegExp(`^${rank} `, 'm'))
  const section = end < 0 ? rest : rest.slice(0, end)
  return [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block]) => block!)
}

/** The address of the demo, which the README puts into a variable. */
const ISSUER = 'http://localhost:7200'

/** Splits a command as a shell does: quotes, line continuations and `$NAMES`, and nothing else. */
export function shellWords(line: string, names: Record<string, string> = {}): string[] {
  const filled = (text: string) =>
    text.replaceAll(/\$(\w+)/g, (_, name: string) => {
      const value = names[name] ?? (name === 'ISSUER' ? ISSUER : undefined)
      if (value === undefined) throw new Error(`$${name} has no value yet.`)
      return value
    })
  const words: string[] = []
  for (const [word] of line.replaceAll('\\\n', ' ').matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)) {
    const pieces = word.match(/'[^']*'|"[^"]*"|[^'"]+/g)!
    words.push(
      pieces.map((piece) => (/^'/.test(piece) ? piece.slice(1, -1) : filled(piece.replaceAll('"', '')))).join(''),
    )
  }
  return words
}

/** The request that curl would send for a command of our documentation. */
export function readCurl(line: string, names: Record<string, string> = {}): { url: string; init: RequestInit } {
  const [program, ...words] = shellWords(line, names)
  if (program !== 'curl') throw new Error(`This is no curl command: ${line}`)
  const headers = new Headers()
  const fields: string[] = []
  let url: string | undefined
  let method: string | undefined
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (!word.startsWith('-')) url = word
    else if (word === '--url') url = words.shift()
    else if (word === '-X' || word === '--request') method = words.shift()
    else if (word === '-H' || word === '--header') {
      const [, name, value] = /^([^:]+): ?(.*)$/s.exec(words.shift()!)!
      headers.set(name!, value!)
    } else if (word === '--user') headers.set('authorization', `Basic ${btoa(words.shift()!)}`)
    else if (word === '-d') fields.push(words.shift()!)
    else if (word === '--data-urlencode') {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(words.shift()!)!
      fields.push(`${name}=${encodeURIComponent(value!)}`)
    } else throw new Error(`An option of curl that is not known here: ${word}`)
  }
  if (url === undefined) throw new Error(`No address in: ${line}`)
  if (fields.length === 0) return { url, init: { method: method ?? 'GET', headers } }
  if (!headers.has('content-type')) headers.set('content-type', 'application/x-www-form-urlencoded')
  return { url, init: { method: method ?? 'POST', headers, body: fields.join('&') } }
}
