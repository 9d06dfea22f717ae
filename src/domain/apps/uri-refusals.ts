import { defineRefusals } from '../../kit/refusal.ts'
import { rowsWith } from '../../kit/rows-with.ts'

/** What can be wrong with a URI. The message of another refusal quotes it, so it is only a part of a sentence. */
export const uriRefusals = defineRefusals(
  rowsWith(
    { status: 422 },
    {
      'uri.too-long': ['it is longer than 2000 characters', 'Use a shorter URI.'],
      'uri.characters': ['it has characters that a URI must encode', 'Percent-encode them (RFC 3986 §2.1).'],
      'uri.percent': ['it has a % that does not begin an encoded character', 'Write a % itself as %25.'],
      'uri.relative': ['it is not an absolute URI', 'Write the whole URI, such as https://app.example/callback.'],
      'uri.fragment': ['it has a fragment', 'Leave out the # and what follows it.'],
      'uri.user': ['it has a user name', 'Leave out the user name and the @.'],
      'uri.scheme': ['it must begin with https:// in lower case', 'Write its scheme in lower case, then //.'],
      'uri.host': ['write its host as {host}', 'Use lower case, and leave out the default port.'],
      'uri.host-dot': ['its host ends in a dot', 'Leave out the dot at the end of the host.'],
      'uri.dot-segments': ['its path has dot segments', 'Write the path without . and .. segments.'],
      'uri.http': ['http is only for loopback addresses, use https', 'Use https.'],
      'uri.wildcard': ['wildcards are not allowed. Register each URI', 'Register each URI, letter for letter.'],
      'uri.response-parameter': ['its query has {name}, which the response adds', 'Leave {name} out of the query.'],
      'uri.private-scheme': [
        'use https, or a scheme of your own with a dot such as com.example.app:/callback',
        'The operator can allow a scheme without a dot with BEHALF_REDIRECT_SCHEMES.',
      ],
      'uri.scheme-case': ['write its scheme in lower case, as {scheme}', 'Write the scheme in lower case.'],
      'uri.scheme-dot': ['its scheme has a dot without a name behind it', 'Use a domain of your own, reversed.'],
      'uri.scheme-slash': ['a slash must follow its scheme, as in {scheme}:/callback', 'Add a slash.'],
      'uri.not-https': ['use https', 'Use https.'],
      'uri.no-path': ['it needs a path, such as https://app.example/client.json', 'Add a path.'],
      'uri.no-name': ['use https, or a name such as urn:example:orders', 'Use https, or a URN (RFC 8141).'],
    },
  ),
)

export const uriFault: typeof uriRefusals.refusal = uriRefusals.refusal
