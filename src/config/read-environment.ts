import { readFileSync } from 'node:fs'
import { nearest } from '../kit/nearest.ts'
import { type Option, options } from './options.ts'

export type Environment = Record<string, string | undefined>

/**
 * What Kubernetes adds to the environment of every container when a service is called `behalf`: its address, under names that begin like
 * ours.
 */
const OF_KUBERNETES = /^BEHALF_(SERVICE_(HOST|PORT)\w*|PORT_\d+_(TCP|UDP|SCTP)\w*)$/
const ADDRESS_OF_KUBERNETES = /^(tcp|udp|sctp):\/\//

/** Whether the text of an option must not be printed. Such an option can also be read from a file. */
export function isSecret({ kind }: Option): boolean {
  return kind.meta()?.secret === true
}

const all = Object.values(options) as readonly Option[]
/** The variables that name the file of a secret, each with the variable of the secret. */
const FILES = new Map(all.filter(isSecret).map((option) => [`${option.env}_FILE`, option.env]))
/** Every variable that can be set. */
export const environmentNames: readonly string[] = [...all.map((option) => option.env), ...FILES.keys()]

/**
 * Returns the text of every option that is set, and what is wrong with how it is set. Drops what Kubernetes added, and reads the file of
 * a secret (`BEHALF_SECRET_FILE`).
 */
export function readEnvironment(env: Environment): { texts: Environment; faults: string[] } {
  const texts: Environment = {}
  const faults: string[] = []
  for (const [name, given = ''] of Object.entries(env)) {
    if (!name.startsWith('BEHALF_') || given === '' || OF_KUBERNETES.test(name)) continue
    if (name === options.port.env && ADDRESS_OF_KUBERNETES.test(given)) continue
    const target = FILES.get(name)
    if (!environmentNames.includes(name)) {
      const near = nearest(name, environmentNames)
      faults.push(
        `${name} is not an option${near ? `; did you mean ${near}?` : '.'} \`behalf config\` lists all options.`,
      )
    } else if (target && env[target]) faults.push(`${target} and ${name} are both set. Set one of them.`)
    else if (target) {
      const text = readText(given)
      if (text) texts[target] = text
      else faults.push(`${name} must be the path of a file that can be read and is not empty.`)
    } else if (/^(["']).*\1$/s.test(given))
      faults.push(`${name} is written in quotes, which belong to the value here. Remove them.`)
    else if (given !== given.trim()) faults.push(`${name} begins or ends with a space or a line break. Remove it.`)
    else texts[name] = given
  }
  return { texts, faults }
}

/** Reads a secret from a file. Editors and mounted secrets add a line break at the end, which does not belong to it. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
