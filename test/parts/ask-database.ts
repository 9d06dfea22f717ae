import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'

// biome-ignore lint/suspicious/noExplicitAny: a test asserts what it finds
export type FoundRow = Record<string, any>

/** Queries a database directly, without the server. */
export async function askDatabase(url: string, statement: string): Promise<FoundRow[]> {
  if (url.startsWith('sqlite:')) {
    const db = new DatabaseSync(url.slice('sqlite:'.length), { readOnly: true, timeout: 5000 })
    try {
      return db.prepare(statement).all()
    } finally {
      db.close()
    }
  }
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 10_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

/** Runs a statement that changes a database directly, without the server. */
export async function changeDatabase(url: string, statement: string): Promise<void> {
  if (!url.startsWith('sqlite:')) {
    await askDatabase(url, statement)
    return
  }
  const db = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 5000 })
  try {
    db.exec(statement)
  } finally {
    db.close()
  }
}

export async function countRows(url: string, from: string): Promise<number> {
  const [row] = await askDatabase(url, `select count(*) as n from ${from}`)
  return Number(row!.n)
}
