/** How it is told that a file holds credentials: by its name alone, or by a text in it as well. */
export type CredentialRule =
  { readonly kind: 'name' } | { readonly kind: 'content'; readonly pattern: RegExp };

const BY_NAME = [
  /^gha-creds-.*\.json$/,
  /^application_default_credentials\.json$/,
  /^\.env$/,
  // `.env.production` holds what `.env` holds; examples of it do not.
  /^\.env\.(?!(?:example|sample|template|dist|defaults?)$)/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)$/,
  /^\.git-credentials$/,
  /^\.netrc$/,
  /\.(?:p12|pfx|jks|keystore)$/,
];

const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;
// Certificates are `.pem` files too, and packages bring the public ones along: only a private key is a secret.
const BY_CONTENT: readonly (readonly [RegExp, RegExp])[] = [
  [/\.(?:pem|key)$/, PRIVATE_KEY],
  [/^\.npmrc$/, /^[^#;\n]*_(?:authToken|auth|password)\s*=\s*(?!\s*\$\{)\S/m],
  [/^\.pypirc$/, /^\s*password\s*[:=]\s*\S/m],
];

/** The rule by which a file of this path must be kept out of images; undefined for files that no rule is about. */
export function credentialRule(path: string): CredentialRule | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (BY_NAME.some((pattern) => pattern.test(name))) return { kind: 'name' };
  const pattern = BY_CONTENT.find(([named]) => named.test(name))?.[1];
  return pattern === undefined ? undefined : { kind: 'content', pattern };
}
