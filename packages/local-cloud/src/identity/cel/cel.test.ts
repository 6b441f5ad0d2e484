import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { CelError, parseCel } from './index.ts';

const VARIABLES = {
  assertion: {
    sub: 'repo:o@1/r@2:ref:refs/heads/main',
    repository: 'o/r',
    repository_owner_id: '1',
    teams: ['a', 'b'],
    run: 7,
    load: 1.5,
    none: null,
    places: [{ name: 'x' }],
    arn: 'arn:aws:sts::123:assumed-role/deployer/i-1',
    'https://x/claim': 'y',
  },
  google: { subject: 'me', groups: ['admins'] },
  attribute: { team: 'a' },
};

const valueOf = async (text: string) => (await parseCel(text, Object.keys(VARIABLES)))(VARIABLES);

describe('an expression', () => {
  test.each([
    ['assertion.repository', 'o/r'],
    [`assertion['https://x/claim']`, 'y'],
    [`assertion.repository == "o/r"`, true],
    [`assertion.repository != 'o/r'`, false],
    [`assertion.repository == "o/r" && assertion.repository_owner_id == "1"`, true],
    [`assertion.repository == "x" || assertion.run >= 7`, true],
    [`assertion.repository == "x" || assertion.run > 7 && true`, false],
    [`assertion.repository in ["a/b", "o/r"]`, true],
    [`assertion.run in [1, "x", 7]`, true],
    [`"b" in assertion.teams`, true],
    [`"sub" in assertion`, true],
    [`"constructor" in assertion`, false],
    [`!("c" in assertion.teams)`, true],
    [`assertion.sub.startsWith("repo:o@1/")`, true],
    [`assertion.sub.endsWith("/main") && !assertion.sub.contains("pull")`, true],
    [`assertion.sub.matches("^repo:[a-z]@1/")`, true],
    [`"owner-" + assertion.repository_owner_id`, 'owner-1'],
    [`has(assertion.environment) ? assertion.environment : "none"`, 'none'],
    [`has(assertion.constructor)`, false],
    [`assertion.teams[1]`, 'b'],
    [`assertion.run == -7`, false],
    [`assertion.run * 2 - 1`, 13],
    [`assertion.run / 2 + assertion.run % 2`, 4],
    [`assertion.load + 1.5`, 3],
    [`assertion.load > 1`, true],
    [`assertion.none == null`, true],
    [`string(assertion.run)`, '7'],
    [`assertion.sub.split(":")[1]`, 'o@1/r@2'],
    [`assertion.sub.split(":").join("-")`, 'repo-o@1/r@2-ref-refs/heads/main'],
    [`assertion.teams.exists(team, team == "b")`, true],
    [`assertion.teams.all(team, team == "b")`, false],
    [`assertion.teams.map(team, "team-" + team)`, ['team-a', 'team-b']],
    [`assertion.teams.filter(team, team != "a")`, ['b']],
    [`assertion.places.exists(place, place.name == "x")`, true],
    [`[1, 2].map(n, {"n": n})`, [{ n: 1 }, { n: 2 }]],
    [`{"a": "x", "b": "y"}[assertion.teams[1]]`, 'y'],
    [`assertion.sub.extract("repo:{repository}:")`, 'o@1/r@2'],
    [`assertion.sub.extract("repo:{rest}")`, 'o@1/r@2:ref:refs/heads/main'],
    [`assertion.sub.extract("{all}")`, 'repo:o@1/r@2:ref:refs/heads/main'],
    [`assertion.sub.extract("/heads/{branch}/")`, ''],
    [`assertion.sub.extract("user/{user}")`, ''],
    [`assertion.sub.extract("no place")`, ''],
    [`"admins" in google.groups`, true],
    [`attribute.team == "a" && google.subject == "me" // both`, true],
    [`["x"].exists(assertion, assertion == "x")`, true],
    [`assertion.environment == "x" && false`, false],
    [`true || assertion.environment == "x"`, true],
    [`assertion.repository == "it's"`, false],
  ])('%s is %p', async (text, expected) => {
    expect(await valueOf(text)).toEqual(expected);
  });

  test.each([
    ['assertion.environment', 'No such key: environment'],
    ['assertion.constructor', 'No such key: constructor'],
    ['google.protobuf', 'No such key: protobuf'],
    ['assertion.teams[2]', 'No such key: index out of bounds, index 2 >= size 2'],
    [`assertion.sub && true`, `Logical operator requires bool operands, got 'string'`],
    [`assertion.sub > 1`, 'no such overload: dyn<string> > int'],
    [`assertion.sub.startsWith(1)`, `found no matching overload for 'string.startsWith(int)'`],
    [`assertion.sub.matches("(")`, 'Invalid regular expression: ('],
    [`assertion.run / 0`, 'division by zero'],
    [`timestamp("2026-01-01T00:00:00Z").getHours("Nowhere")`, 'Invalid time zone specified: Nowhere'],
  ])('%s has no value', async (text, message) => {
    const expression = await parseCel(text, Object.keys(VARIABLES));

    expect(refusalOf(() => expression(VARIABLES))).toEqual(message);
  });

  test.each([
    ['subject', 'undeclared reference to "subject"'],
    ['toString', 'undeclared reference to "toString"'],
    ['true || subject == "x"', 'undeclared reference to "subject"'],
    ['assertion.teams.map(team, teams)', 'undeclared reference to "teams"'],
    [`assertion.sub.eval("x")`, `found no matching overload for 'dyn.eval(string)'`],
    ['assertion.', 'Expected IDENTIFIER, got EOF at position 11'],
    ['assertion.sub ==', 'Unexpected token: EOF at position 17'],
    ['(assertion', 'Expected RPAREN, got EOF at position 11'],
    ['google) || (google', `Unexpected character: ')' at position 7`],
    ['a b', `Unexpected character: 'b' at position 3`],
    ['a # b', 'Unexpected character: # at position 3'],
    ['has(1)', 'has() invalid argument'],
  ])('%s is refused', async (text, message) => {
    await expect(parseCel(text, Object.keys(VARIABLES))).rejects.toMatchObject({ name: 'CelError', message });
  });

  test.each([
    ['(', 'Exceeded maxDepth (250) at position 251'],
    ['!', 'Maximum call stack size exceeded'],
  ])('that nests %s too deep is refused', async (mark, message) => {
    const text = `${mark.repeat(50_000)}true`;

    await expect(parseCel(text, ['assertion'])).rejects.toMatchObject({ name: 'CelError', message });
  });

  test.each(['google.subject', 'attribute.team == "a"', '[google].size() == 1'])(
    'of a mapping cannot use what is mapped: %s',
    async (text) => {
      await expect(parseCel(text, ['assertion'])).rejects.toThrow(
        /^undeclared reference to "(google|attribute)"$/,
      );
    },
  );

  test('of any text has a value or is refused', async () => {
    const parts = fc.constantFrom(
      'assertion',
      'google',
      '.sub',
      '==',
      '"x"',
      '(',
      ')',
      '&&',
      '!',
      ' in ',
      '[',
      ']',
      '{',
      '}',
      '? ',
      ':',
      '1',
      '-',
      '.map(x, ',
      '.extract(',
      'b"{"',
      '.json()',
      ' ',
    );

    await fc.assert(
      fc.asyncProperty(fc.array(parts), async (text) => {
        expect(await outcomeOf(text.join(''))).toMatch(/^(value|CelError)$/);
      }),
    );
  });
});

