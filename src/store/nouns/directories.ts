import type { Event } from './events.ts'

/** The look of a directory's pages, and its `brand_theme`. Named as on the wire, because it is stored as it is sent. */
export interface Theme {
  colors: { primary: string; secondary: string; text: string }
  locale: string
  /** The path of the logo on this server. It is sent as a URL. */
  logo: string | null
  name: string | null
  powered_by: Record<'parent_goto_url' | 'parent_logo_bright' | 'parent_logo_dark', string | null>
}

/** A partner of the platform, with a brand, hosts, businesses and apps. */
export interface Directory {
  uid: string
  name: string
  /** The host that its people see. */
  host: string
  theme: Theme
  /** A `data:` URL of its logo. */
  logo: string | null
  /** Where its people find help: an https or mailto URL. */
  supportUrl: string | null
  /** Its privacy policy. */
  privacyUrl: string | null
  createdAt: number
  endedAt: number | null
}

export interface Directories {
  add(directory: Directory, hosts: readonly string[], event: Event): Promise<void>
  /** The directory, live or not. */
  find(uid: string): Promise<Directory | undefined>
  /** The live directory that owns a host (without port, lower case). */
  findLiveByHost(host: string): Promise<Directory | undefined>
  list(): Promise<Directory[]>
  /** Changes what people see of a live directory. Returns false and writes nothing when it has changed since it was read. */
  change(directory: Directory, was: Directory, event: Event): Promise<boolean>
  /** Ends the directory, and with it its platform tokens and every token of its businesses. */
  end(uid: string, at: number, event: Event): Promise<boolean>
}
