import { defineRefusals } from '../kit/refusal.ts'

/** What HTTP itself refuses: requests that cannot be read, addresses that are not there. */
export const httpRefusals = defineRefusals({
  'address.unknown': {
    status: 404,
    says: 'There is nothing at this address.',
    fix: 'Check the path. The metadata of the server names the addresses of its endpoints.',
  },
  'address.method': {
    status: 405,
    says: 'This address answers {allowed} alone.',
    fix: 'Use one of the methods that the header Allow of the answer names.',
  },
  'server.starting': { status: 503, retryAfter: 2, says: 'The server is starting.' },
  'server.fault': {
    status: 500,
    says: 'Something went wrong on our side. Tell us the reference and we can find it.',
    fix: 'Look for the reference in the log of the server.',
  },
  'parameter.repeated': { status: 400, says: 'The parameter {parameter} was sent {times} times; send it once.' },
  'parameter.missing': { status: 400, says: 'The parameter {parameter} is missing.', fix: 'Send {parameter}.' },
  'parameter.in-url': {
    status: 400,
    says: 'The parameter {parameter} is in the URL; send it in the body, where no log keeps it.',
    fix: 'Send {parameter} in the body.',
  },
  'parameter.too-many': { status: 400, says: 'There are more than {most} parameters.', fix: 'Send fewer.' },
  'parameter.bad-character': {
    status: 400,
    says: 'A parameter holds a character that is not allowed.',
    fix: 'Leave out NUL and lone surrogates.',
  },
  'parameter.bad-encoding': {
    status: 400,
    says: 'A parameter is not valid percent-encoded UTF-8.',
    fix: 'Encode names and values with a form encoder, such as URLSearchParams.',
  },
  'header.host': { status: 400, says: 'The header Host does not hold a host name.' },
  'header.repeated': { status: 400, says: 'The header {name} was sent {times} times; send it once.' },
  'json.invalid': { status: 400, says: 'The body is not valid JSON.', fix: 'Write the body with a JSON library.' },
  'json.not-an-object': {
    status: 400,
    says: 'The JSON body must be an object.',
    fix: 'Put the members between braces.',
  },
  'json.not-a-string': {
    status: 400,
    says: 'The member {parameter} must be a string.',
    fix: 'Put the value in quotes.',
  },
  'json.repeated': {
    status: 400,
    says: 'The member {parameter} of the JSON body was sent twice; send it once.',
  },
  'body.broken-off': {
    status: 400,
    says: 'The body broke off before its end.',
    fix: 'Send the request again. If this repeats, look for a proxy or timeout that cuts connections.',
  },
  'body.too-large': {
    status: 413,
    says: 'The body is larger than {limit} bytes.',
    fix: 'Send less.',
  },
  'body.not-utf-8': { status: 400, says: 'The body is not valid UTF-8.', fix: 'Encode the body in UTF-8.' },
  'body.charset': { status: 415, says: 'Send the body in UTF-8.', fix: 'Leave charset out of the Content-Type.' },
  'body.compressed': { status: 415, says: 'Send the body uncompressed.' },
  'body.not-a-form-or-json': {
    status: 415,
    says: 'Send the body as application/x-www-form-urlencoded or application/json.',
  },
  'body.not-json': { status: 415, says: 'Send the body as application/json.' },
  'form.not-a-form': {
    status: 415,
    says: 'The form was sent in a way that this page does not use.',
    fix: 'Reload the page and submit its form again.',
  },
  'form.foreign': {
    status: 403,
    says: 'This form did not come from our own page, or it is too old. Go back, reload the page and try again.',
  },
  'bearer.several': {
    status: 400,
    says: 'The header Authorization holds more than one credential; send one Bearer token.',
  },
  'bearer.malformed': {
    status: 400,
    says: 'The header Authorization must be the word Bearer, one space and one token, and nothing else.',
  },
  'bearer.foreign': {
    status: 401,
    code: 'invalid_token',
    says: 'The token in the header Authorization is not one of ours.',
    fix: 'Send the token exactly as this server gave it.',
  },
})

export const { refusal } = httpRefusals
export const refuse: typeof httpRefusals.refuse = httpRefusals.refuse
