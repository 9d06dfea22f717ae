import { snakeCase } from '../../kit/snake-case.ts'

/** Picks members of a row for JSON, with their names in snake_case. A missing member is null. */
export function pickJson<Row extends object>(row: Row, ...members: (keyof Row & string)[]): Record<string, unknown> {
  return Object.fromEntries(members.map((member) => [snakeCase(member), row[member] ?? null]))
}
