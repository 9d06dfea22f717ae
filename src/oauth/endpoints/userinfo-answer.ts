import { isSigningAlgorithm, type SigningAlgorithm } from '../../domain/keys/signing-algorithms.ts'
import { type Answer, jsonText } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import type { LiveChain } from '../../store/nouns/chains.ts'

/** The claims of userinfo, given as JSON, as the app wants them: plain, or signed for it alone (OpenID Connect Core §5.3.2). */
export function answerUserinfo(
  claims: string,
  { clientId, protocol }: Pick<LiveChain, 'clientId' | 'protocol'>,
  site: Site,
): Answer | Promise<Answer> {
  const { userinfoAlg } = protocol
  return isSigningAlgorithm(userinfoAlg) ? signed(claims, clientId, userinfoAlg, site) : jsonText(200, claims)
}

async function signed(
  claims: string,
  clientId: string,
  algorithm: SigningAlgorithm,
  { keys, config }: Site,
): Promise<Answer> {
  // Without `exp`: it describes this moment, and must not pass for an ID token.
  const signed = { ...JSON.parse(claims), iss: config.issuer, aud: clientId }
  const jwt = await keys.sign(algorithm, 'JWT', signed)
  return jsonText(200, jwt, { 'content-type': 'application/jwt' })
}
