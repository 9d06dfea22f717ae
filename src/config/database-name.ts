import { resolve } from 'node:path'

/** Returns the path of the file of an SQLite database; undefined for PostgreSQL and for a database in memory. */
export function databaseFile(url: string): string | undefined {
  const path = /^sqlite:(?!:memory:)(.+)$/s.exec(url)?.[1]
  return path && resolve(path)
}

/** Returns the name of a database for messages: its file, or its host and name without user and password. */
export function databaseName(url: string): string {
  const { host, pathname } = URL.parse(url) ?? { host: '', pathname: '' }
  return databaseFile(url) ?? `${host}${pathname}`
}
