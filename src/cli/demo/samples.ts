/** A small server that was started and can be stopped. */
export interface Sample {
  stop(): Promise<void>
}

/** An app that the demo registered, as the sample app is told of it and as it is kept for the next run. */
export interface DemoApp {
  slug: string
  name: string
  note: string
  codeName: string
  clientId: string
  clientSecret: string
}

export interface DemoClient {
  id: string
  first_name: string
  last_name: string
  email: string
}

/** The examples that the demo starts. They stand outside of src/ and are handed in, because nothing in src/ may need them. */
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
