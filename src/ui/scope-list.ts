import { html } from 'hono/html'
import type { CatalogueText, ScopeDescription } from '../domain/tokens/scopes.ts'
import { accessIcon } from './access-icon.ts'
import { messageMarkup } from './message-markup.ts'
import type { Markup } from './page.ts'
import type { PageContext } from './page-context.ts'

type Access = ScopeDescription['access']
/** The order below a heading: what changes most comes last, next to the buttons. */
const ORDER: readonly Access[] = ['see', 'other', 'change', 'delete']

interface Listed {
  described: readonly ScopeDescription[]
  /** The scopes that the person allowed before. */
  before: readonly string[]
  app: string
  business: string
}

/** Lists what an app will be able to do, by area. What the person allowed before is a list of its own, below what is new. */
export function scopeList(context: PageContext, { described, before, app, business }: Listed): Markup {
  const { t } = context
  const isAllowed = ({ names }: ScopeDescription) => names.every((name) => before.includes(name))
  const known = described.filter(isAllowed)
  const added = described.filter((each) => !isAllowed(each))
  if (described.length === 0)
    return section('scopes', messageMarkup(t, 'consent.scopes', { app }), [
      html`<ul><li>${accessIcon('other')}<span>${messageMarkup(t, 'consent.scopes.none', { business })}</span></li></ul>`,
    ])
  if (known.length === 0 || added.length === 0)
    return section('scopes', messageMarkup(t, 'consent.scopes', { app }), areas(context, described))
  return html`${section('scopes', messageMarkup(t, 'consent.scopes.new', { app }), areas(context, added))}
${section('scopes-before', html`${t('consent.scopes.before')}`, areas(context, known))}`
}

function section(id: string, heading: Markup, lists: readonly Markup[]): Markup {
  return html`<section class="scopes" id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${lists}
</section>`
}

/** Returns a list for each area, with its heading if there are several. */
function areas({ t }: PageContext, described: readonly ScopeDescription[]): Markup[] {
  const headingOf = ({ area }: ScopeDescription): CatalogueText | string =>
    typeof area === 'string' ? t(`consent.area.${area}`) : area
  const textOf = (heading: CatalogueText | string) => (typeof heading === 'string' ? heading : heading.text)
  const groups = [...Map.groupBy(described, (each) => textOf(headingOf(each))).values()]
  return groups.map((group) => {
    const heading = headingOf(group[0]!)
    const language = typeof heading === 'string' ? '' : html` lang="${heading.language}"`
    const sorted = group.toSorted((a, b) => ORDER.indexOf(a.access) - ORDER.indexOf(b.access))
    return html`${groups.length > 1 ? html`<h3><bdi${language}>${textOf(heading)}</bdi></h3>` : ''}
<ul>
${sorted.map(item)}
</ul>`
  })
}

function item({ access, description }: ScopeDescription): Markup {
  return html`<li class="access-${access}">${accessIcon(access)}<span><bdi lang="${description.language}">${description.text}</bdi></span></li>`
}
