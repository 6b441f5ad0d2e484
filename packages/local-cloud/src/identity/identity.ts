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
}

/** Who there is, who may be whom, and the tokens that were given out. */
export interface Identity {
  readonly tokens: Tokens;
  readonly settings: () => Required<IdentityOptions>;
  /** Replaces what is given and leaves the rest. */
  readonly change: (options: IdentityOptions) => void;
}

export function identityOf(options: IdentityOptions, nowMs: () => number): Identity {
  let settings: Required<IdentityOptions> = {
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
