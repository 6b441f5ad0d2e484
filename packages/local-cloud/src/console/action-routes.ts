import { CloudError } from '../control/cloud-error.ts';
import type { Faults } from '../http/faults.ts';
import type { ApiReply, ApiRequest, Route } from '../http/route.ts';
import { FAULTS, OVERVIEW } from './addresses.ts';
import { readFaultForm } from './fault-form.ts';
import type { FormToken } from './form-token.ts';

/** The forms that change something. Each is a POST from this server's own pages, told by its origin and by the token in it. */
export function actionRoutes(faults: Faults, token: FormToken): readonly Route[] {
  const form = (path: string, act: (form: URLSearchParams) => string): Route => ({
    method: 'POST',
    pattern: new RegExp(`^${path}$`),
    handle: (request) => seeOther(act(checked(request, token))),
  });
  return [
    form(`${FAULTS}/clear`, (fields) => {
      const id = fields.get('id');
      if (id === null) faults.clear();
      else faults.remove(id);
      return fields.get('back') === OVERVIEW ? OVERVIEW : FAULTS;
    }),
    form(`${FAULTS}/add`, (fields) => {
      const answer = readFaultForm(fields);
      if (answer.kind === 'refused') return `${FAULTS}?problem=${encodeURIComponent(answer.because)}`;
      faults.add([answer.fault]);
      return FAULTS;
    }),
  ];
}

/** Browsers send an Origin with every form; the server has refused those that are not its own. */
function checked({ headers, body }: ApiRequest, token: FormToken): URLSearchParams {
  if (headers.origin === undefined)
    throw new CloudError('PERMISSION_DENIED', 'a form of the console must come with the header "Origin"');
  const fields = new URLSearchParams(body.toString('utf8'));
  if (!token.isGood(fields.get('token') ?? undefined))
    throw new CloudError(
      'PERMISSION_DENIED',
      'the form is not of this console, or of one that was restarted since: open its page anew',
    );
  return fields;
}

/** The page is loaded anew, so that reloading it does not send the form again. */
function seeOther(location: string): ApiReply {
  return { status: 303, headers: { location } };
}
