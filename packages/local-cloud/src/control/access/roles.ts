const READ = '(?:get|list|getIamPolicy)';
const ANY = /^run\./;
const POLICY = /\.setIamPolicy$/;
const INVOKE = /^run\.routes\.invoke$/;

/** The predefined roles that hold permissions of Cloud Run, by what they hold. */
const ROLES: Readonly<Record<string, (permission: string) => boolean>> = {
  'roles/owner': () => true,
  'roles/editor': (permission) => !POLICY.test(permission) && !INVOKE.test(permission),
  'roles/viewer': isRead,
  'roles/run.admin': (permission) => ANY.test(permission),
  'roles/run.developer': (permission) =>
    ANY.test(permission) && !POLICY.test(permission) && !INVOKE.test(permission),
  'roles/run.viewer': (permission) => ANY.test(permission) && isRead(permission),
  'roles/run.invoker': (permission) => ['run.routes.invoke', 'run.jobs.run'].includes(permission),
  'roles/run.servicesInvoker': (permission) => INVOKE.test(permission),
  'roles/run.jobsExecutor': (permission) => ['run.jobs.run', 'run.executions.cancel'].includes(permission),
  'roles/run.jobsExecutorWithOverrides': (permission) =>
    ['run.jobs.run', 'run.jobs.runWithOverrides', 'run.executions.cancel'].includes(permission),
  'roles/iam.serviceAccountUser': (permission) =>
    /^iam\.serviceAccounts\.(?:actAs|get|list)$/.test(permission),
};

/** Whether a predefined role holds a permission; a role of one's own is written as the permissions that it consists of. */
export function holds(role: string, permission: string): boolean {
  if (Object.hasOwn(ROLES, role)) return ROLES[role]?.(permission) ?? false;
  return role === permission;
}

function isRead(permission: string): boolean {
  return new RegExp(`^[a-z]+\\.[A-Za-z]+\\.${READ}$`).test(permission);
}
