/** Why an outbound request failed, for the log. A client that chose the URL never sees it, or it could scan our network. */
export class OutboundFault extends Error {}