describe('an expression that would hold up everybody else', () => {
  const numbers = Array.from({ length: 300 }, (_, at) => at);
  const doublings = Array.from({ length: 30 }, (_, at) => at);
  const doubled = doublings.reduceRight(
    (inner, at) => `cel.bind(l${at + 1}, l${at} + l${at}, ${inner})`,
    'l30.size() > 0',
  );

  test.each<[string, string, object]>([
    [
      'a regular expression that goes back for ever',
      'assertion.x.matches("^(a+)+$")',
      { x: `${'a'.repeat(50)}!` },
    ],
    [
      'macros within one another',
      'assertion.l.all(a, assertion.l.all(b, assertion.l.all(c, assertion.l.all(d, a + b + c + d >= 0))))',
      { l: numbers },
    ],
    [
      'lists of lists of lists',
      'assertion.l.map(a, assertion.l.map(b, assertion.l.map(c, assertion.l))).size() > 0',
      { l: numbers },
    ],
    ['a list that is doubled time and again', `cel.bind(l0, [1, 2, 3], ${doubled})`, {}],
  ])('has no value: %s', async (_, text, assertion) => {
    const expression = await parseCel(text, ['assertion']);

    expect(refusalOf(() => expression({ assertion }))).toMatch(/takes longer than 500 ms/);
  });
});

