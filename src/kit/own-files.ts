import { closeSync, existsSync, fchownSync, lchownSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Creates a file that only its owner can read, and throws EEXIST if there is one. What root creates belongs to the owner of the folder that it
 * is in: otherwise the service, which has an account of its own, could not open what an operator created with sudo before its first start.
 */
export function createOwnFile(file: string, text = ''): void {
  // Exclusive, so that root follows no link that the owner of the folder has put there.
  const opened = openSync(file, 'wx', 0o600)
  try {
    if (text) writeSync(opened, text)
    const owner = ownerFor(file)
    if (owner) fchownSync(opened, owner.uid, owner.gid)
  } finally {
    closeSync(opened)
  }
}

/** Creates a folder that only its owner can read, with everything above it, unless it exists. */
export function createOwnFolder(folder: string): void {
  if (existsSync(folder)) return
  createOwnFolder(dirname(folder))
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const owner = ownerFor(folder)
  if (owner) lchownSync(folder, owner.uid, owner.gid)
}

/** Returns who should own what root creates at a path; undefined if that is who creates it. */
function ownerFor(path: string): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const { uid, gid } = statSync(dirname(path))
  return uid === 0 ? undefined : { uid, gid }
}
