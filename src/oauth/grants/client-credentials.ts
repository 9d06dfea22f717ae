import { printable } from '../../http/params.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { readRequestedScopes } from '../checks/requested-scopes.ts'
import { readOwnTarget } from '../checks/resource.ts'
import { refuse } from '../errors/refusals.ts'
import type { Permission } from '../issue/permission.ts'
import type { Grant, TokenRequest } from './grant.ts'

/**
 * Client credentials grant (RFC 6749 §4.4). A confidential app that is registered for this grant gets a token for itself. Without `scope`,
 * the token has all scopes of the app that need no person.
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
        return refuse('client-credentials.app-changed')
      },
    }
  },
} satisfies Grant

function checkAllowed(app: App): void {
  if (app.public) refuse('client-credentials.public')
  if (!app.protocol.grantTypes?.includes('client_credentials')) refuse('client-credentials.unregistered')
}

function readScopes(text: string | undefined, app: App, { scopes }: Site): readonly string[] {
  const requested = readRequestedScopes(text)
  if (requested === undefined) return app.scopes.filter((name) => scopes.mayUseWithoutPerson(app, name))
  const forbidden = requested.find((name) => !scopes.mayUseWithoutPerson(app, name))
  if (forbidden === undefined) return requested
  const scope = { scope: printable(forbidden) }
  if (!scopes.has(forbidden)) refuse('scope.unknown', scope)
  return refuse(app.scopes.includes(forbidden) ? 'client-credentials.personal-scope' : 'scope.unregistered', scope)
}
