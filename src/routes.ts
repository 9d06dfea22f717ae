import { loginRoutes } from './login/routes.ts'
import { oauthRoutes } from './oauth/routes.ts'
import { healthRoutes } from './ops/health.ts'
import { platformRoutes } from './platform/routes.ts'
import type { Route } from './site.ts'
import { sayPage } from './ui/say-page.ts'

/** Every path the server answers, grouped by room. */
export const routes: readonly Route[] = [...oauthRoutes(sayPage), ...loginRoutes, ...platformRoutes, ...healthRoutes]
