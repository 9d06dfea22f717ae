import { defineRefusals } from '../kit/refusal.ts'

/** Requests that cannot be read, and paths that do not exist. */
export const httpRefusals = defineRefusals({
  'address.unknown': {
    status: 404,
    says: 'This path does not exist.',
    fix: 'Check the path. The metadata of the server lists its endpoints.',
  },
  'address.method': {
    status: 405,
    says: 'This path accepts only {allowed}.',
    fix: 'Use one of the methods in the Allow header of the response.',
  },
  'server.starting': { status: 503, retryAfter: 2, says: 'The server is starting.' },
  'server.fault': {
    status: 500,
    says: 'Something went wrong on our side. Send us the reference, and we can find the error.',
    fix: 'Look for the reference in the log of the server.',
  },
  'parameter.repeated': { status: 400, says: 'The parameter {parameter} was sent {times} times; send it once.' },
  'parameter.missing': { status: 400, says: 'The parameter {parameter} is missing.', fix: 'Send {parameter}.' },
  'parameter.in-url': {
    status: 400,
    says: 'The parameter {parameter} is in the URL, where logs would keep it; send it in the body.',
    fix: 'Send {parameter} in the body.',
  },
  'parameter.too-many': {
    status: 400,
    says: 'The request has more than {most} parameters.',
    fix: 'Send fewer parameters.',
  },
  'parameter.bad-character': {
    status: 400,
    says: 'A parameter contains a character that is not allowed.',
    fix: 'Remove NUL characters and lone surrogates.',
  },
  'parameter.bad-encoding': {
    status: 400,
    says: 'A parameter is not valid percent-encoded UTF-8.',
    fix: 'Encode names and values with a form encoder, such as URLSearchParams.',
  },
  'header.host': { status: 400, says: 'The Host header does not contain a valid host name.' },
  'header.repeated': { status: 400, says: 'The {name} header was sent {times} times; send it once.' },
  'json.invalid': { status: 400, says: 'The body is not valid JSON.', fix: 'Write the body with a JSON library.' },
  'json.not-an-object': { status: 400, says: 'The JSON body must be an object.', fix: 'Put the members in braces.' },
  'json.not-a-string': {
    status: 400,
    says: 'The member {parameter} must be a string.',
    fix: 'Put the value in quotes.',
  },
  'json.repeated': { status: 400, says: 'The member {parameter} of the JSON body was sent twice; send it once.' },
  'body.broken-off': {
    status: 400,
    says: 'The connection closed before the whole body arrived.',
    fix: 'Send the request again. If the error repeats, look for a proxy or a timeout that closes connections.',
  },
  'body.too-large': { status: 413, says: 'The body is larger than {limit} bytes.', fix: 'Send a smaller body.' },
  'body.not-utf-8': { status: 400, says: 'The body is not valid UTF-8.', fix: 'Encode the body in UTF-8.' },
  'body.charset': { status: 415, says: 'Send the body in UTF-8.', fix: 'Remove charset from the Content-Type header.' },
  'body.compressed': { status: 415, says: 'Send the body uncompressed.' },
  'body.not-a-form-or-json': {
    status: 415,
    says: 'Send the body as application/x-www-form-urlencoded or application/json.',
  },
  'body.not-json': { status: 415, says: 'Send the body as application/json.' },
  'form.not-a-form': {
    status: 415,
    says: 'The form was sent with a content type that this page does not accept.',
    fix: 'Reload the page and submit its form again.',
  },
  'form.foreign': {
    status: 403,
    says: 'This form does not come from our own page, or it is too old. Go back, reload the page and try again.',
  },
  'form.no-cookies': {
    status: 403,
    says: 'The browser sent the form without the cookie that it got with the page. It blocks cookies, or has just deleted them.',
    fix: 'Allow cookies for this host in the browser. In an app, open the system browser, and never load these pages in a frame.',
  },
  'bearer.several': {
    status: 400,
    says: 'The Authorization header contains more than one credential; send one Bearer token.',
  },
  'bearer.malformed': {
    status: 400,
    says: 'The Authorization header must contain the word Bearer, a space and one token, and nothing else.',
  },
  'bearer.foreign': {
    status: 401,
    code: 'invalid_token',
    says: 'This server did not issue the token in the Authorization header.',
    fix: 'Send the token exactly as this server issued it.',
  },
})

export const refusal: typeof httpRefusals.refusal = httpRefusals.refusal
export const refuse: typeof httpRefusals.refuse = httpRefusals.refuse
