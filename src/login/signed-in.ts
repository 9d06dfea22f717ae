import { html } from 'hono/html'
import type { Endpoint } from '../endpoint.ts'
import { seeOther } from '../http/reply.ts'
import { plainName } from '../kit/plain-name.ts'
import { accountLine } from '../ui/account-line.ts'
import { sortedByName } from '../ui/business-search.ts'
import { page } from '../ui/page.ts'
import { pageEndpoint } from '../ui/page-endpoint.ts'
import { pageUrls } from '../ui/page-urls.ts'
import { roleName } from '../ui/role-name.ts'
import { openSignedInVisit } from '../ui/visit.ts'
import { signOutButton } from './sign-out.ts'

/** The front page redirects to the account of the person. */
export const homeEndpoint: Endpoint = {
  ...pageEndpoint('GET', '/', () => seeOther(pageUrls.signedIn())),
  // The path of the issuer itself, without a slash at its end.
  atRoot: (basePath) => [basePath || '/'],
}

/** GET /signed-in: the account and its businesses, for a person who signed in without an app. */
export const showSignedInEndpoint = pageEndpoint('GET', pageUrls.signedIn(), async (incoming, site) => {
  const visit = await openSignedInVisit(incoming, site)
  const { t, session } = visit
  const memberships = sortedByName(await site.store.staff.memberships(session.personUid), visit)
  return page(
    visit,
    { title: t('signedIn.title') },
    html`<h1>${t('signedIn.title')}</h1>
<p class="account-shown">${accountLine(session)}</p>
<section>
<h2>${t('signedIn.businesses')}</h2>
${
  memberships.length === 0
    ? html`<p>${t('signedIn.noBusiness')}</p>`
    : html`<ul class="businesses">
${memberships.map(
  ({ businessName, businessUid, role }) =>
    html`<li><span class="choice-name"><bdi translate="no">${plainName(businessName) || businessUid}</bdi></span> <span class="choice-role">${roleName(role, t)}</span></li>`,
)}
</ul>`
}
</section>
${signOutButton(visit, 'plain')}`,
  )
})
