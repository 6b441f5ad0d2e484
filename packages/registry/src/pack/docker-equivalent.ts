import { formatReference } from '@fairlead/images';
import type { Pack } from '@fairlead/manifest';
import picomatch from 'picomatch';

import type { BuildRequest } from '../build-request.ts';

/** What a person with Docker would type for an image like it. */
export function dockerEquivalent({ image, push }: BuildRequest, pack: Pack): readonly string[] {
  const name = formatReference(image);
  const copied = [...new Set(pack.files.filter((file) => !file.startsWith('!')).map(baseOf))];
  const env = Object.entries(pack.env).map(([key, value]) => `ENV ${key}=${JSON.stringify(value)}`);
  const dockerfile = [
    `FROM ${pack.base}`,
    `WORKDIR ${pack.workdir}`,
    ...env,
    ...copied.map((path) => `COPY ${path} ${path}`),
    ...(pack.user === undefined ? [] : [`USER ${pack.user}`]),
    ...(pack.command.length === 0 ? [] : [`CMD ${JSON.stringify(pack.command)}`]),
  ];
  return [
    ...(pack.prepare === undefined ? [] : [pack.prepare]),
    [`docker build --tag ${name} --file - . <<'EOF'`, ...dockerfile, 'EOF'].join('\n'),
    ...(push ? [`docker push ${name}`] : []),
  ];
}

function baseOf(pattern: string): string {
  const { base } = picomatch.scan(pattern);
  return base === '' ? '.' : base;
}
