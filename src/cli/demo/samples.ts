import type { DemoApp } from './demo-folder.ts'

/** A small server that was started and can be stopped. */
export interface Sample {
  stop(): Promise<void>
}

export interface DemoClient {
  id: string
  first_name: string
  last_name: string
  email: string
}

/** The examples that the demo starts. They are passed in, because src/ imports nothing from outside of it. */
export interface Samples {
  startPlainApp(settings: {
    port: number
    host: string
    url: string
    authorizationServer: string
    platformApi: string
    registrations: DemoApp[]
  }): Promise<Sample>
  startPlatformApi(settings: {
    port: number
    host: string
    authorizationServer: string
    clients: Record<string, DemoClient[]>
  }): Promise<Sample>
}
