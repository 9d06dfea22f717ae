import { signJwt } from '../domain/sign-jwt.ts'
import { isSigningAlgorithm } from '../domain/signing-algorithms.ts'
import { openJsonText } from '../http/reply.ts'
import type { Site } from '../site.ts'
import type { AppProtocol, Links } from '../store/rows.ts'

/** The claims of userinfo, given as JSON, as the app wants them: plain, or signed for it alone (OpenID Connect Core §5.3.2). */
export function answerUserinfo(
  claims: string,
  app: Pick<Links, 'clientId' | 'protocolJson'>,
  site: Site,
): Response | Promise<Response> {
  // Hardly any app wants it signed: whoever does not pays for no parsing.
  return app.protocolJson.includes('"userinfoAlg"') ? signed(claims, app, site) : openJsonText(200, claims)
}

async function signed(
  claims: string,
  { clientId, protocolJson }: Pick<Links, 'clientId' | 'protocolJson'>,
  { keys, config }: Site,
): Promise<Response> {
  const { userinfoAlg } = JSON.parse(protocolJson) as AppProtocol
  if (!isSigningAlgorithm(userinfoAlg)) return openJsonText(200, claims)
  // It tells how things are now, and no end of that, so that nobody takes it for an ID token.
  const told = { ...JSON.parse(claims), iss: config.issuer, aud: clientId }
  const jwt = await signJwt(keys, userinfoAlg, 'JWT', told)
  return openJsonText(200, jwt, { 'content-type': 'application/jwt' })
}
