/** The password of every person of the demo. */
export const PASSWORD = 'demo-password'

export const DIRECTORY = {
  name: 'Harbour',
  hosts: ['localhost', '127.0.0.1'],
  primary: '#0b6e63',
  secondary: '#f2a65a',
  text: '#ffffff',
}

/** A harbour at sunset. */
export const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" rx="14" fill="#0b6e63"/>
<circle cx="32" cy="30" r="13" fill="#f2a65a"/>
<path d="M0 36q8-5 16 0t16 0 16 0 16 0v14a14 14 0 0 1-14 14H14A14 14 0 0 1 0 50Z" fill="#0b6e63"/>
<path d="M4 38q7-5 14 0t14 0 14 0 14 0M4 47q7-5 14 0t14 0 14 0 14 0" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/>
</svg>
`

export const BUSINESSES = [
  {
    name: 'Dana’s Salon',
    clients: [
      ['Maya', 'Stern'],
      ['Tom', 'Becker'],
      ['Aisha', 'Rahman'],
    ],
  },
  {
    name: 'Noor Dental',
    clients: [
      ['Elena', 'Rossi'],
      ['Jonas', 'Lind'],
    ],
  },
] as const

/** `roles` names the businesses that each person is a staff member of. */
export const PEOPLE = [
  { email: 'dana@example.com', name: 'Dana Levi', roles: { 'Dana’s Salon': 'owner', 'Noor Dental': 'admin' } },
  { email: 'noor@example.com', name: 'Noor Haddad', roles: { 'Noor Dental': 'owner' } },
  { email: 'sam@example.com', name: 'Sam Okafor', roles: { 'Dana’s Salon': 'front-desk' } },
] as const

export const APPS = [
  {
    slug: 'tidy-books',
    name: 'Tidy Books',
    note: 'Registered by a partner: it asks for permission.',
    trusted: false,
    scopes: ['openid', 'profile', 'clients_read'],
    listing: { description: { short_description: 'Invoices that write themselves' } },
  },
  {
    slug: 'front-desk',
    name: 'Front Desk',
    note: 'Trusted by the platform: it does not ask.',
    trusted: true,
    scopes: ['openid', 'profile', 'clients_read'],
    listing: { description: { short_description: 'Who comes in today' } },
  },
] as const
