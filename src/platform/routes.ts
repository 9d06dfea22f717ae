import type { Endpoint } from '../endpoint.ts'
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
export const platformEndpoints: readonly Endpoint[] = [
  { path: '/platform/v1/apps', methods: ['POST'], readableBy: 'same-origin', errors: sayPlatform, handle: createApp },
  { path: '/platform/v1/apps', methods: ['GET'], readableBy: 'same-origin', errors: sayPlatform, handle: listApps },
  {
    path: '/platform/v1/apps/:code_name',
    methods: ['GET'],
    readableBy: 'same-origin',
    errors: sayPlatform,
    handle: showApp,
  },
  {
    path: '/platform/v1/apps/:code_name',
    methods: ['PUT'],
    readableBy: 'same-origin',
    errors: sayPlatform,
    handle: changeOneApp,
  },
  {
    path: '/platform/v1/apps/:code_name/secrets',
    methods: ['POST'],
    readableBy: 'same-origin',
    errors: sayPlatform,
    handle: createSecret,
  },
  {
    path: '/platform/v1/apps/:code_name/secrets',
    methods: ['GET'],
    readableBy: 'same-origin',
    errors: sayPlatform,
    handle: listSecrets,
  },
  {
    path: '/platform/v1/apps/:code_name/secrets/:uid',
    methods: ['DELETE'],
    readableBy: 'same-origin',
    errors: sayPlatform,
    handle: retireOneSecret,
  },
  {
    path: '/platform/v1/resources',
    methods: ['POST'],
    readableBy: 'same-origin',
    errors: sayPlatform,
    handle: createResource,
  },
  {
    path: '/platform/v1/resources',
    methods: ['GET'],
    readableBy: 'same-origin',
    errors: sayPlatform,
    handle: listResources,
  },
  {
    path: '/platform/v1/resources/:uid',
    methods: ['PUT'],
    readableBy: 'same-origin',
    errors: sayPlatform,
    handle: changeOneResource,
  },
  {
    path: '/platform/v1/resources/:uid',
    methods: ['DELETE'],
    readableBy: 'same-origin',
    errors: sayPlatform,
    handle: endOneResource,
  },
]
