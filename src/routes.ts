import type { Endpoint, ErrorRenderer } from './endpoint.ts'
import { appLogoEndpoint, brandStyleEndpoint, directoryLogoEndpoint } from './login/brand-assets.ts'
import { chooseBusinessEndpoint, showBusinessesEndpoint } from './login/choose-business.ts'
import { showConsentEndpoint } from './login/consent.ts'
import {
  continueAsEndpoint,
  continueAsStepEndpoint,
  switchAccountEndpoint,
  switchAccountStepEndpoint,
} from './login/continue-as.ts'
import { showSignInEndpoint, signInEndpoint } from './login/sign-in.ts'
import { showSignedOutEndpoint, showSignOutEndpoint, signOutEndpoint } from './login/sign-out.ts'
import { homeEndpoint, showSignedInEndpoint } from './login/signed-in.ts'
import { appTokenEndpoint } from './oauth/endpoints/app-token.ts'
import { authorizeEndpoint } from './oauth/endpoints/authorize.ts'
import { consentEndpoint, consentStepEndpoint } from './oauth/endpoints/consent.ts'
import { endSessionEndpoint } from './oauth/endpoints/end-session.ts'
import { introspectEndpoint } from './oauth/endpoints/introspect.ts'
import { jwksEndpoint } from './oauth/endpoints/jwks.ts'
import { metadataEndpoint } from './oauth/endpoints/metadata.ts'
import { parEndpoint } from './oauth/endpoints/par.ts'
import { registerEndpoint } from './oauth/endpoints/register.ts'
import {
  changeRegistrationEndpoint,
  endRegistrationEndpoint,
  showRegistrationEndpoint,
} from './oauth/endpoints/registration.ts'
import { resumeEndpoint } from './oauth/endpoints/resume.ts'
import { revokeEndpoint } from './oauth/endpoints/revoke.ts'
import { tokenEndpoint } from './oauth/endpoints/token.ts'
import { userinfoEndpoint } from './oauth/endpoints/userinfo.ts'
import { webfingerEndpoint } from './oauth/endpoints/webfinger.ts'
import { oauthErrors } from './oauth/errors/oauth-errors.ts'
import { liveEndpoint, readyEndpoint } from './ops/health.ts'
import { appEndpoints } from './platform/apps.ts'
import { platformErrors } from './platform/platform-errors.ts'
import { resourceEndpoints } from './platform/resources.ts'
import { secretEndpoints } from './platform/secrets.ts'
import { pageAssets } from './ui/page-assets.ts'

/** The protocol. */
const oauth: readonly Endpoint[] = [
  authorizeEndpoint,
  resumeEndpoint,
  consentEndpoint,
  consentStepEndpoint,
  endSessionEndpoint,
  tokenEndpoint,
  revokeEndpoint,
  parEndpoint,
  appTokenEndpoint,
  introspectEndpoint,
  registerEndpoint,
  showRegistrationEndpoint,
  changeRegistrationEndpoint,
  endRegistrationEndpoint,
  userinfoEndpoint,
  jwksEndpoint,
]

/** Where people sign in and answer the permission dialog, with the brands of these pages. GET never changes anything. */
const login: readonly Endpoint[] = [
  homeEndpoint,
  showSignInEndpoint,
  signInEndpoint,
  continueAsEndpoint,
  continueAsStepEndpoint,
  switchAccountEndpoint,
  switchAccountStepEndpoint,
  showBusinessesEndpoint,
  chooseBusinessEndpoint,
  showConsentEndpoint,
  showSignedInEndpoint,
  showSignOutEndpoint,
  signOutEndpoint,
  showSignedOutEndpoint,
  brandStyleEndpoint,
  directoryLogoEndpoint,
  appLogoEndpoint,
]

/** Every endpoint of the server, grouped by room. */
export const endpoints: readonly Endpoint[] = [
  ...oauth,
  metadataEndpoint(oauth),
  webfingerEndpoint,
  ...login,
  ...appEndpoints,
  ...secretEndpoints,
  ...resourceEndpoints,
  ...[liveEndpoint, readyEndpoint],
  ...pageAssets,
]

/** How unknown paths are refused below the paths of APIs. Everywhere else they get a page. */
export const unknownPaths: readonly { below: string; errors: ErrorRenderer }[] = [
  { below: '/oauth', errors: oauthErrors },
  { below: '/.well-known', errors: oauthErrors },
  { below: '/platform', errors: platformErrors },
  { below: '/v3', errors: platformErrors },
]
