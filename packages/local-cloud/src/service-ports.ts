/** What `--service-port NAME=PORT` says, given any number of times. Throws with what was expected. */
export function servicePortsOf(given: readonly string[]): Readonly<Record<string, number>> {
  const ports = new Map<string, number>();
  for (const text of given) {
    const [name, port] = servicePortOf(text);
    if (ports.has(name)) throw new Error(`--service-port must name each service once, got "${name}" twice`);
    const other = [...ports].find(([, one]) => one === port)?.[0];
    if (other !== undefined)
      throw new Error(
        `--service-port must give each service a port of its own, got ${port} for "${other}" and "${name}"`,
      );
    ports.set(name, port);
  }
  return Object.fromEntries(ports);
}

function servicePortOf(text: string): readonly [string, number] {
  const [, name = '', digits = ''] = /^([a-z0-9-]+)=(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (name !== '' && port >= 1 && port <= 65_535) return [name, port];
  throw new Error(`--service-port must be NAME=PORT with a port from 1 to 65535, got "${text}"`);
}
