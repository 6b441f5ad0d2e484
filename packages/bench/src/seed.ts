const PARENT = '/v2/projects/p/locations/r';

interface Wanted {
  readonly services: number;
  readonly revisionsPerService: number;
}

/** Makes services with revisions over HTTP, eight at a time; their addresses, when all are ready. */
export async function createServices(
  url: string,
  { services, revisionsPerService }: Wanted,
): Promise<readonly string[]> {
  const left = Array.from({ length: services }, (_, index) => `web-${index}`);
  const uris: string[] = [];
  const work = async () => {
    for (let name = left.pop(); name !== undefined; name = left.pop())
      uris.push(await createService(url, name, revisionsPerService));
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return uris;
}

async function createService(url: string, name: string, revisions: number): Promise<string> {
  let uri = '';
  for (let revision = 1; revision <= revisions; revision += 1) {
    const path = `${url}${PARENT}/services/${name}?allowMissing=true`;
    const operation = await call('PATCH', path, service(revision));
    const done = await call('POST', `${url}/v2/${operation.name ?? ''}:wait`, {});
    uri = done.response?.uri ?? uri;
  }
  return uri;
}

interface Answer {
  readonly name?: string;
  readonly response?: { readonly uri?: string };
}

async function call(method: string, url: string, body: object): Promise<Answer> {
  const response = await fetch(url, { method, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}

function service(revision: number): object {
  const env = Array.from({ length: 5 }, (_, index) => ({ name: `NAME_${index}`, value: `${revision}` }));
  return { template: { containers: [{ image: 'localhost:5000/web', env }] } };
}
