import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/**
 * Starts the Chromium of the npm package. A test file starts one and closes it: `after(() => browser.close())`. Pages are
 * served over http, where `localhost` and `….localhost` count as secure; https needs a library that a minimal system lacks.
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

/** The settings of a page: by default light, of desktop size and in English. Playwright's other options are passed on. */
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
  // Every name resolves to this machine, so that tests can serve pages of any host, and nothing is requested from a network.
  '--host-resolver-rules=MAP * 127.0.0.1',
  '--no-proxy-server',
  '--disable-quic',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
  '--font-render-hinting=none',
]

/** Only the fonts of the package, so that a page has the same size on every machine. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`

/**
 * Unpacks the browser, its libraries and its fonts next to the installed packages, once per installed version. The
 * package only unpacks into the system's temporary directory, so it gets one of its own, which then moves into
 * place in one step: if two test files start at once, the second finds it there.
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
    // With the name of the platform it is made for, it adds the libraries that a minimal system lacks.
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
