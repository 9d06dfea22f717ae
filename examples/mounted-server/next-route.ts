import { openBehalf } from './open-behalf.ts'

/**
 * `app/[...path]/route.ts` of a Next.js app. Next.js runs several copies of a module; one Behalf per process is enough, so it is kept
 * where all copies find it.
 */
const kept = globalThis as typeof globalThis & { behalf?: ReturnType<typeof openBehalf> }

async function handle(request: Request): Promise<Response> {
  kept.behalf ??= openBehalf()
  const { behalf } = await kept.behalf
  // The proxy in front must set this header itself, because limits count by it.
  return behalf.fetch(request, { address: request.headers.get('x-real-ip') ?? undefined })
}

export { handle as DELETE, handle as GET, handle as HEAD, handle as OPTIONS, handle as POST, handle as PUT }
export const dynamic = 'force-dynamic'
