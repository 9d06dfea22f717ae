import { refuse } from '../errors/refusals.ts'
import type { Proof } from '../issue/permission.ts'

/** Refuses to redeem what is bound to a key without a proof of that very key (RFC 9449 §5, §10). */
export function checkProof(cnf: string, proof: Proof | undefined): void {
  if (cnf !== proof?.cnf) refuse('proof.missing')
}
