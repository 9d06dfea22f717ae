import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/**
 * Starts the Chromium of the npm package, one for a test file, which closes it: `after(() => browser.close())`. Pages are
 * served over http, where `localhost` and `….localhost` count as secure; for https a bare system lacks a library.
 */
export async function openBrowser(): Promise<Browser> {
  const home = await unpack()
  return chromium.launch({
    executablePath: join(home, 'chromium'),
    args: FLAGS,
    env: {
      HOME: home,
      LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(home, 'fonts.conf'),
    },
  })
}

/** How a page is looked at: light, on a desk and in English unless told. Whatever else Playwright knows goes along. */
export interface View extends BrowserContextOptions {
  dark?: boolean
  width?: number
  height?: number
}

/** Opens a page with cookies and storage of its own. */
export async function newPage(browser: Browser, view: View = {}): Promise<Page> {
  const { dark = false, width = 1280, height = 800, ...rest } = view
  const page = await browser.newPage({
    colorScheme: dark ? 'dark' : 'light',
    viewport: { width, height },
    locale: 'en-US',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    ...rest,
  })
  page.setDefaultTimeout(10_000)
  return page
}

const FLAGS = [
  // Every name is this machine, so that pages of any host can be served here, and nothing is ever asked of a network.
  '--host-resolver-rules=MAP * 127.0.0.1',
  '--no-proxy-server',
  '--disable-quic',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
  '--font-render-hinting=none',
]

/** The fonts of the package and no others, so that a page has the same measures on every machine. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`

/**
 * Unpacks the browser, its libraries and its fonts next to the installed packages, once per installed version. The
 * package only unpacks into the system's temporary directory, so it is given one of its own, which then moves into
 * place in one step: of two test files that begin at the same time the second finds it there.
 */
async function unpack(): Promise<string> {
  const installed = import.meta.resolve('@sparticuz/chromium')
  const { version } = JSON.parse(readFileSync(new URL('../package.json', installed), 'utf8')) as { version: string }
  const cache = fileURLToPath(new URL('../../../.cache/', installed))
  const home = join(cache, `chromium-${version}`)
  if (existsSync(home)) return home

  mkdirSync(cache, { recursive: true })
  const unpacked = mkdtempSync(join(cache, 'unpacking-'))
  try {
    const script = `await (await import(${JSON.stringify(installed)})).default.executablePath()`
    // Named as the platform that it is made for, it adds the libraries that a bare system lacks.
    const env = { ...process.env, TMPDIR: unpacked, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env })
    writeFileSync(join(unpacked, 'fonts.conf'), FONTS)
    renameSync(unpacked, home)
  } catch (error) {
    rmSync(unpacked, { recursive: true, force: true })
    if (!existsSync(home)) throw error
  }
  return home
}
