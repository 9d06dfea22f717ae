import { command } from '../kit/command.ts'
import { usageFailure } from '../kit/exit.ts'
import { reportFindings } from '../kit/findings.ts'
import { APP, needApp } from '../kit/need.ts'
import { withSite } from '../kit/with-site.ts'
import { examineApp } from './examine-app.ts'
import { readSigningKey } from './read-signing-key.ts'
import { walkFlow } from './walk-flow.ts'

export const test = command({
  options: {
    url: { value: 'URL', description: 'Where this machine reaches the server. Default: the issuer.' },
    secret: { value: 'SECRET', description: 'A secret of the app, which is tried at the token endpoint.' },
    key: { value: 'FILE', description: 'A private key of the app (JWK or PEM), which is tried at the token endpoint.' },
    resource: {
      value: 'URI',
      description: 'The resource that the app requests tokens for. Default: its default resource.',
    },
  },
  argument: APP,
  more: 'It signs no one in: the server refuses its last step, so no install, code or token is created.',
  examples: [
    'app test tidybooks',
    'app test tidybooks --secret "$CLIENT_SECRET"',
    'app test tidybooks --key key.pem',
    'app test tidybooks --json',
  ],
  async run({ url, secret, key: file, resource }, around, given) {
    if (url !== undefined && !URL.canParse(url))
      throw usageFailure('--url must be a URL, such as http://127.0.0.1:7200.')
    const key = file === undefined ? undefined : readSigningKey(file)
    const findings = await withSite(around, async (site) => {
      const app = await needApp(given!, site)
      return [
        ...(await examineApp(app, site, resource)),
        ...(await walkFlow({ app, site, url, secret, key, resource })),
      ]
    })
    return reportFindings(findings, {
      passed: 'The app can use this server. What it does with the answers is up to the app.',
      failed: 'Fix the points marked TO DO.',
    })
  },
})
