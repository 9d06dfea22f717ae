import type { Endpoint, ErrorRenderer } from './endpoint.ts'
import { loginEndpoints } from './login/routes.ts'
import { sayOAuth } from './oauth/errors/voice.ts'
import { oauthEndpoints } from './oauth/routes.ts'
import { healthEndpoints } from './ops/health.ts'
import { platformEndpoints } from './platform/routes.ts'
import { sayPlatform } from './platform/voice.ts'

/** Every path the server answers, grouped by room. */
export const endpoints: readonly Endpoint[] = [
  ...oauthEndpoints,
  ...loginEndpoints,
  ...platformEndpoints,
  ...healthEndpoints,
]

/** How a path that does not exist is refused below the paths that programs ask. Everywhere else it is a page. */
export const unknownPaths: readonly { below: string; errors: ErrorRenderer }[] = [
  { below: '/oauth', errors: sayOAuth },
  { below: '/.well-known', errors: sayOAuth },
  { below: '/platform', errors: sayPlatform },
  { below: '/v3', errors: sayPlatform },
]
