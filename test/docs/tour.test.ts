import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'node:test'
import { commands } from '../../src/cli/commands.ts'
import { EVERYWHERE } from '../../src/cli/kit/parse.ts'
import { environmentNames } from '../../src/config/read-environment.ts'
import { routes } from '../parts/routes.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** Folders of the repository whose files the documentation may name. */
const FOLDERS = ['.ci', 'bench', 'bin', 'deploy', 'docs', 'examples', 'schema', 'scripts', 'src', 'test']

interface Page {
  name: string
  text: string
}

const pages: Page[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'examples/mcp-server/README.md',
  'examples/plain-app/README.md',
  'examples/platform-api/README.md',
  'examples/single-page-app/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }))

/** Every match of the pattern in the pages, with the page. */
function find(pattern: RegExp): { page: string; groups: string[] }[] {
  return pages.flatMap(({ name, text }) =>
    [...text.matchAll(pattern)].map((found) => ({ page: name, groups: [...found] })),
  )
}

/** Fails with every wrong match, not only the first. */
function noneIsWrong<T extends { page: string }>(
  found: T[],
  isRight: (each: T) => boolean,
  describe: (each: T) => string,
) {
  assert.ok(found.length > 0, 'there is something to check')
  assert.deepEqual(
    found.filter((each) => !isRight(each)).map((each) => `${each.page}: ${describe(each)}`),
    [],
  )
}

test('every file and folder that is named exists', () => {
  const named = find(new RegExp(`(?<![\\w/.-])(?:${FOLDERS.join('|').replaceAll('.', '\\.')})/[\\w./-]*[\\w/]`, 'g'))
  // docs/conformance.md names its files relative to test/, and its own test checks them.
  const isTest = (page: string, path: string) => page === 'docs/conformance.md' && existsSync(join(ROOT, 'test', path))
  noneIsWrong(
    named,
    ({ page, groups: [path] }) => existsSync(join(ROOT, path!)) || isTest(page, path!),
    ({ groups: [path] }) => path!,
  )
})

test('every link in the documentation has a target', () => {
  const links = find(/\[[^\]]*\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)
  noneIsWrong(
    links,
    ({ page, groups: [, path, anchor] }) => {
      const target = path ? relative(ROOT, resolve(ROOT, dirname(page), path)) : page
      if (!existsSync(join(ROOT, target))) return false
      return anchor === undefined || anchorsOf(readFileSync(join(ROOT, target), 'utf8')).has(anchor)
    },
    ({ groups: [link] }) => link!,
  )
})

/** The anchors of a page's headings, as the usual viewers make them. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!)
  return new Set(
    headings.map((each) =>
      each
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

test('every setting that is named exists', () => {
  const known = new Set(environmentNames)
  noneIsWrong(
    find(/\bBEHALF_[A-Z_]*[A-Z]/g),
    ({ groups: [name] }) => known.has(name!),
    ({ groups: [name] }) => name!,
  )
})

test('the installed command starts Node as the npm scripts do', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const [, flags] = /const FLAGS = \[(.+)\]/.exec(readFileSync(join(ROOT, 'bin/behalf.js'), 'utf8'))!
  assert.equal(`node ${flags!.replaceAll(/[',]/g, '')} bin/behalf.js`, scripts.behalf)
})

test('every npm script that is named exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  noneIsWrong(
    find(/\bnpm (?:run )?(?:-s )?(?!run\b|ci\b|pack\b|install\b|scripts\b|packages?\b)([a-z:]+)/g),
    ({ groups: [, name] }) => name! in scripts,
    ({ groups: [said] }) => said!,
  )
})

test('every path that is named with its method is answered', () => {
  const shapes = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{}')}`)
  noneIsWrong(
    find(/\b(GET|POST|PUT|DELETE) (\/[\w./{}-]*)/g).filter(({ groups }) => !/\/(?:clients|mcp)$/.test(groups[0]!)),
    ({ groups: [, method, path] }) =>
      shapes.includes(`${method} ${path!.replace(/\.$/, '').replaceAll(/\{\w+\}/g, '{}')}`),
    ({ groups: [said] }) => said!,
  )
})

test('every command that is named exists, with its options', async () => {
  const known = new Map(await Promise.all(commands.map(async ({ name, load }) => [name, await load()] as const)))
  const nameOf = (words: string[]) => [words.slice(0, 2).join(' '), words[0]!].find((name) => known.has(name))
  const said = find(/(?:`|^|-s )behalf (?:-- )?((?!COMMAND|--)[a-z][^`\n|]*)/gm).map(({ page, groups }) => ({
    page,
    line: groups[1]!,
    words: groups[1]!.split(' '),
  }))
  noneIsWrong(
    said,
    ({ words }) => {
      const name = nameOf(words)
      if (name === undefined) return false
      const notes = { ...known.get(name)!.options, ...EVERYWHERE }
      return words.filter((word) => /^--[a-z]/.test(word)).every((word) => Object.hasOwn(notes, word.slice(2)))
    },
    ({ line }) => `behalf ${line}`,
  )
})
