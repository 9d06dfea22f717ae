/** Why nothing could be fetched: for the log. An asker who chose the URL is never told, or could look around with our eyes. */
export class OutboundFault extends Error {}
