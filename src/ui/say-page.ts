import { neutralBrand } from '../domain/businesses/brand.ts'
import type { Incoming } from '../http/incoming.ts'
import type { Answer } from '../http/reply.ts'
import type { Refusal } from '../kit/refusal.ts'
import { errorPage } from './error-page.ts'
import type { Look } from './look.ts'
import type { WordKey, Words } from './messages/messages.ts'

/** What saying needs of the site. */
interface Mouth {
  readonly config: { readonly name: string; readonly secure: boolean }
  readonly words: Words
  look(incoming: Incoming): Promise<Look>
}

/**
 * Says any refusal as a page. The visitor reads a heading and a sentence of their language by its status; the refusal's own sentence,
 * which names parameters, is for the developer and stands below.
 */
export async function sayPage(refusal: Refusal, incoming: Incoming, site: Mouth): Promise<Answer> {
  const { status, headers } = refusal
  const look = await lookFor(status, incoming, site)
  const kind = kindOf(status)
  const seconds = headers?.['retry-after'] ?? '60'
  return errorPage(look, {
    status,
    heading: look.say(`error.${kind}.title` satisfies WordKey),
    sentence: look.say(`error.${kind}.sentence` satisfies WordKey, { seconds }),
    reference: incoming.reference,
    detail: kind === 'badRequest' ? refusal.message : undefined,
    headers,
  })
}

/** The brand is in the database. Where that is what does not answer, the page must not wait for it once more. */
async function lookFor(status: number, incoming: Incoming, site: Mouth): Promise<Look> {
  const neutral = (): Look => ({
    brand: neutralBrand(site.config.name),
    secure: site.config.secure,
    ...site.words.speak([incoming.header('accept-language') ?? '']),
  })
  if (status === 503) return neutral()
  return site.look(incoming).catch(neutral)
}

function kindOf(status: number) {
  if (status >= 500) return status === 503 ? 'unavailable' : 'ours'
  if (status === 401 || status === 403) return 'forbidden'
  if (status === 404) return 'notFound'
  if (status === 410) return 'gone'
  return status === 429 ? 'tooMany' : 'badRequest'
}
