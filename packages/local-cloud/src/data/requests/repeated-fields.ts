/** For HTTP/2 of node: several values of a header that should have one are handed on, as over HTTP/1.1, and no error. An option that its types do not know yet. */
export const repeatedFields: object = { strictSingleValueFields: false };
