import { command } from './command.ts'
import { day } from './table.ts'
import { OPERATOR, withSite } from './with-site.ts'

export default command({
  options: {},
  more: [
    'The new key is published at once and signs after an hour, so that nobody meets a signature they cannot check. The old one',
    'stays published for as long as something it signed may live. Nobody is signed out.',
  ].join('\n'),
  examples: ['keys rotate'],
  async run(_, around) {
    const { kid, signsFrom } = await withSite(around, ({ keys }) => keys.rotate('RS256', OPERATOR))
    const time = new Date(signsFrom * 1000).toISOString().slice(11, 16)
    return {
      text: `The key ${kid} was made and is published. It signs from ${day(signsFrom)} ${time} UTC.`,
      json: { kid, algorithm: 'RS256', signs_from: signsFrom },
    }
  },
})
