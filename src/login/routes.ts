import type { Endpoint, Handler } from '../endpoint.ts'
import { seeOther } from '../http/reply.ts'
import { pageErrors } from '../ui/page-errors.ts'
import { STYLE_PATH, serveStyle } from '../ui/style.ts'
import { serveAppLogo, serveBrandStyle, serveDirectoryLogo } from './brand-assets.ts'
import { chooseBusiness, showBusinesses } from './choose-business.ts'
import { showConsent } from './consent.ts'
import { continueAs, switchAccount } from './go-on.ts'
import { showSignIn, signIn } from './sign-in.ts'
import { showSignedOut, showSignOut, signOut } from './sign-out.ts'
import { showSignedIn } from './signed-in.ts'

const get = (path: string, handle: Handler): Endpoint => ({
  path,
  methods: ['GET'],
  readableBy: 'same-origin',
  errors: pageErrors,
  handle,
})
const post = (path: string, handle: Handler): Endpoint => ({
  path,
  methods: ['POST'],
  readableBy: 'same-origin',
  errors: pageErrors,
  handle,
})

/** The pages on which people sign in, choose a business and allow an app, and their assets. GET changes nothing. */
export const loginEndpoints: readonly Endpoint[] = [
  get('/', () => seeOther('/signed-in')),
  get('/login', showSignIn),
  post('/login', signIn),
  post('/login/continue', continueAs),
  post('/login/switch', switchAccount),
  get('/login/business', showBusinesses),
  post('/login/business', chooseBusiness),
  get('/login/consent', showConsent),
  get('/signed-in', showSignedIn),
  get('/logout', showSignOut),
  post('/logout', signOut),
  get('/signed-out', showSignedOut),
  get(STYLE_PATH, serveStyle),
  get('/assets/brand/:uid.css', serveBrandStyle),
  get('/assets/logo/directory/:uid', serveDirectoryLogo),
  get('/assets/logo/app/:uid', serveAppLogo),
]
