import { execFile } from 'node:child_process';
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

import { median } from './measurement.ts';

const autocannon = createRequire(import.meta.url).resolve('autocannon');

/** Requests a second that the address answers with 2xx, asked over 50 connections by a process of its own. */
export async function requestsPerSecond(url: string, seconds: number): Promise<number> {
  const args = [autocannon, '--json', '--no-progress', '-c', '50', '-d', String(seconds), url];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
  const { '2xx': answered, non2xx, errors, duration } = JSON.parse(stdout) as Record<string, number>;
  if (non2xx !== 0 || errors !== 0)
    throw new Error(`expected 2xx of ${url} and nothing else, got ${non2xx} others and ${errors} errors`);
  return (answered ?? 0) / (duration ?? seconds);
}

/** Median of requests that follow one another on one connection. */
export async function medianMs(url: string, requests: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const found: number[] = [];
  for (let index = 0; index < requests; index += 1) {
    const startedMs = performance.now();
    await get(url, agent);
    found.push(performance.now() - startedMs);
  }
  agent.destroy();
  return median(found.slice(Math.floor(requests / 5)));
}

/** The body's length in bytes. */
function get(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve(bytes);
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}
