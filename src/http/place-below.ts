import { Answer } from './reply.ts'

/**
 * Places an answer below the path of the issuer, such as `/auth`. Our own URLs begin with a slash in redirects and in the links, images,
 * scripts and forms of pages; they get the path in front. Text of others cannot look like such an attribute, because pages escape quotes.
 */
export function placeBelow(basePath: string, { status, headers, body }: Answer): Answer {
  const { location } = headers
  const isOwn = typeof location === 'string' && /^\/(?!\/)/.test(location)
  const isPage = typeof body === 'string' && headers['content-type']?.toString().startsWith('text/html')
  return new Answer(
    status,
    isOwn ? { ...headers, location: basePath + location } : headers,
    isPage ? body.replaceAll(/ (href|src|action)="\/(?!\/)/g, ` $1="${basePath}/`) : body,
  )
}
