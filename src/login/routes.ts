import { seeOther } from '../http/reply.ts'
import type { Handler, Route } from '../site.ts'
import { sayPage } from '../ui/say-page.ts'
import { STYLE_PATH, serveStyle } from '../ui/style.ts'
import { serveAppLogo, serveBrandStyle, serveDirectoryLogo } from './brand-assets.ts'
import { chooseBusiness, showBusinesses } from './choose-business.ts'
import { showConsent } from './consent.ts'
import { continueAs, switchAccount } from './go-on.ts'
import { showSignIn, signIn } from './sign-in.ts'
import { showSignedOut, showSignOut, signOut } from './sign-out.ts'
import { showSignedIn } from './signed-in.ts'

const get = (path: string, handle: Handler): Route => ({ method: 'GET', path, handle, voice: sayPage })
const post = (path: string, handle: Handler): Route => ({ method: 'POST', path, handle, voice: sayPage })

/** Where people prove who they are and say what they allow, and what those pages are dressed with. GET never changes anything. */
export const loginRoutes: readonly Route[] = [
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
  get('/assets/brand/:file{[a-z0-9]+\\.css}', serveBrandStyle),
  get('/assets/logo/directory/:uid', serveDirectoryLogo),
  get('/assets/logo/app/:uid', serveAppLogo),
]
