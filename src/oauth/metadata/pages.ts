import type { Site } from '../../site.ts'

/** The metadata about pages and documentation (RFC 8414 §2), without what the operator has not set. */
export const pagesMetadata = ({ config, messages }: Site) => ({
  ui_locales_supported: messages.languages,
  service_documentation: config.documentationUrl,
  op_policy_uri: config.policyUrl,
  op_tos_uri: config.termsUrl,
})
