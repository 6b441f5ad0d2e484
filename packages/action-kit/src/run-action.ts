import * as core from '@actions/core';

import { systemClock } from './clock.ts';
import type { Action, ActionContext } from './context.ts';
import { ActionFailure, isErrorLike, messageOf } from './failure.ts';
import { inputsFromEnvironment } from './inputs.ts';
import type { Log, Place } from './log.ts';
import { markdownSummary } from './summary.ts';

/** Runs an action on GitHub's runner: the single place that turns an error into a failed step. */
export async function runAction(action: Action): Promise<void> {
  const cancelled = new AbortController();
  const stop = () => {
    cancelled.abort(new ActionFailure('the job was cancelled'));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const summary = markdownSummary();
  try {
    await action(runnerContext(summary, cancelled.signal));
  } catch (thrown) {
    fail(thrown);
  } finally {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
    await writeSummary(summary.render());
  }
}

function runnerContext(summary: ActionContext['summary'], signal: AbortSignal): ActionContext {
  return {
    inputs: inputsFromEnvironment(process.env),
    env: process.env,
    log: runnerLog,
    clock: systemClock,
    summary,
    signal,
    output: (name, value) => {
      core.setOutput(name, value);
    },
  };
}

function fail(thrown: unknown): void {
  if (!(thrown instanceof ActionFailure) && isErrorLike(thrown)) core.debug(thrown.stack ?? thrown.message);
  core.setFailed(messageOf(thrown));
}

async function writeSummary(markdown: string): Promise<void> {
  if (markdown.trim() === '' || process.env['GITHUB_STEP_SUMMARY'] === undefined) return;
  await core.summary.addRaw(markdown).write();
}

const runnerLog: Log = {
  info: (message) => {
    core.info(message);
  },
  debug: (message) => {
    core.debug(message);
  },
  notice: (message, place) => {
    core.notice(message, annotation(place));
  },
  warning: (message, place) => {
    core.warning(message, annotation(place));
  },
  error: (message, place) => {
    core.error(message, annotation(place));
  },
  group: (name, inside) => core.group(name, inside),
  mask: (secret) => {
    secret
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '')
      .forEach((line) => {
        core.setSecret(line);
      });
  },
};

function annotation(place: Place | undefined): core.AnnotationProperties {
  if (place === undefined) return {};
  const { file, line, column, endLine, title } = place;
  return {
    file,
    ...(line === undefined ? {} : { startLine: line }),
    ...(column === undefined ? {} : { startColumn: column }),
    ...(endLine === undefined ? {} : { endLine }),
    ...(title === undefined ? {} : { title }),
  };
}