// From the guides to Workload Identity Federation with AWS, Entra ID, GitHub, GitLab, CircleCI, Okta and Terraform Cloud.
const AWS = { arn: 'arn:aws:sts::123456789012:assumed-role/deployer/i-0a1', account: '123456789012' };
const GITHUB = {
  sub: 'repo:octo/app:ref:refs/heads/main',
  repository: 'octo/app',
  repository_owner: 'octo',
  repository_owner_id: '123',
  ref: 'refs/heads/main',
  ref_type: 'branch',
  workflow_ref: 'octo/app/.github/workflows/release.yml@refs/heads/main',
};
const GITLAB = {
  namespace_id: '22',
  namespace_path: 'group/sub',
  project_path: 'group/sub/app',
  guest_access: 'true',
};
const CIRCLECI = {
  aud: 'org-1',
  sub: 'org/org-1/project/p-1/user/u-1/vcs-origin/x',
  'oidc.circleci.com/project-id': 'p-1',
};
const ENTRA = { sub: 'opaque', oid: 'object-1', tid: 'tenant-1', groups: ['g-1', 'g-2'] };
const TERRAFORM = { sub: 'organization:acme:project:web:workspace:prod:run_phase:apply' };

describe('an expression of the documentation', () => {
  test.each<[string, object, unknown]>([
    [
      `assertion.arn.contains('assumed-role') ? assertion.arn.extract('{account_arn}assumed-role/') + 'assumed-role/' + assertion.arn.extract('assumed-role/{role_name}/') : assertion.arn`,
      AWS,
      'arn:aws:sts::123456789012:assumed-role/deployer',
    ],
    [`assertion.arn.extract('assumed-role/{role_and_session}').split('/')[0]`, AWS, 'deployer'],
    [`assertion.arn.startsWith('arn:aws:sts::123456789012:assumed-role/')`, AWS, true],
    [`assertion.account in ['123456789012', '210987654321']`, AWS, true],
    [`assertion.repository_owner == 'octo' && assertion.ref_type == 'branch'`, GITHUB, true],
    [`assertion.repository_owner_id == '123' && assertion.ref == 'refs/heads/main'`, GITHUB, true],
    [`assertion.sub.extract('repo:{repository}:')`, GITHUB, 'octo/app'],
    [`assertion.workflow_ref.split('@')[0].endsWith('/release.yml')`, GITHUB, true],
    [`assertion.ref.split('/').filter(part, part != 'refs').join('/')`, GITHUB, 'heads/main'],
    [`has(assertion.environment) && assertion.environment == 'prod'`, GITHUB, false],
    [`assertion.namespace_id == '22'`, GITLAB, true],
    [`assertion.project_path.startsWith('group/')`, GITLAB, true],
    [`string(assertion.guest_access == 'true')`, GITLAB, 'true'],
    [`'project_path::' + assertion.project_path`, GITLAB, 'project_path::group/sub/app'],
    [`assertion.aud + '/' + assertion.sub.extract('/user/{user_id}/')`, CIRCLECI, 'org-1/u-1'],
    [`assertion['oidc.circleci.com/project-id']`, CIRCLECI, 'p-1'],
    [`assertion.sub.extract('/{a}/')`, CIRCLECI, 'org-1'],
    [`assertion.oid + '@' + assertion.tid`, ENTRA, 'object-1@tenant-1'],
    [`assertion.groups.exists(group, group in ['g-2', 'g-9'])`, ENTRA, true],
    [`assertion.groups.map(group, 'entra-' + group)`, ENTRA, ['entra-g-1', 'entra-g-2']],
    [`assertion.sub.startsWith('organization:acme:project:web:workspace:')`, TERRAFORM, true],
    [`assertion.sub.extract('workspace:{workspace}:')`, TERRAFORM, 'prod'],
  ])('%s', async (text, assertion, expected) => {
    const expression = await parseCel(text, ['assertion']);

    expect(expression({ assertion })).toEqual(expected);
  });
});

function refusalOf(run: () => unknown): string {
  try {
    return `no refusal but ${String(run())}`;
  } catch (thrown) {
    if (thrown instanceof CelError) return thrown.message;
    throw thrown;
  }
}

async function outcomeOf(text: string): Promise<string> {
  try {
    await valueOf(text);
    return 'value';
  } catch (thrown) {
    return thrown instanceof Error ? thrown.name : 'no error';
  }
}
