import { isRecord, parseJson } from '../../kit/json.ts'

/** Returns the JSON object of an answer; an empty one when it is something else. */
export async function readAnswer(response: Response): Promise<Record<string, unknown>> {
  const parsed = parseJson(await response.text())
  return isRecord(parsed) ? parsed : {}
}

/** Returns what an error answer says, with its reference for `behalf why`. */
export function describeError({ status }: Response, answer: Record<string, unknown>): string {
  const reference = answer.reference === undefined ? '' : ` (reference ${answer.reference})`
  return `${answer.error_description ?? `answered ${status}`}${reference}`
}
