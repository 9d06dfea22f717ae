import type { Route } from '../site.ts'
import { changeOneApp } from './apps/change-one-app.ts'
import { createApp } from './apps/create-app.ts'
import { listApps } from './apps/list-apps.ts'
import { showApp } from './apps/show-app.ts'
import { changeOneResource } from './resources/change-one-resource.ts'
import { createResource } from './resources/create-resource.ts'
import { endOneResource } from './resources/end-one-resource.ts'
import { listResources } from './resources/list-resources.ts'
import { createSecret } from './secrets/create-secret.ts'
import { listSecrets } from './secrets/list-secrets.ts'
import { retireOneSecret } from './secrets/retire-one-secret.ts'
import { sayPlatform } from './voice.ts'

/** The management API that partners call. */
export const platformRoutes: readonly Route[] = [
  { method: 'POST', path: '/platform/v1/apps', handle: createApp, voice: sayPlatform },
  { method: 'GET', path: '/platform/v1/apps', handle: listApps, voice: sayPlatform },
  { method: 'GET', path: '/platform/v1/apps/:code_name', handle: showApp, voice: sayPlatform },
  { method: 'PUT', path: '/platform/v1/apps/:code_name', handle: changeOneApp, voice: sayPlatform },
  { method: 'POST', path: '/platform/v1/apps/:code_name/secrets', handle: createSecret, voice: sayPlatform },
  { method: 'GET', path: '/platform/v1/apps/:code_name/secrets', handle: listSecrets, voice: sayPlatform },
  { method: 'DELETE', path: '/platform/v1/apps/:code_name/secrets/:uid', handle: retireOneSecret, voice: sayPlatform },
  { method: 'POST', path: '/platform/v1/resources', handle: createResource, voice: sayPlatform },
  { method: 'GET', path: '/platform/v1/resources', handle: listResources, voice: sayPlatform },
  { method: 'PUT', path: '/platform/v1/resources/:uid', handle: changeOneResource, voice: sayPlatform },
  { method: 'DELETE', path: '/platform/v1/resources/:uid', handle: endOneResource, voice: sayPlatform },
]
