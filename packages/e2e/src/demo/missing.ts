/** The demo needs something of this machine that is not there; the message says what and how to get it. */
export class Missing extends Error {}
