import { readScope } from '../../domain/tokens/scopes.ts'
import { printable } from '../../http/params.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { readOwnTarget } from '../checks/resource.ts'
import { refuse } from '../errors/refusals.ts'
import type { Permission } from '../issue/permission.ts'
import type { Grant, TokenRequest } from './grant.ts'

/**
 * RFC 6749 §4.4. An app that keeps a secret, and was registered for this grant, asks for itself. It gets what it registered and what the
 * catalogue lets an app use alone, and nothing by default.
 */
export const clientCredentials = {
  type: 'client_credentials',
  async redeem({ app, form }: TokenRequest, site: Site): Promise<Permission> {
    checkAllowed(app)
    const scopes = readScopes(form.get('scope'), app, site)
    const target = await readOwnTarget(form, app, scopes, site)
    return {
      app,
      approval: undefined,
      scopes,
      target,
      async mint(access, event) {
        if (await site.store.accessTokens.addForApp({ ...access, scopes: target.scopes }, app, event)) return undefined
        return refuse('client-credentials.changed-meanwhile')
      },
    }
  },
} satisfies Grant

function checkAllowed(app: App): void {
  if (app.public) refuse('client-credentials.public')
  if (app.protocol.grantTypes?.includes('client_credentials')) return
  refuse('client-credentials.unregistered')
}

function readScopes(text: string | undefined, app: App, { scopes }: Site): readonly string[] {
  if (text === undefined) return app.scopes.filter((name) => scopes.mayUseWithoutPerson(app, name))
  const asked = readScope(text)
  if (!asked) refuse('scope.malformed')
  const foreign = asked.find((name) => !scopes.mayUseWithoutPerson(app, name))
  if (foreign !== undefined) {
    const scope = { scope: printable(foreign) }
    if (!scopes.has(foreign)) refuse('scope.unknown', scope)
    refuse(app.scopes.includes(foreign) ? 'client-credentials.personal-scope' : 'scope.unregistered', scope)
  }
  return asked
}
