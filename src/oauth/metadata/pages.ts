import type { Metadata } from '../../endpoint.ts'

/** What people see, and where developers read on (RFC 8414 §2). What the operator did not set is not told. */
export const pagesMetadata: Metadata = ({ config, messages }) => ({
  ui_locales_supported: messages.languages,
  service_documentation: config.documentationUrl,
  op_policy_uri: config.policyUrl,
  op_tos_uri: config.termsUrl,
})
