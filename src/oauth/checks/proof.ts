import { refuse } from '../errors/refusals.ts'
import type { Proof } from '../issue/permission.ts'

/** Checks that a code or refresh token that is bound to a key comes with a proof of that key (RFC 9449 §5, §10). */
export function checkProof(cnf: string, proof: Proof | undefined): void {
  if (cnf !== proof?.cnf) refuse('proof.missing')
}
