import { appLogoPath, directoryLogo, directoryLogoPath, type Logo } from '../domain/apps/logo.ts'
import { brandStyle, brandStylePath } from '../domain/businesses/brand.ts'
import { visitorKey } from '../http/address.ts'
import type { Incoming } from '../http/incoming.ts'
import { refusal } from '../http/refusals.ts'
import { type Answer, asset } from '../http/reply.ts'
import { readImage } from '../kit/image.ts'
import { pageEndpoint } from '../ui/page-endpoint.ts'

/** Serves a directory's colours as a stylesheet. */
export const brandStyleEndpoint = pageEndpoint('GET', brandStylePath(':uid'), async (incoming, { store }) => {
  const directory = await store.directories.find(incoming.path.uid!)
  const style = directory && brandStyle(directory)
  if (!style) throw refusal('address.unknown')
  return versioned(incoming, style.version, asset(style.sheet, 'text/css; charset=utf-8'))
})

export const directoryLogoEndpoint = pageEndpoint('GET', directoryLogoPath(':uid'), async (incoming, { store }) => {
  const directory = await store.directories.find(incoming.path.uid!)
  return serveLogo(incoming, directory && directoryLogo(directory))
})

export const appLogoEndpoint = pageEndpoint('GET', appLogoPath(':uid'), async (incoming, { store, appLogos }) => {
  const app = await store.apps.findLive(incoming.path.uid!)
  return serveLogo(incoming, app && (await appLogos.find(app, visitorKey(incoming.address))))
})

function serveLogo(incoming: Incoming, logo: Logo | undefined): Answer {
  const image = logo && readImage(logo.source)
  if (!image) throw refusal('address.unknown')
  return versioned(incoming, logo.version, asset(image.bytes, image.type))
}

/** Lets caches store an answer only if the URL has the current version. */
function versioned(incoming: Incoming, version: string, answer: Answer): Answer {
  return incoming.query.get('v') === version ? answer : answer.with({ 'cache-control': 'no-store' })
}
