import { html } from 'hono/html'
import { foldedName } from '../kit/folded-name.ts'
import { plainName } from '../kit/plain-name.ts'
import type { Membership } from '../store/nouns/staff.ts'
import { hidden } from './form.ts'
import type { Markup } from './page.ts'
import type { PageContext } from './page-context.ts'
import { pageUrls } from './page-urls.ts'

/** How many businesses are listed without a search. */
const MAX_WITHOUT_SEARCH = 10
const MAX_SEARCH_LENGTH = 100

/** Returns the words to search for, or undefined for the whole list. */
export function readSearch(text: string | undefined): string | undefined {
  return text?.trim().slice(0, MAX_SEARCH_LENGTH) || undefined
}

/** Returns the businesses in the order of this language, in which "Salon 2" comes before "Salon 10". */
export function sortedByName(memberships: readonly Membership[], { language }: PageContext): Membership[] {
  const { compare } = new Intl.Collator(language, { numeric: true, sensitivity: 'base' })
  return memberships.toSorted((a, b) => compare(a.businessName, b.businessName))
}

/** Returns the businesses whose name contains the words. Case and diacritics do not matter. */
export function foundByName(memberships: readonly Membership[], words: string): Membership[] {
  const folded = foldedName(words)
  return memberships.filter(({ businessName }) => foldedName(plainName(businessName)).includes(folded))
}

/** The form that searches a long list, without JavaScript. The ticket in it keeps the request. Empty for a short list. */
export function businessSearch(
  { t }: PageContext,
  ticket: string,
  { count, words = '' }: { count: number; words: string | undefined },
): Markup | '' {
  if (count <= MAX_WITHOUT_SEARCH) return ''
  return html`<form method="get" action="${pageUrls.chooseBusiness()}" class="search" role="search">
${hidden('ticket', ticket)}
<label for="search">${t('business.search')}</label>
<div class="search-row"><input type="search" id="search" name="search" value="${words}" maxlength="${MAX_SEARCH_LENGTH}" autocomplete="off" enterkeyhint="search">
<button class="button" id="find" type="submit">${t('business.find')}</button></div>
</form>`
}
