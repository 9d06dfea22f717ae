import { isRecord, parseJson } from '../../kit/json.ts'

/** Returns the JSON object of an answer; an empty one when it is something else. */
export async function readAnswer(response: Response): Promise<Record<string, unknown>> {
  const parsed = parseJson(await response.text())
  return isRecord(parsed) ? parsed : {}
}
