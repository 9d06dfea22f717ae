import { command } from '../kit/command.ts'
import { EXIT } from '../kit/exit.ts'
import { examine } from './examine.ts'

export default command({
  options: {},
  more: 'It changes nothing. Exit code 1 says that something has to be done.',
  examples: ['doctor', 'doctor --json'],
  async run(_, { env }) {
    const findings = await examine(env)
    const isWell = findings.every(({ ok }) => ok)
    const lines = findings.flatMap(({ name, ok, sentence, advice }) => [
      `${ok ? '  ok  ' : '  TO DO  '}${name}: ${sentence}`,
      ...(advice === undefined ? [] : [`         → ${advice}`]),
    ])
    return {
      text: [...lines, '', isWell ? 'All is well.' : 'Something has to be done before people can rely on it.'].join(
        '\n',
      ),
      json: { ok: isWell, findings },
      exit: isWell ? EXIT.done : EXIT.failed,
    }
  },
})
