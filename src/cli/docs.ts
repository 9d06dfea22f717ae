import { writeFile } from 'node:fs/promises'
import { configurationPage } from '../config/describe.ts'

/** `npm run docs`: writes the pages that are made from tables in the code. A test says when they are stale. */
await writeFile(new URL('../../docs/configuration.md', import.meta.url), configurationPage())
