import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { AppPermission } from '../issue/app-permission.ts'
import type { Permission } from '../issue/permission.ts'

/** A token request by an app that has proved who it is. */
export interface TokenRequest {
  app: App
  form: Params
  /** The request itself, whose reference the audit names. */
  incoming: Incoming
}

/** Turns something an app holds into a permission. A grant proves; it never issues. */
export interface Grant {
  readonly type: string
  redeem(request: TokenRequest, site: Site): Promise<Permission | AppPermission>
}
