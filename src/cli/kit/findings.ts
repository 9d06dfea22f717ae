import { withoutUnseen } from '../../kit/unseen.ts'
import type { Outcome } from './command.ts'
import { EXIT } from './exit.ts'

/** The result of one check, and what to do about it. */
export interface Finding {
  name: string
  ok: boolean
  message: string
  advice?: string
}

export const ok = (name: string, message: string): Finding => ({ name, ok: true, message })
export const todo = (name: string, message: string, advice: string): Finding => ({ name, ok: false, message, advice })

/** Prints findings. The last line says whether there is something to do, and so does the exit code. */
export function reportFindings(findings: readonly Finding[], texts: { passed: string; failed: string }): Outcome {
  const isPassed = findings.every((each) => each.ok)
  const lines = findings.flatMap(({ name, ok, message, advice }) => [
    // A message may quote what a server said, which must not control the terminal.
    `${ok ? '  ok  ' : '  TO DO  '}${name}: ${withoutUnseen(message, '?')}`,
    ...(advice === undefined ? [] : [`         → ${advice}`]),
  ])
  return {
    text: [...lines, '', isPassed ? texts.passed : texts.failed].join('\n'),
    json: { ok: isPassed, findings },
    exit: isPassed ? EXIT.done : EXIT.failed,
  }
}
