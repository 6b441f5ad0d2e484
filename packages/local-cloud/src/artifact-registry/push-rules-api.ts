import { readJson } from '../http/query.ts';
import type { Route } from '../http/route.ts';
import { flagOf, messageOf, okReply } from '../messages/index.ts';
import type { PushRules } from './push-rules.ts';

/** `PUT` and `GET /-/registry`: whether a repository must be made before something is pushed to it. */
export function pushRulesRoutes(rules: PushRules): readonly Route[] {
  const pattern = /^\/-\/registry$/;
  return [
    {
      method: 'PUT',
      pattern,
      handle: (request) => {
        const message = messageOf(readJson(request), ['requireRepositories'], '');
        rules.change({ requireRepositories: flagOf(message, 'requireRepositories') });
        return okReply(rules.settings());
      },
    },
    { method: 'GET', pattern, handle: () => okReply(rules.settings()) },
  ];
}
