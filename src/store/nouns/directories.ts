import type { Event } from './events.ts'

/** How a directory's pages and its `brand_theme` look; names as on the wire, because it is stored and sent as it is. */
export interface Theme {
  colors: { primary: string; secondary: string; text: string }
  locale: string
  logo: string | null
  name: string | null
  powered_by: Record<
    | 'intandem_goto_url'
    | 'intandem_logo_bright'
    | 'intandem_logo_dark'
    | 'parent_goto_url'
    | 'parent_logo_bright'
    | 'parent_logo_dark',
    string | null
  >
}

/** A partner of the platform: owns a brand, hosts, businesses and apps. */
export interface Directory {
  uid: string
  name: string
  /** The host its people know it by. */
  host: string
  theme: Theme
  /** A `data:` URL of its logo. */
  logo: string | null
  createdAt: number
  endedAt: number | null
}

export interface Directories {
  add(directory: Directory, hosts: readonly string[], event: Event): Promise<void>
  /** The directory, alive or not. */
  find(uid: string): Promise<Directory | undefined>
  /** The live directory that owns a host (without port, lower case). */
  findLiveByHost(host: string): Promise<Directory | undefined>
  list(): Promise<Directory[]>
  /** Ends it: every token of its businesses and every directory token dies with it. */
  end(uid: string, at: number, event: Event): Promise<boolean>
}
