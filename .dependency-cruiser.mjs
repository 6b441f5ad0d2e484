// The direction of the code: actions → shell → core; support is for tests and scripts alone.
const core = '(manifest|changes|images|supergraph|migrations|rollout|health|plan)';
const support = '(local-cloud|local-github|local-runner|e2e|bench|tooling)';

const onlyImporter = (name, vendor, owner) => ({
  name,
  comment: `${vendor} is imported by packages/${owner} alone; everyone else sees our own interface`,
  severity: 'error',
  from: { path: '^(packages|actions)/', pathNot: `^packages/(${owner}|local-[a-z]+|e2e|bench|tooling)/` },
  to: { path: `(^|node_modules/)${vendor}(/|$)`, dependencyTypesNot: ['type-only'] },
});

export default {
  forbidden: [
    {
      name: 'core-imports-core-only',
      comment: 'a core package decides from plain values: it imports nothing of ours but core',
      severity: 'error',
      from: { path: `^packages/${core}/src/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^(packages|actions)/', pathNot: `^packages/${core}/` },
    },
    {
      name: 'core-does-nothing',
      comment: 'no clock, environment, network, files or processes in core',
      severity: 'error',
      from: { path: `^packages/${core}/src/`, pathNot: '\\.test\\.ts$' },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|fs/promises|child_process|http|https|net|os|process|timers|timers/promises|worker_threads)$',
      },
    },
    {
      name: 'shell-imports-no-action',
      comment: 'packages know nothing of actions',
      severity: 'error',
      from: { path: '^packages/', pathNot: `^packages/(e2e|tooling|bench)/` },
      to: { path: '^actions/' },
    },
    {
      name: 'no-action-imports-another',
      severity: 'error',
      from: { path: '^actions/([^/]+)/' },
      to: { path: '^actions/([^/]+)/', pathNot: '^actions/$1/' },
    },
    {
      name: 'support-is-never-shipped',
      comment: 'local doubles, benches and tooling are for tests and scripts',
      severity: 'error',
      from: { path: `^(actions|packages)/`, pathNot: `(\\.test\\.ts$|^packages/${support}/)` },
      to: { path: `^packages/${support}/` },
    },
    {
      name: 'use-a-package-through-its-index',
      severity: 'error',
      from: { path: '^(packages|actions)/([^/]+)/' },
      to: { path: '^packages/([^/]+)/src/', pathNot: ['^packages/[^/]+/src/index\\.ts$', '^$1/$2/'] },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: { path: '^(packages|actions)/' },
      to: { circular: true },
    },
    onlyImporter('actions-core-by-action-kit', '@actions/(core|exec|artifact)', 'action-kit'),
    onlyImporter('actions-github-by-github', '@actions/github', 'github'),
    onlyImporter('google-auth-by-google', 'google-auth-library', 'google'),
    onlyImporter('cloud-run-client-by-cloud-run', '@google-cloud/run', 'cloud-run'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^dist/|/fixtures/|/testdata/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
