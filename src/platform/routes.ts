import type { Route } from '../site.ts'
import { changeOneApp } from './apps/change-one-app.ts'
import { createApp } from './apps/create-app.ts'
import { listApps } from './apps/list-apps.ts'
import { showApp } from './apps/show-app.ts'
import { sayPlatform } from './voice.ts'

/** The management API that partners call. */
export const platformRoutes: readonly Route[] = [
  { method: 'POST', path: '/platform/v1/apps', handle: createApp, voice: sayPlatform },
  { method: 'GET', path: '/platform/v1/apps', handle: listApps, voice: sayPlatform },
  { method: 'GET', path: '/platform/v1/apps/:code_name', handle: showApp, voice: sayPlatform },
  { method: 'PUT', path: '/platform/v1/apps/:code_name', handle: changeOneApp, voice: sayPlatform },
]
