import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { z } from 'zod'
import { askAbout, type TokenFacts } from './ask-about.ts'
import { readBody } from './read-body.ts'

/** A client of a business, as this server tells of it. */
export interface Client {
  id: string
  first_name: string
  last_name: string
}

export interface McpSettings {
  port: number
  host: string
  /** The URL of this server's `/mcp`, as it is registered as a resource with Behalf. */
  resource: string
  /** Who issues the tokens: the URL of Behalf. */
  authorizationServer: string
  /** What Behalf gave when the resource was registered; with it this server may ask about tokens that are for it. */
  clientId: string
  clientSecret: string
  /** The clients of each business, by the uid of the business. */
  clients: Record<string, Client[]>
}

/** The scope that every request needs. */
const SCOPE = 'clients_read'
/** The further scopes that calls of a tool need. */
const TOOL_SCOPES = new Map([['add_client', 'clients_create']])

/** Starts a server of the Model Context Protocol with the tools `list_clients` and `add_client`, for holders of a token that is meant for it. */
export async function startMcpServer(settings: McpSettings) {
  const server = createServer((request, response) => {
    answer(request, response, settings).catch((error) => {
      console.error(error)
      if (!response.headersSent) send(response, 500, { error: 'server_error' })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(settings.port, settings.host, resolve)
  })
  return {
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, settings: McpSettings): Promise<void> {
  const { resource, authorizationServer } = settings
  // Assistants that run in a browser come from any origin; what they may see hangs on their token alone.
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-expose-headers', 'WWW-Authenticate')
  if (request.method === 'OPTIONS') return preflight(response)
  const path = (request.url ?? '/').split('?')[0]!
  const { pathname } = new URL(resource)
  // RFC 9728 §3.1: with the resource's path behind it, and for clients that only know the root, without.
  const known = '/.well-known/oauth-protected-resource'
  if (path === known || path === known + pathname) {
    return send(response, 200, {
      resource,
      authorization_servers: [authorizationServer],
      scopes_supported: [SCOPE],
      bearer_methods_supported: ['header'],
      resource_name: 'Clients, for assistants',
    })
  }
  if (path !== pathname) return send(response, 404, { error: 'not_found' })

  const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (!token) return challenge(response, settings, 401, [SCOPE])
  const facts = await askAbout(token, settings)
  if (facts === 'unreachable') return send(response, 503, { error: 'temporarily_unavailable' }, { 'retry-after': '2' })
  if (facts === 'refused') return challenge(response, settings, 401, [SCOPE], 'invalid_token')
  const body = request.method === 'POST' ? await readBody(request) : undefined
  if (body === 'too-large') return send(response, 413, { error: 'too_large' }, { connection: 'close' })
  if (body === 'no-json') return send(response, 400, { error: 'no_json' })
  const needed = neededScopes(body?.json)
  const granted = facts.scope.split(' ')
  if (!needed.every((scope) => granted.includes(scope)))
    return challenge(response, settings, 403, needed, 'insufficient_scope')

  // Without sessions, each request has a server of its own: nothing of one business can reach another.
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true })
  const mcp = toolsFor(facts, settings)
  response.once('close', () => void mcp.close())
  await mcp.connect(transport as Parameters<McpServer['connect']>[0])
  await transport.handleRequest(request, response, body?.json)
}

/** Returns the scopes that the messages of a request need. One request can have several messages. */
function neededScopes(json: unknown): string[] {
  const tools = [json].flat().map((message) => {
    const { method, params } = (message ?? {}) as { method?: unknown; params?: { name?: string } }
    return method === 'tools/call' ? TOOL_SCOPES.get(params?.name ?? '') : undefined
  })
  return [...new Set([SCOPE, ...tools.filter((scope) => scope !== undefined)])]
}

/** The business comes from the token, never from what the assistant says. */
function toolsFor(facts: TokenFacts, { clients }: McpSettings): McpServer {
  const mcp = new McpServer({ name: 'clients', version: '1.0.0' })
  mcp.registerTool('list_clients', { description: `The clients of ${facts.business_name}` }, async () => ({
    content: [{ type: 'text', text: JSON.stringify(clients[facts.business_uid] ?? []) }],
  }))
  const inputSchema = { first_name: z.string().min(1).max(100), last_name: z.string().min(1).max(100) }
  const description = `Adds a client of ${facts.business_name}`
  mcp.registerTool('add_client', { description, inputSchema }, async (names) => {
    const client: Client = { id: crypto.randomUUID(), ...names }
    clients[facts.business_uid] = [...(clients[facts.business_uid] ?? []), client]
    return { content: [{ type: 'text', text: JSON.stringify(client) }] }
  })
  return mcp
}

/**
 * Says where the client finds the authorization server of this server (RFC 9728 §5.1), and which scopes the request needs (RFC 6750 §3). A
 * client that gets 403 `insufficient_scope` asks the person for these scopes.
 */
function challenge(
  response: ServerResponse,
  { resource }: McpSettings,
  status: 401 | 403,
  needed: readonly string[],
  error?: string,
): void {
  const { origin, pathname } = new URL(resource)
  const said = [
    ...(error ? [`error="${error}"`] : []),
    `scope="${needed.join(' ')}"`,
    `resource_metadata="${origin}/.well-known/oauth-protected-resource${pathname}"`,
  ]
  send(response, status, { error: error ?? 'unauthorized' }, { 'www-authenticate': `Bearer ${said.join(', ')}` })
}

/** What a browser asks before it lets a page of another origin send a token along (Fetch §4.8). */
function preflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST, DELETE',
    'access-control-allow-headers':
      'Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Session-Id, Last-Event-ID',
  })
  response.end()
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(JSON.stringify(body))
}
