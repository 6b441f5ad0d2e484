import type { IdentityProvider } from './provider.ts';
import { type Tokens, tokensAt } from './tokens.ts';

export interface IdentityOptions {
  readonly providers?: readonly IdentityProvider[];
  /**
   * By the e-mail of a service account, who may act as it: members as in the bindings of `roles/iam.workloadIdentityUser`. A service account
   * that is not here does not exist.
   */
  readonly serviceAccounts?: Readonly<Record<string, readonly string[]>>;
  /** Whether calls need a token that the local cloud gave out; false unless told. */
  readonly requireTokens?: boolean;
  /**
   * With `requireTokens`: by member (`serviceAccount:…`, `principalSet://…`), the roles or single permissions that it has on every project. From then on a caller of
   * Cloud Run's API may do what these and a resource's own policy allow, and nothing else; without it everybody may do everything.
   */
  readonly grants?: Readonly<Record<string, readonly string[]>>;
}

export type IdentitySettings = Required<Omit<IdentityOptions, 'grants'>> & Pick<IdentityOptions, 'grants'>;

/** Who there is, who may be whom, and the tokens that were given out. */
export interface Identity {
  readonly tokens: Tokens;
  readonly settings: () => IdentitySettings;
  /** Replaces what is given and leaves the rest. */
  readonly change: (options: IdentityOptions) => void;
}

export function identityOf(options: IdentityOptions, nowMs: () => number): Identity {
  let settings: IdentitySettings = {
    providers: [],
    serviceAccounts: {},
    requireTokens: false,
    ...options,
  };
  return {
    tokens: tokensAt(nowMs),
    settings: () => settings,
    change: (changes) => {
      settings = { ...settings, ...changes };
    },
  };
}
