import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Makes `dist/`: JavaScript and types of everything that the package contains, and the files that the code reads beside it. */
const root = resolve(import.meta.dirname, '..')
const dist = join(root, 'dist')
rmSync(dist, { recursive: true, force: true })
execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')],
  {
    stdio: 'inherit',
  },
)
/** JSON that the code imports is there already. */
const isAsset = (file: string) => !/\.ts$|messages\/en\.json$/.test(file)
for (const folder of ['src', 'schema'])
  cpSync(join(root, folder), join(dist, folder), { recursive: true, force: false, errorOnExist: true, filter: isAsset })
chmodSync(join(root, 'bin/behalf.js'), 0o755)
