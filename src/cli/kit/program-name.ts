const isCheckout = import.meta.url.endsWith('.ts')

/** How people call the program: a checkout runs it through npm, the installed package has a command of its own. */
export const programName = isCheckout ? 'npm run -s behalf --' : 'behalf'

/** The command that starts the demo, with `options` if there are any. */
export function demoCommand(options = ''): string {
  const [command, before] = isCheckout ? ['npm run demo', ' -- '] : ['behalf demo', ' ']
  return options ? command + before + options : command
}
