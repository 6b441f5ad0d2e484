import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

// What the router is measured against: a server like that of `--containers=none`, alone or with the barest proxy before it in the same process.
const answers = createServer((asked, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ status: 'healthy', service: 'web', revision: 'web-1', path: asked.url }));
  asked.resume();
});

const agent = new Agent({ keepAlive: true });
const proxy = createServer((asked, response) => {
  const { port } = answers.address() as AddressInfo;
  const { method, url, headers } = asked;
  const upstream = request({ host: '127.0.0.1', port, agent, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  asked.pipe(upstream);
});

const listening = (server: Server) =>
  new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });

const direct = await listening(answers);
console.log(JSON.stringify({ url: process.argv[2] === 'proxy' ? await listening(proxy) : direct }));
